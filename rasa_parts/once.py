"""Running each piece of work once, however often it is asked for."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from rasa_parts.refusal import Refusal

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass
class _Run(Generic[Result]):
    asked: object
    task: asyncio.Future[Result]
    finished: float | None = None


class Once(Generic[Result]):
    """Shares a run among all who ask for it while it lasts, and remembers its result for a while.

    A failed run is forgotten, so that asking again tries again. For one event loop; not thread-safe.
    """

    def __init__(self, size: int = 1_000, seconds: float = 900, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember at most `size` results, each for at most `seconds`."""
        self._size = size
        self._seconds = seconds
        self._clock = clock
        self._runs: OrderedDict[str, _Run[Result]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._runs)

    async def run(self, key: str, asked: object, work: Callable[[], Awaitable[Result]]) -> Result:
        """The result for the key. Raises what the work raises, or Refusal when the key stood for something else."""
        self._forget_old()
        run = self._runs.get(key)
        if run is None:
            run = self._start(key, asked, work)
        elif run.asked != asked:
            raise Refusal(400, "message_id_reused", "This message id stands for another message already.")
        self._runs.move_to_end(key)
        # The run belongs to no caller: one that hangs up must not take the others' answer with it.
        return await asyncio.shield(run.task)

    def _start(self, key: str, asked: object, work: Callable[[], Awaitable[Result]]) -> _Run[Result]:
        run = self._runs[key] = _Run(asked, asyncio.ensure_future(work()))
        run.task.add_done_callback(lambda task: self._finish(key, run, task))
        return run

    def _finish(self, key: str, run: _Run[Result], task: asyncio.Future[Result]) -> None:
        run.finished = self._clock()
        failed = task.cancelled() or task.exception() is not None
        if failed and self._runs.get(key) is run:
            del self._runs[key]

    def _forget_old(self) -> None:
        oldest = self._clock() - self._seconds
        spare = len(self._runs) - self._size
        for key, run in list(self._runs.items()):
            if run.finished is not None and (run.finished <= oldest or spare > 0):
                del self._runs[key]
                spare -= 1
