"""Who is at the desk, and who types where. Both travel through the tables, so that every process sees the same.

Moments are the computer's own, whatever PLAINLY_NOW pretends.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Float, bindparam, delete, select, update
from sqlalchemy.orm import Session

from plainly.store.database import hint
from plainly.store.desk_tables import StaffRow, TypingRow

STAFF = "staff"
"""What is hinted at when somebody comes, goes or changes their switch."""

PRESENT = timedelta(seconds=45)
TYPING_SECONDS = 6.0
CUSTOMER = ""
"""Who types when it is the customer."""


_WHO_TYPES = select(TypingRow.conversation_id, TypingRow.who, TypingRow.name).where(
    TypingRow.conversation_id.in_(bindparam("ids", expanding=True)), TypingRow.at > bindparam("since", type_=Float)
)
_STOP = delete(TypingRow).where(
    TypingRow.conversation_id == bindparam("conversation"), TypingRow.who == bindparam("by")
)


@dataclass(frozen=True)
class Typing:
    """Who types in a conversation: the customer, and staff by id with the name shown."""

    customer: bool
    staff: dict[str, str]


NOBODY = Typing(customer=False, staff={})


def note_present(session: Session, staff: Collection[str], clock: float) -> None:
    """Their desks are open at this moment."""
    at = datetime.fromtimestamp(clock, UTC)
    came = select(StaffRow.id).where(
        StaffRow.id.in_(staff), StaffRow.seen_at.is_(None) | (StaffRow.seen_at <= at - PRESENT)
    )
    if session.scalars(came).first() is not None:
        hint(session, STAFF)
    session.execute(update(StaffRow).where(StaffRow.id.in_(staff)).values(seen_at=at))


def note_gone(session: Session, staff: Collection[str], clock: float) -> None:
    """Their last desk in this process was closed; one open elsewhere makes them present again in seconds."""
    at = datetime.fromtimestamp(clock, UTC) - PRESENT
    session.execute(update(StaffRow).where(StaffRow.id.in_(staff)).values(seen_at=at))
    hint(session, STAFF)


def is_present(row: StaffRow, clock: float) -> bool:
    """Whether their desk is open."""
    return row.seen_at is not None and row.seen_at > datetime.fromtimestamp(clock, UTC) - PRESENT


def note_typing(session: Session, conversation_id: str, who: str, name: str, clock: float) -> None:
    """Somebody types in this conversation. The conversation itself is not changed, so nobody waits for this."""
    known = session.get(TypingRow, (conversation_id, who))
    if known is None:
        session.add(TypingRow(conversation_id=conversation_id, who=who, name=name, at=clock))
    else:
        known.name, known.at = name, clock
    hint(session, conversation_id)


def stop_typing(session: Session, conversation_id: str, who: str) -> None:
    """They sent it, or thought better of it."""
    session.execute(
        _STOP, {"conversation": conversation_id, "by": who}, execution_options={"synchronize_session": False}
    )
    hint(session, conversation_id)


def who_types(session: Session, conversations: Collection[str], clock: float) -> dict[str, Typing]:
    """Who types in these conversations now; those where nobody does are not named."""
    found: dict[str, Typing] = {}
    for conversation_id, who, name in session.execute(
        _WHO_TYPES, {"ids": list(conversations), "since": clock - TYPING_SECONDS}
    ):
        seen = found.get(conversation_id, NOBODY)
        staff = seen.staff if who == CUSTOMER else {**seen.staff, who: name}
        found[conversation_id] = Typing(seen.customer or who == CUSTOMER, staff)
    return found
