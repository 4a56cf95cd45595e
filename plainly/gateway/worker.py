"""Runs the turns the bot owes: one at a time per conversation, several conversations at once."""

from __future__ import annotations

import asyncio
import contextlib

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from plainly.clock import elapsed
from plainly.gateway.hub import Hub
from plainly.gateway.metrics import TURN_SECONDS, TURNS
from plainly.gateway.rasa import Rasa, RasaError
from plainly.gateway.turns import Leased, TurnBook
from plainly.store.turns import release_leases, renew_leases

log = structlog.get_logger(__name__)

_AT_ONCE = 16
_LOOK_SECONDS = 0.5
_RENEW_SECONDS = 2.0


class Worker:
    """Takes turns while it runs. Several workers in several processes share the same line."""

    def __init__(self, book: TurnBook, rasa: Rasa, hub: Hub) -> None:
        self._book = book
        self._rasa = rasa
        self._hub = hub
        self._running: dict[asyncio.Task[None], int] = {}

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_leases())
            tasks.create_task(self._take_turns())

    async def _take_turns(self) -> None:
        while True:
            self._hub.anything.clear()
            try:
                leased = await to_thread.run_sync(self._book.lease) if len(self._running) < _AT_ONCE else None
            except SQLAlchemyError as wrong:
                log.error("turns_unreachable", error=str(wrong))
                leased = None
            if leased is not None:
                self._start(leased)
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hub.anything.wait(), _LOOK_SECONDS)

    def _start(self, leased: Leased) -> None:
        task = asyncio.create_task(self._one_turn(leased))
        self._running[task] = leased.turn_id
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._hub.anything.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("turn_broke_off", exc_info=task.exception())  # its lease runs out and it is tried again

    async def _one_turn(self, leased: Leased) -> None:
        started = elapsed()
        outcome = await self._answer(leased)
        TURNS.labels(outcome).inc()
        TURN_SECONDS.observe(elapsed() - started)
        log.info("turn", conversation=leased.conversation_id, outcome=outcome, ms=round(1000 * (elapsed() - started)))

    async def _answer(self, leased: Leased) -> str:
        if leased.hopeless:
            return await to_thread.run_sync(self._book.hand_over, leased, leased.hopeless)
        try:
            answer = await self._rasa.answer(leased.request)
        except RasaError as wrong:
            log.error("turn_failed", conversation=leased.conversation_id, error=wrong.message)
            return await to_thread.run_sync(self._book.hand_over, leased, wrong.message)
        return await to_thread.run_sync(self._book.store_reply, leased, answer)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            if self._running:
                with contextlib.suppress(SQLAlchemyError):
                    await to_thread.run_sync(self._renew, tuple(self._running.values()))

    def _renew(self, turns: tuple[int, ...]) -> None:
        with self._book.store.write() as session:
            renew_leases(session, self._book.worker, turns, elapsed())

    async def stop(self) -> None:
        """Let go of the turns in hand, so that another process can take them at once."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        with contextlib.suppress(SQLAlchemyError):
            await to_thread.run_sync(self._release)

    def _release(self) -> None:
        with self._book.store.write() as session:
            release_leases(session, self._book.worker)
