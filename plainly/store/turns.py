"""The turns the bot owes. A turn is leased by one process at a time, and turns of one conversation go in order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BindParameter, Float, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from plainly.store.tables import TurnRow

LEASE_SECONDS = 6.0

# Built once, as these run on every turn. The states are written into the SQL so that the index of open turns fits.
_CLOCK = bindparam("clock", type_=Float)
_OPEN: BindParameter[list[str]] = bindparam("open", ["pending", "running"], expanding=True, literal_execute=True)
_earlier = aliased(TurnRow)
_waits_for_another = exists().where(
    _earlier.conversation_id == TurnRow.conversation_id,
    _earlier.message_seq < TurnRow.message_seq,
    _earlier.state.in_(_OPEN),
)
_free = and_(
    TurnRow.state.in_(_OPEN),
    or_(TurnRow.state == "pending", TurnRow.lease_until < _CLOCK),
    ~_waits_for_another,
)
_ANY_FREE = select(exists().where(_free))
_NEXT_FREE = select(TurnRow).where(_free).order_by(TurnRow.id).limit(1).with_for_update(skip_locked=True)
_HAS_OPEN = select(exists().where(TurnRow.conversation_id == bindparam("conversation"), TurnRow.state.in_(_OPEN)))
_ONE = select(TurnRow).where(TurnRow.id == bindparam("turn")).with_for_update()


def add_turn(session: Session, conversation_id: str, message_seq: int, now: datetime) -> None:
    """Put a customer's message into the line of turns."""
    session.add(TurnRow(conversation_id=conversation_id, message_seq=message_seq, state="pending", created_at=now))


def has_open_turn(session: Session, conversation_id: str) -> bool:
    """Whether the bot still owes an answer."""
    return bool(session.scalar(_HAS_OPEN, {"conversation": conversation_id}))


def is_any_free(session: Session, clock: float) -> bool:
    """Whether a turn could be leased: a cheap look before the write."""
    return bool(session.scalar(_ANY_FREE, {"clock": clock}))


def lease_turn(session: Session, worker: str, clock: float) -> TurnRow | None:
    """Take the oldest free turn, or None. Two processes never get the same one."""
    turn = session.scalars(_NEXT_FREE, {"clock": clock}).first()
    if turn is not None:
        turn.state, turn.lease_by, turn.lease_until = "running", worker, clock + LEASE_SECONDS
        turn.tries += 1
    return turn


def renew_leases(session: Session, worker: str, turns: Collection[int], clock: float) -> None:
    """Say that this worker is alive and still at these turns; one that broke off is left to run out."""
    session.execute(
        update(TurnRow)
        .where(TurnRow.id.in_(turns), TurnRow.lease_by == worker, TurnRow.state == "running")
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
    fresh = {"populate_existing": True}
    turn = session.scalars(_ONE, {"turn": turn_id}, execution_options=fresh).one_or_none()
    return turn if turn is not None and turn.state == "running" and turn.lease_by == worker else None


def finish_turn(turn: TurnRow, state: str, now: datetime, error: str | None = None) -> None:
    """Close a turn: done, draft, left or failed."""
    turn.state, turn.finished_at, turn.error = state, now, error
    turn.lease_by = turn.lease_until = None


def run_again(turn: TurnRow) -> None:
    """Let the turn run afresh, as the facts around it have changed."""
    turn.state, turn.lease_by, turn.lease_until = "pending", None, None
    turn.reruns += 1
