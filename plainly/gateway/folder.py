"""The policy folder as the gateway sees it: opening hours, caps and pages. A good change is picked up in seconds."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog
from anyio import to_thread

from plainly.errors import PlainlyError
from plainly.kb import load
from plainly.model import KnowledgeBase, Lever

log = structlog.get_logger(__name__)

Stamp = frozenset[tuple[str, int, int]]


class Folder:
    """The newest version of the folder without errors; None until there is one. `problem` says what is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kb: KnowledgeBase | None = None
        self.problem: str | None = None
        self._stamp: Stamp | None = None

    def refresh(self) -> None:
        """Look at the folder once, and take it over when it changed and is right."""
        try:
            seen = _stamp(self.path)
            if seen == self._stamp:
                return
            self._stamp = seen
            loaded = load(self.path)
        except (PlainlyError, OSError) as wrong:
            self.problem = str(wrong)
            return
        errors = [str(problem) for problem in loaded.problems if problem.severity == "error"]
        if loaded.kb is not None and not errors:
            self.kb, self.problem = loaded.kb, None
        else:
            self.problem = errors[0] if errors else f"{self.path} holds no policies."
            log.error("folder_refused", problem=self.problem)

    def current(self) -> KnowledgeBase:
        """The folder. Raises PlainlyError while there is none without errors."""
        if self.kb is None:
            raise PlainlyError("folder_not_loaded", f"The policy folder cannot be read: {self.problem}")
        return self.kb

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
