"""The turns the bot owes. A turn is leased by one process at a time, and turns of one conversation go in order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from plainly.store.tables import TurnRow

LEASE_SECONDS = 6.0
_OPEN = ("pending", "running")


def add_turn(session: Session, conversation_id: str, message_seq: int, now: datetime) -> None:
    """Put a customer's message into the line of turns."""
    session.add(TurnRow(conversation_id=conversation_id, message_seq=message_seq, state="pending", created_at=now))


def has_open_turn(session: Session, conversation_id: str) -> bool:
    """Whether the bot still owes an answer."""
    return bool(
        session.scalar(select(exists().where(TurnRow.conversation_id == conversation_id, TurnRow.state.in_(_OPEN))))
    )


def is_any_free(session: Session, clock: float) -> bool:
    """Whether a turn could be leased: a cheap look before the write."""
    return bool(session.scalar(select(exists().where(_free(clock)))))


def lease_turn(session: Session, worker: str, clock: float) -> TurnRow | None:
    """Take the oldest free turn, or None. Two processes never get the same one."""
    query = select(TurnRow).where(_free(clock)).order_by(TurnRow.id).limit(1).with_for_update(skip_locked=True)
    turn = session.scalars(query).first()
    if turn is not None:
        turn.state, turn.lease_by, turn.lease_until = "running", worker, clock + LEASE_SECONDS
        turn.tries += 1
    return turn


def _free(clock: float) -> ColumnElement[bool]:
    earlier = aliased(TurnRow)
    waits_for_another = exists().where(
        earlier.conversation_id == TurnRow.conversation_id,
        earlier.message_seq < TurnRow.message_seq,
        earlier.state.in_(_OPEN),
    )
    abandoned = and_(TurnRow.state == "running", TurnRow.lease_until < clock)
    ready = and_(TurnRow.state == "pending", TurnRow.not_before <= clock)
    return and_(TurnRow.state.in_(_OPEN), or_(ready, abandoned), ~waits_for_another)


def renew_leases(session: Session, worker: str, clock: float) -> None:
    """Say that this worker is alive and still at its turns."""
    session.execute(
        update(TurnRow)
        .where(TurnRow.lease_by == worker, TurnRow.state == "running")
        .values(lease_until=clock + LEASE_SECONDS)
    )


def release_leases(session: Session, worker: str) -> None:
    """Give this worker's turns back at once, as at an orderly end."""
    session.execute(
        update(TurnRow)
        .where(TurnRow.lease_by == worker, TurnRow.state == "running")
        .values(state="pending", lease_by=None, lease_until=None)
    )


def held_turn(session: Session, turn_id: int, worker: str) -> TurnRow | None:
    """The turn, locked, while this worker still has it; None when another took it over."""
    query = select(TurnRow).where(TurnRow.id == turn_id).with_for_update()
    turn = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    return turn if turn is not None and turn.state == "running" and turn.lease_by == worker else None


def finish_turn(turn: TurnRow, state: str, now: datetime, error: str | None = None) -> None:
    """Close a turn: done, draft, left or failed."""
    turn.state, turn.finished_at, turn.error = state, now, error
    turn.lease_by = turn.lease_until = None


def run_again(turn: TurnRow) -> None:
    """Let the turn run afresh, as the facts around it have changed."""
    turn.state, turn.lease_by, turn.lease_until = "pending", None, None
    turn.reruns += 1
