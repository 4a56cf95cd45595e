"""Tells whoever waits that a conversation changed. A hint only: the tables are the truth.

Changes of this process arrive at once. Those of other processes arrive by LISTEN/NOTIFY on PostgreSQL, and
by a look at the table twice a second on SQLite.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator

import psycopg
import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from plainly.clock import elapsed
from plainly.desk import QUEUE
from plainly.store.database import CHANNEL, Store

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 0.5
_OVERLAP_SECONDS = 2.0
_CALM_SECONDS = (0.05, 1.0)

EVERYTHING = frozenset({"*"})
"""What followers hear when news may have been missed: look at everything again."""


class Hub:
    """Who waits for which conversation. All methods but `publish` belong to the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._in_line: dict[asyncio.Event, asyncio.TimerHandle | None] = {}
        self.anything = asyncio.Event()
        self.followers: list[Callable[[frozenset[str]], None]] = []
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
        if QUEUE in ids:
            self._line_moved()
        for follower in self.followers:
            follower(ids)

    def _line_moved(self) -> None:
        """Everybody in line looks at their place again: soon, but not all in the same moment."""
        for event, timer in self._in_line.items():
            if timer is None:
                seconds = random.uniform(*_CALM_SECONDS)  # noqa: S311  it spreads work, it keeps no secret
                self._in_line[event] = self._loop.call_later(seconds, self._look_again, event)

    def _look_again(self, event: asyncio.Event) -> None:
        if event in self._in_line:
            self._in_line[event] = None
            event.set()

    def stand_in_line(self, event: asyncio.Event, *, waits: bool) -> None:
        """Have an event set as well when the line moves, for as long as the customer waits."""
        if waits:
            self._in_line.setdefault(event, None)
        else:
            timer = self._in_line.pop(event, None)
            if timer is not None:
                timer.cancel()

    @contextlib.contextmanager
    def watch(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the conversation changes; clear it before each look."""
        event = asyncio.Event()
        self._waiting[conversation_id].add(event)
        try:
            yield event
        finally:
            self.stand_in_line(event, waits=False)
            self._waiting[conversation_id].discard(event)
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id]

    def wake_all(self) -> None:
        """Wake everybody, as when news may have been missed or the process ends."""
        self._wake(frozenset(self._waiting) | EVERYTHING | {QUEUE})

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
            who, *ids = notice.payload.split()
            if who != store.name:
                yield frozenset(ids)


async def _seen(store: Store) -> AsyncIterator[frozenset[str]]:
    """A change may be committed a little after its clock was read, so each look reaches back over the one before."""
    looked = elapsed()
    told: frozenset[tuple[str, float]] = frozenset()
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        since, looked = looked - _OVERLAP_SECONDS, elapsed()
        now_seen = await to_thread.run_sync(store.changed_since, since)
        news = frozenset(conversation_id for conversation_id, _ in now_seen - told)
        yield news | {QUEUE} if news else news
        told = now_seen
