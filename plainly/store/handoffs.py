"""Conversations with people: who waits, since when, why, and how long the last ones waited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from plainly.desk import QUEUE
from plainly.store.tables import ConversationRow, EscalationRow
from plainly.store.types import Json, Moment

_RECENT = timedelta(days=14)
_RECENT_COUNT = 20

_in_line = func.coalesce(EscalationRow.line_since, EscalationRow.opened_at)
_COUNT_WAITING = select(func.count()).select_from(ConversationRow).where(ConversationRow.owner == QUEUE)
_CURRENT = select(EscalationRow).where(
    EscalationRow.conversation_id == bindparam("conversation"), EscalationRow.closed_at.is_(None)
)
_RECENT_WAITS = (
    select(EscalationRow.opened_at, EscalationRow.taken_at)
    .where(EscalationRow.taken_at >= bindparam("since", type_=Moment()))
    .order_by(EscalationRow.taken_at.desc())
    .limit(_RECENT_COUNT)
)


@dataclass(frozen=True)
class Waiting:
    """One conversation in the queue. `place` counts from 1."""

    place: int
    conversation: str
    reason: str
    since: datetime
    wants: str
    contact: Json | None
    packet: Json


def open_escalation(
    session: Session, conversation_id: str, reason: str, packet: Json, *, told_seq: int, now: datetime
) -> EscalationRow:
    """Note that a conversation went to people, and with which message the customer was told."""
    row = EscalationRow(
        conversation_id=conversation_id,
        reason=reason,
        packet=packet,
        told_seq=told_seq,
        opened_at=now,
        line_since=now,
    )
    session.add(row)
    return row


def back_in_line(session: Session, before: EscalationRow, team: str | None, now: datetime) -> EscalationRow:
    """End one escalation and open the next for the same matter: a wait of its own, at the place they had."""
    before.closed_at = now
    session.flush()
    again = open_escalation(
        session, before.conversation_id, before.reason, before.packet, told_seq=before.told_seq, now=now
    )
    again.line_since, again.contact, again.team = before.line_since or before.opened_at, before.contact, team
    return again


def current_escalation(session: Session, conversation_id: str) -> EscalationRow | None:
    """The escalation that is not finished yet."""
    return session.scalars(_CURRENT, {"conversation": conversation_id}).one_or_none()


def who_waits(session: Session) -> list[Waiting]:
    """The queue, the longest wait first."""
    query = (
        select(EscalationRow)
        .join(ConversationRow, ConversationRow.id == EscalationRow.conversation_id)
        .where(ConversationRow.owner == QUEUE, EscalationRow.closed_at.is_(None))
        .order_by(_in_line, EscalationRow.id)
    )
    return [_waiting(place, row) for place, row in enumerate(session.scalars(query), 1)]


def _waiting(place: int, row: EscalationRow) -> Waiting:
    wants = str(row.packet.get("wants") or "")
    return Waiting(place, row.conversation_id, row.reason, row.opened_at, wants, row.contact, row.packet)


def place_in_line(session: Session, escalation: EscalationRow) -> int:
    """Where somebody who waits stands in line, from 1."""
    since = escalation.line_since or escalation.opened_at
    ahead = (
        select(func.count())
        .select_from(EscalationRow)
        .join(ConversationRow, ConversationRow.id == EscalationRow.conversation_id)
        .where(
            ConversationRow.owner == QUEUE,
            EscalationRow.closed_at.is_(None),
            or_(_in_line < since, and_(_in_line == since, EscalationRow.id < escalation.id)),
        )
    )
    return (session.scalar(ahead) or 0) + 1


def count_waiting(session: Session) -> int:
    """How many conversations wait for a person."""
    return session.scalar(_COUNT_WAITING) or 0


def recent_waits(session: Session, now: datetime, minutes: Callable[[datetime, datetime], float]) -> list[float]:
    """How long the last customers waited until a person took over, in minutes as `minutes` counts them.

    At most twenty, of the last 14 days.
    """
    found = session.execute(_RECENT_WAITS, {"since": now - _RECENT})
    return [minutes(opened, taken) for opened, taken in found if taken is not None]
