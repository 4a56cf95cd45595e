"""Tells whoever waits that a conversation changed. A hint only: the tables are the truth.

Changes of this process arrive at once. Those of other processes arrive by LISTEN/NOTIFY on PostgreSQL, and
by a look at the table twice a second on SQLite.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator

import psycopg
import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from plainly.clock import elapsed
from plainly.store.database import CHANNEL, Store

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 0.5
_OVERLAP_SECONDS = 2.0


class Hub:
    """Who waits for which conversation. All methods but `publish` belong to the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self.anything = asyncio.Event()
        store.listeners.append(self.publish)

    def publish(self, ids: frozenset[str]) -> None:
        """Wake those who wait for these conversations; may be called from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closed when the process ends
            self._loop.call_soon_threadsafe(self._wake, ids)

    def _wake(self, ids: frozenset[str]) -> None:
        self.anything.set()
        for conversation_id in ids:
            for event in self._waiting.get(conversation_id, ()):
                event.set()

    @contextlib.contextmanager
    def watch(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the conversation changes; clear it before each look."""
        event = asyncio.Event()
        self._waiting[conversation_id].add(event)
        try:
            yield event
        finally:
            self._waiting[conversation_id].discard(event)
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id]

    def wake_all(self) -> None:
        """Wake everybody, as when news may have been missed or the process ends."""
        self._wake(frozenset(self._waiting))

    async def follow(self) -> None:
        """Listen to the other processes until cancelled; a lost connection is made again."""
        while True:
            try:
                async for ids in _heard(self._store) if self._store.is_postgres else _seen(self._store):
                    self._wake(ids)
            except (psycopg.Error, SQLAlchemyError, OSError) as wrong:
                log.warning("news_interrupted", error=str(wrong))
                await asyncio.sleep(1)
                self.wake_all()


async def _heard(store: Store) -> AsyncIterator[frozenset[str]]:
    url = store.engine.url.set(drivername="postgresql")
    connection = await psycopg.AsyncConnection.connect(url.render_as_string(hide_password=False), autocommit=True)
    async with connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        async for notice in connection.notifies():
            yield frozenset(notice.payload.split())


async def _seen(store: Store) -> AsyncIterator[frozenset[str]]:
    """A change may be committed a little after its clock was read, so each look reaches back over the one before."""
    looked = elapsed()
    told: frozenset[tuple[str, float]] = frozenset()
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        since, looked = looked - _OVERLAP_SECONDS, elapsed()
        now_seen = await to_thread.run_sync(store.changed_since, since)
        yield frozenset(conversation_id for conversation_id, _ in now_seen - told)
        told = now_seen
