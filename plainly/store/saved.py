"""Saved replies: an agent's own, and those everybody shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from plainly.errors import PlainlyError
from plainly.store.desk_tables import SavedReplyRow
from plainly.store.types import new_id


@dataclass(frozen=True)
class NewReply:
    """A reply to save."""

    title: str
    body: str
    shared: bool = False


def replies_for(session: Session, staff_id: str) -> list[SavedReplyRow]:
    """Their own and the shared ones: the most used first, then by title."""
    query = select(SavedReplyRow).where(or_(SavedReplyRow.staff_id == staff_id, SavedReplyRow.staff_id.is_(None)))
    rows = session.scalars(query)
    return sorted(rows, key=lambda row: (-row.uses, row.title.casefold(), row.id))


def save_reply(session: Session, staff_id: str, new: NewReply, now: datetime) -> SavedReplyRow:
    """Keep a new reply."""
    row = SavedReplyRow(
        id=new_id(),
        staff_id=None if new.shared else staff_id,
        title=new.title,
        body=new.body,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return row


def reply_of(session: Session, reply_id: str, staff_id: str) -> SavedReplyRow:
    """A reply they may see, held. Raises PlainlyError `unknown_reply`, also for other people's."""
    query = select(SavedReplyRow).where(SavedReplyRow.id == reply_id).with_for_update()
    row = session.scalars(query).one_or_none() if reply_id.isalnum() else None
    if row is None or row.staff_id not in (None, staff_id):
        raise PlainlyError("unknown_reply", "There is no such saved reply.", {"id": reply_id})
    return row
