"""Conversations for the tests of the tables."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from plainly.store import Store
from plainly.store.conversations import locked, open_conversation
from plainly.store.messages import NewMessage, add_message
from plainly.store.tables import MessageRow, TurnRow
from plainly.store.turns import add_turn, lease_turn

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def opened(store: Store, **given: str) -> str:
    with store.write() as session:
        row, _ = open_conversation(session, NOW, customer=given.get("customer"))
        return row.id


def said(session: Session, conversation_id: str, text: str) -> MessageRow:
    return add_message(session, locked(session, conversation_id), NewMessage("customer", text), NOW)


def asked(store: Store, conversation_id: str, text: str) -> int:
    with store.write() as session:
        message = said(session, conversation_id, text)
        add_turn(session, conversation_id, message.seq, NOW)
        return message.seq


def lease(store: Store, worker: str, clock: float) -> TurnRow | None:
    with store.write() as session:
        return lease_turn(session, worker, clock)


def in_threads(count: int, work: Callable[[int], object]) -> list[object]:
    barrier = threading.Barrier(count)

    def at_once(number: int) -> object:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(at_once, range(count)))
