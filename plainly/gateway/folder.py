"""The policy folder as the gateway sees it: opening hours, caps and pages. A good change is picked up in seconds."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import structlog
from anyio import to_thread

from plainly.desk import is_open
from plainly.errors import PlainlyError
from plainly.kb import load
from plainly.model import KnowledgeBase, Lever

log = structlog.get_logger(__name__)

Stamp = frozenset[tuple[str, int, int]]


class Folder:
    """The newest version of the folder without errors; None until there is one. `problem` says what is wrong.

    `pages` are the pages of the website that it declares in pages.yml.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kb: KnowledgeBase | None = None
        self.pages: tuple[str, ...] = ()
        self.problem: str | None = None
        self._stamp: Stamp | None = None

    def refresh(self) -> None:
        """Look at the folder once, and take it over when it changed and is right."""
        try:
            seen = _stamp(self.path)
            if seen == self._stamp:
                return
            loaded = load(self.path)
        except OSError as wrong:  # a file that goes while we look: look again, also when it is back as it was
            self._stamp = None
            self._refuse(str(wrong))
            return
        except PlainlyError as wrong:
            self._stamp = seen
            self._refuse(str(wrong))
            return
        self._stamp = seen
        errors = [str(problem) for problem in loaded.problems if problem.severity == "error"]
        if loaded.kb is not None and not errors:
            self.kb, self.pages, self.problem = loaded.kb, loaded.pages, None
        else:
            self._refuse(errors[0] if errors else f"{self.path} holds no policies.")

    @property
    def refused(self) -> str:
        """What is wrong with a change that was not taken over; empty while the newest version serves."""
        return (self.problem or "") if self.kb is not None else ""

    def _refuse(self, problem: str) -> None:
        """Say it once: the folder is looked at every second."""
        if problem != self.problem:
            self.problem = problem
            log.error("folder_refused", problem=problem, serving="the version before" if self.kb else "nothing")

    def current(self) -> KnowledgeBase:
        """The folder. Raises PlainlyError while there is none without errors."""
        if self.kb is None:
            raise PlainlyError("folder_not_loaded", f"The policy folder cannot be read: {self.problem}")
        return self.kb

    def is_closed(self, moment: datetime) -> bool:
        """Whether nobody is there at this moment by the opening hours; without a folder nobody knows, so not."""
        return self.kb is not None and not is_open(self.kb.business.hours, moment)

    def levers(self) -> list[tuple[str, Lever]]:
        """All levers, each with its policy's id."""
        policies = self.kb.policies.values() if self.kb else ()
        return [(policy.id, lever) for policy in policies for lever in policy.levers.values()]

    async def follow(self, seconds: float = 1.0) -> None:
        """Keep looking until cancelled."""
        while True:
            await asyncio.sleep(seconds)
            await to_thread.run_sync(self.refresh)


def _stamp(folder: Path) -> Stamp:
    """Tells a folder from its earlier self: each file's name, time of change and size."""
    files = [(path, path.stat()) for path in folder.rglob("*") if path.is_file()]
    return frozenset((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in files)
