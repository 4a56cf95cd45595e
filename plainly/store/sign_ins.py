"""Sign-ins of staff: opaque tokens of which only hashes are kept, and the tries to get one.

`at` is the computer's own time, not the business's: a sign-in ends on time whatever PLAINLY_NOW pretends.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from plainly.errors import PlainlyError
from plainly.store.conversations import hash_token
from plainly.store.database import hint, hold
from plainly.store.desk_tables import SignInRow, StaffRow, StaffSessionRow
from plainly.store.presence import STAFF
from plainly.store.staff import as_login, held, staff_by_login

MOST_PER_LOGIN = 10
MOST_PER_ADDRESS = 50
WINDOW = timedelta(minutes=15)
_REMEMBERED = timedelta(days=30)
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
    """Sign out; an open console of this sign-in hears of it."""
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.token_hash == hash_token(token)))
    hint(session, STAFF)


def end_sessions(session: Session, staff_id: str, *, but: str = "") -> int:
    """End every sign-in of one account, except the one with this token; how many there were."""
    query = delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff_id)
    done = session.execute(query.where(StaffSessionRow.token_hash != hash_token(but)))
    hint(session, STAFF)
    return int(done.rowcount)  # type: ignore[attr-defined]


def count_sessions(session: Session, staff_id: str, at: datetime, limits: SessionLimits) -> int:
    """In how many browsers an account is signed in."""
    query = select(func.count()).where(StaffSessionRow.staff_id == staff_id, ~_ran_out(at, limits))
    return session.scalar(query) or 0


def tidy(session: Session, at: datetime, limits: SessionLimits) -> None:
    """Forget the sign-ins that ran out, and tries of more than a month ago."""
    session.execute(delete(StaffSessionRow).where(_ran_out(at, limits)))
    session.execute(delete(SignInRow).where(SignInRow.at <= at - _REMEMBERED))


def _ran_out(at: datetime, limits: SessionLimits) -> ColumnElement[bool]:
    return (StaffSessionRow.seen_at <= at - limits.idle) | (StaffSessionRow.created_at <= at - limits.absolute)


@dataclass(frozen=True)
class Try:
    """A try to sign in that has begun. It counts as failed until `succeed` says otherwise."""

    id: int
    staff: StaffRow | None


def begin_try(session: Session, login: str, address: str, at: datetime) -> Try:
    """Count a try before its password is looked at, so that a thousand at once are still ten.

    Raises PlainlyError `too_many_tries` with the seconds to wait. Unknown logins are limited like known ones, and
    kept as a hash: people type their password into the wrong field.
    """
    staff = staff_by_login(session, login)
    known_as = staff.login if staff else f"unknown:{hash_token(as_login(login))[:32]}"
    for name in (f"sign-in from {address}", f"sign-in as {known_as}"):
        hold(session, name)
    _check(session, SignInRow.address == address, at, MOST_PER_ADDRESS)
    _check(session, SignInRow.login == known_as, at, MOST_PER_LOGIN)
    row = SignInRow(login=known_as, address=address[:64], succeeded=False, at=at)
    session.add(row)
    session.flush()
    return Try(row.id, staff)


def _check(session: Session, whose: ColumnElement[bool], at: datetime, most: int) -> None:
    failed = select(SignInRow.at).where(whose, SignInRow.succeeded.is_(False), SignInRow.at > at - WINDOW)
    times = session.scalars(failed.order_by(SignInRow.at.desc()).limit(most)).all()
    if len(times) >= most:
        seconds = max(1, round((times[-1] + WINDOW - at).total_seconds()))
        raise PlainlyError("too_many_tries", "Too many tries to sign in.", {"seconds": seconds})


def succeed(session: Session, tried: Try) -> None:
    """The password was right: this try and the failed ones before it no longer count against the login."""
    session.execute(update(SignInRow).where(SignInRow.id == tried.id).values(succeeded=True))
    if tried.staff:
        forget_failures(session, tried.staff.login)


def forget_failures(session: Session, login: str) -> None:
    """Let somebody try again at once, as after a new password."""
    session.execute(delete(SignInRow).where(SignInRow.login == login, SignInRow.succeeded.is_(False)))


def renew_password(session: Session, staff_id: str, password_hash: str) -> StaffRow:
    """A password somebody else set: every sign-in ends, and the failed tries are forgotten."""
    row = held(session, staff_id)
    row.password_hash = password_hash
    end_sessions(session, row.id)
    forget_failures(session, row.login)
    return row
