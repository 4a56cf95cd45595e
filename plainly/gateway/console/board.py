"""The desk's lists as this process knows them, kept up to date once for all open consoles.

News of a conversation makes its item be read anew; what differs goes to every console. Nothing is read while no
console is open. All methods belong to the event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from plainly.clock import elapsed, now
from plainly.desk import QUEUE
from plainly.gateway.console.items import Item, in_line, read_items, with_people
from plainly.gateway.console.people import Colleague, read_colleagues
from plainly.gateway.folder import Folder
from plainly.gateway.hub import EVERYTHING, Hub
from plainly.store import Store
from plainly.store.presence import STAFF, note_gone, note_present

log = structlog.get_logger(__name__)

_TICK_SECONDS = 5.0
_CALM_SECONDS = 0.1
"""News of so long is read and told together."""
_PRESENT_SECONDS = 15.0


class Watcher:
    """What one console has not been told yet. Several changes of one conversation are told as one.

    `look` says that the conversation it watches may have changed, `doubt` that its sign-in may have ended.
    """

    def __init__(self, staff_id: str) -> None:
        self.staff_id = staff_id
        self.items: dict[str, Item | None] = {}
        self.watching: str | None = None
        self.look = False
        self.doubt = False
        self.staff: list[Colleague] | None = None
        self.news = asyncio.Event()


class Board:
    """All conversations with people, as items by id, and the colleagues. `texts` are the items as JSON, made once."""

    def __init__(self, store: Store, folder: Folder, hub: Hub) -> None:
        self.items: dict[str, Item] = {}
        self.texts: dict[str, str] = {}
        self.staff: list[Colleague] = []
        self._store = store
        self._folder = folder
        self._watchers: set[Watcher] = set()
        self._stale: set[str] = set()
        self._work = asyncio.Event()
        self._heard = self._shown = 0
        self._caught_up = asyncio.Condition()
        hub.followers.append(self._hear)

    def _hear(self, names: frozenset[str]) -> None:
        if not self._watchers:
            return
        self._heard += 1
        self._stale |= names
        for watcher in self._watchers:
            if watcher.watching in names or names & EVERYTHING:
                watcher.look = True
                watcher.news.set()
            if names & {STAFF, *EVERYTHING}:
                watcher.doubt = True
                watcher.news.set()
        self._work.set()

    @contextlib.asynccontextmanager
    async def watch(self, staff_id: str) -> AsyncIterator[Watcher]:
        """A console: from here on it is told what changes, after it has taken `items` and `staff` as they are.

        They hold whatever this process had heard of before the console came.
        """
        watcher = Watcher(staff_id)
        is_first = not self._watchers
        self._watchers.add(watcher)
        if is_first:
            self._hear(EVERYTHING)
        try:
            await to_thread.run_sync(self._come, staff_id)
            heard = self._heard
            async with self._caught_up:
                await self._caught_up.wait_for(lambda: self._shown >= heard)
            watcher.items.clear()
            watcher.staff = None
            yield watcher
        finally:
            self._watchers.discard(watcher)
            if staff_id not in {other.staff_id for other in self._watchers}:
                with contextlib.suppress(SQLAlchemyError):
                    await asyncio.shield(to_thread.run_sync(self._go, staff_id))

    def _come(self, staff_id: str) -> None:
        with self._store.write() as session:
            note_present(session, [staff_id], elapsed())

    def _go(self, staff_id: str) -> None:
        with self._store.write() as session:
            note_gone(session, [staff_id], elapsed())

    async def follow(self) -> None:
        """Keep the lists up to date until cancelled."""
        seen = told = elapsed()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._work.wait(), _TICK_SECONDS)
            if not self._watchers:
                self._work.clear()
                continue
            await asyncio.sleep(_CALM_SECONDS)
            self._work.clear()
            try:
                if elapsed() - seen > _PRESENT_SECONDS:
                    seen = elapsed()
                    await to_thread.run_sync(self._still_there, tuple({one.staff_id for one in self._watchers}))
                is_tick = elapsed() - told > _TICK_SECONDS
                told = elapsed() if is_tick else told
                await self._refresh(EVERYTHING if is_tick else self._stale)
            except SQLAlchemyError as wrong:
                log.error("board_unreachable", error=str(wrong))
                self._stale |= EVERYTHING
                await asyncio.sleep(1)

    def _still_there(self, staff: tuple[str, ...]) -> None:
        with self._store.write() as session:
            note_present(session, staff, elapsed())

    async def _refresh(self, names: frozenset[str] | set[str]) -> None:
        stale, self._stale = set(names) | self._stale, set()
        heard = self._heard
        whole = bool(stale & EVERYTHING)
        items, staff, places = await to_thread.run_sync(self._read, stale, whole)
        gone = (set(self.items) if whole else stale) - set(items)
        self._tell({**items, **dict.fromkeys(gone & set(self.items))})
        self._tell(self._new_places(places))
        if staff is not None and staff != self.staff:
            self.staff = staff
            for watcher in self._watchers:
                watcher.staff = staff
                watcher.news.set()
        self._shown = heard
        async with self._caught_up:
            self._caught_up.notify_all()

    def _read(
        self, stale: set[str], whole: bool
    ) -> tuple[dict[str, Item], list[Colleague] | None, dict[str, int] | None]:
        with self._store.read() as session:
            line = in_line(session) if whole or QUEUE in stale else None
            ids = set(session.scalars(with_people())) if whole else stale - {QUEUE, STAFF}
            found = read_items(session, self._folder.kb, ids, now()) if ids else {}
            staff = read_colleagues(session) if whole or stale & {QUEUE, STAFF} else None
        with_us = {id_: item for id_, item in found.items() if item["owner"] in ("queue", "agent")}
        return with_us, staff, None if line is None else {id_: place for place, id_ in enumerate(line, 1)}

    def _new_places(self, places: dict[str, int] | None) -> dict[str, Item | None]:
        if places is None:
            return {}
        return {
            id_: {**item, "place": places.get(id_)}
            for id_, item in self.items.items()
            if item["owner"] == QUEUE and item["place"] != places.get(id_)
        }

    def _tell(self, items: dict[str, Item | None]) -> None:
        """Take these over and tell the consoles what differs; None is a conversation that left the desk."""
        news = {id_: item for id_, item in items.items() if self.items.get(id_) != item}
        for id_, item in news.items():
            if item is None:
                self.items.pop(id_, None)
                self.texts.pop(id_, None)
            else:
                self.items[id_], self.texts[id_] = item, json.dumps(item)
        for watcher in self._watchers if news else ():
            watcher.items.update(news)
            watcher.news.set()
