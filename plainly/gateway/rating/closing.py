"""Ends what fell silent and works out the waits of what has ended. Every process looks; each matter ends once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from plainly.clock import now
from plainly.desk import open_minutes
from plainly.gateway.folder import Folder
from plainly.model import OpeningHours
from plainly.store import Store
from plainly.store.conversations import locked
from plainly.store.desk_tables import EpisodeRow
from plainly.store.episodes import close_silent, long_silent, settle, unsettled
from plainly.store.identity import forget_expired

log = structlog.get_logger(__name__)

_LONGEST_PAUSE = 20.0


class Closer:
    """Looks every few seconds. `hours` without a word end a matter in which nobody waits for us."""

    def __init__(self, store: Store, folder: Folder, hours: float) -> None:
        self._store = store
        self._folder = folder
        self._silence = timedelta(hours=hours)
        self._pause = min(_LONGEST_PAUSE, max(0.5, hours * 900))

    async def follow(self) -> None:
        """Keep looking until cancelled."""
        while True:
            await asyncio.sleep(self._pause)
            try:
                await to_thread.run_sync(self.look, now())
            except SQLAlchemyError as wrong:
                log.error("closing_failed", error=str(wrong))

    def look(self, moment: datetime) -> int:
        """Close and settle once, and forget identity tokens that ran out; how many matters were closed."""
        before = moment - self._silence
        with self._store.read() as session:
            silent = long_silent(session, before)
            open_waits = unsettled(session)
        closed = sum(self._close(conversation_id, before, moment) for conversation_id in silent)
        if self._folder.kb is not None:
            hours = self._folder.kb.business.hours
            for episode_id, conversation_id in open_waits:
                self._settle(episode_id, conversation_id, hours)
        with self._store.write() as session:
            forget_expired(session, moment)
        return closed

    def _close(self, conversation_id: str, before: datetime, moment: datetime) -> bool:
        with self._store.write() as session:
            row = locked(session, conversation_id)
            return close_silent(session, row, before, moment) is not None

    def _settle(self, episode_id: int, conversation_id: str, hours: OpeningHours) -> None:
        with self._store.write() as session:
            locked(session, conversation_id)
            episode = session.get(EpisodeRow, episode_id)
            if episode is not None:
                settle(session, episode, lambda start, end: open_minutes(hours, start, end))
