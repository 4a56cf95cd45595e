"""What the desk does by itself: wakes what slept, assigns in turn, and takes back what nobody can go on with.

Every gateway process runs one. Rows and locks see to it that each thing happens once, whoever comes first.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from anyio import to_thread
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from plainly.clock import elapsed, now
from plainly.desk import QUEUE
from plainly.desk.assign import Candidate, Need, choose
from plainly.gateway.console.acts import DESK, Acting, assign, let_go
from plainly.gateway.console.items import in_line
from plainly.gateway.folder import Folder
from plainly.gateway.hub import EVERYTHING, Hub
from plainly.store import Store
from plainly.store.conversations import locked
from plainly.store.database import hold
from plainly.store.desk_tables import StaffRow
from plainly.store.handling import colleagues, due_snoozes, last_turns, loads, wake, without_owner
from plainly.store.handoffs import current_escalation
from plainly.store.presence import STAFF, is_present
from plainly.store.tables import ConversationRow, EscalationRow

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 1.0
_GONE = timedelta(minutes=2)


@dataclass(frozen=True)
class _Desk:
    """Who acts when the desk itself does."""

    id: str = DESK
    name: str = ""


class Keeper:
    """The desk's own hands in this process."""

    def __init__(self, store: Store, folder: Folder, hub: Hub, how: str) -> None:
        self._store = store
        self._folder = folder
        self._in_turn = how == "round_robin"
        self._work = asyncio.Event()
        hub.followers.append(self._hear)

    def _hear(self, names: frozenset[str]) -> None:
        if self._in_turn and names & {QUEUE, STAFF, *EVERYTHING}:
            self._work.set()

    async def follow(self) -> None:
        """Until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._work.wait(), _LOOK_SECONDS)
            self._work.clear()
            try:
                await to_thread.run_sync(self.look)
            except SQLAlchemyError as wrong:
                log.error("keeper_unreachable", error=str(wrong))
                await asyncio.sleep(1)

    def look(self) -> None:
        """Do all there is to do at this moment."""
        wake_due(self._store)
        take_back(self._store, self._folder, unanswered=self._in_turn)
        while self._in_turn and assign_next(self._store, self._folder):
            pass


def wake_due(store: Store) -> None:
    """Wake the conversations whose time has come."""
    with store.read() as session:
        due = due_snoozes(session, now())
    for conversation_id in due:
        with store.write() as session:
            row = locked(session, conversation_id)
            if row.snoozed_until is not None and row.snoozed_until <= now():
                wake(session, row, DESK, now())


def take_back(store: Store, folder: Folder, *, unanswered: bool) -> None:
    """Put back in line what belongs to a closed account; and when told, what was assigned to somebody who left."""
    for find in (without_owner, *([_left_unanswered] if unanswered else [])):
        with store.read() as session:
            left = find(session)
        for conversation_id in left:
            _take_back_one(store, folder, conversation_id, find)


def _take_back_one(store: Store, folder: Folder, conversation_id: str, find: Callable[[Session], list[str]]) -> None:
    with store.write() as session:
        row = locked(session, conversation_id)
        if conversation_id in find(session):
            let_go(Acting(session, row, folder, _Desk(), now()))


def _left_unanswered(session: Session) -> list[str]:
    """Given to somebody in turn who went away before they wrote a word."""
    at = datetime.fromtimestamp(elapsed(), UTC) - _GONE
    gone = select(StaffRow.id).where(StaffRow.seen_at < at)
    query = (
        select(EscalationRow.conversation_id)
        .join(ConversationRow, ConversationRow.id == EscalationRow.conversation_id)
        .where(
            EscalationRow.closed_at.is_(None),
            EscalationRow.answered_at.is_(None),
            EscalationRow.taken_by.in_(gone),
            ConversationRow.owner != QUEUE,
        )
    )
    return list(session.scalars(query))


def assign_next(store: Store, folder: Folder) -> bool:
    """Give one waiting conversation to whoever is next for it; whether there was one to give."""
    with store.read() as session:
        if not in_line(session) or not _candidates(session):
            return False
    with store.write() as session:
        hold(session, "assign")
        return any(_assign(session, folder, conversation_id) for conversation_id in in_line(session))


def _assign(session: Session, folder: Folder, conversation_id: str) -> bool:
    candidates = {one.id: one for one in _candidates(session)}
    escalation = current_escalation(session, conversation_id)
    if escalation is None:
        return False
    row = locked(session, conversation_id)
    chosen = choose(_need(row, escalation), candidates.values())
    if chosen is None or row.owner != QUEUE:
        return False
    assign(Acting(session, row, folder, session.get_one(StaffRow, chosen.id), now()), row.epoch)
    return True


def _need(row: ConversationRow, escalation: EscalationRow) -> Need:
    policy = escalation.packet.get("policy") or row.context.get("policy")
    return Need(escalation.team, frozenset(filter(None, (policy, row.language, row.language.split("-")[0]))))


def _candidates(session: Session) -> list[Candidate]:
    """Who is there, takes conversations, and has room."""
    there = [one for one in colleagues(session) if one.available and is_present(one, elapsed())]
    have, turns = loads(session), last_turns(session, [one.id for one in there])
    return [
        Candidate(one.id, one.team, frozenset(one.skills), one.capacity, have.get(one.id, 0), turns.get(one.id, 0))
        for one in there
        if have.get(one.id, 0) < one.capacity
    ]
