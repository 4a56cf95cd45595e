"""Who works at the desk, and their sign-ins: opaque tokens of which only hashes are kept.

`at` is the computer's own time, not the business's: a sign-in ends on time whatever PLAINLY_NOW pretends.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from plainly.store.conversations import hash_token
from plainly.store.desk_tables import StaffRow, StaffSessionRow

ROLES = ("agent", "supervisor", "owner")
"""From the least to the most that a member of staff may do."""

_NOTED_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class SessionLimits:
    """How long a sign-in lasts: without a sign of life, and in all."""

    idle: timedelta
    absolute: timedelta


def open_session(session: Session, staff: StaffRow, at: datetime) -> str:
    """A new sign-in; the token belongs in the cookie and cannot be had again."""
    token = secrets.token_urlsafe(32)
    csrf = secrets.token_urlsafe(32)
    session.add(StaffSessionRow(token_hash=hash_token(token), staff_id=staff.id, csrf=csrf, created_at=at, seen_at=at))
    return token


def session_of(
    session: Session, token: str, at: datetime, limits: SessionLimits
) -> tuple[StaffRow, StaffSessionRow] | None:
    """Whose sign-in this is; None when it ended, ran out, or its account is disabled."""
    if not token:
        return None
    query = (
        select(StaffRow, StaffSessionRow)
        .join(StaffSessionRow, StaffSessionRow.staff_id == StaffRow.id)
        .where(
            StaffSessionRow.token_hash == hash_token(token),
            StaffSessionRow.seen_at > at - limits.idle,
            StaffSessionRow.created_at > at - limits.absolute,
            StaffRow.disabled_at.is_(None),
        )
    )
    found = session.execute(query).one_or_none()
    return None if found is None else (found[0], found[1])


def is_worth_noting(row: StaffSessionRow, at: datetime) -> bool:
    """Whether the last sign of life is old enough to write a newer one."""
    return at - row.seen_at > _NOTED_EVERY


def note_seen(session: Session, token: str, at: datetime) -> None:
    """A sign of life: the idle time starts anew."""
    session.execute(update(StaffSessionRow).where(StaffSessionRow.token_hash == hash_token(token)).values(seen_at=at))


def end_session(session: Session, token: str) -> None:
    """Sign out."""
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.token_hash == hash_token(token)))


def end_sessions(session: Session, staff_id: str, *, but: str = "") -> None:
    """End every sign-in of one account, except the one with this token."""
    query = delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff_id)
    session.execute(query.where(StaffSessionRow.token_hash != hash_token(but)))


def end_old_sessions(session: Session, at: datetime, limits: SessionLimits) -> None:
    """Forget the sign-ins that ran out."""
    old = (StaffSessionRow.seen_at <= at - limits.idle) | (StaffSessionRow.created_at <= at - limits.absolute)
    session.execute(delete(StaffSessionRow).where(old))
