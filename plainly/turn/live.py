"""The engine that follows its folder: a good change is served within seconds, a broken one is refused."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from plainly.turn.engine import Engine
from plainly.turn.opening import open_engine

logger = logging.getLogger(__name__)

Stamp = frozenset[tuple[str, int, int]]


def stamp(folder: Path) -> Stamp:
    """What tells a folder from its earlier self: each file's name, size and time of change."""
    return frozenset(
        (str(path.relative_to(folder)), path.stat().st_mtime_ns, path.stat().st_size)
        for path in folder.rglob("*")
        if path.is_file()
    )


class LiveEngine:
    """Keeps an `Engine` of the newest folder that can be read.

    A folder with errors is refused: the engine before stays in use, and `problem` tells what is
    wrong. `cache` is where sentence vectors are kept.
    """

    def __init__(
        self, folder: Path, cache: Path | None = None, build: Callable[[Path, Path | None], Engine] = open_engine
    ) -> None:
        self._folder = folder
        self._cache = cache
        self._build = build
        self._stamp = stamp(folder)
        self._engine = build(folder, cache)
        self._lock = threading.Lock()
        self.problem: str | None = None

    def current(self) -> Engine:
        """The engine to answer with now."""
        return self._engine

    def refresh(self) -> bool:
        """Looks at the folder once; true when a new engine took over."""
        with self._lock:
            seen = stamp(self._folder)
            if seen == self._stamp:
                return False
            self._stamp = seen
            try:
                self._engine = self._build(self._folder, self._cache)
            except Exception as wrong:  # noqa: BLE001 - a folder half written may fail in any way; the old one stays
                self.problem = str(wrong)
                logger.error("The policy folder changed and is refused; the version before is in use. %s", wrong)
                return False
            self.problem = None
            return True

    def follow(self, seconds: float = 1.0) -> threading.Thread:
        """Keeps looking in a background thread of its own."""
        beat = threading.Event()

        def watch() -> None:
            while not beat.wait(seconds):
                self.refresh()

        thread = threading.Thread(target=watch, name="policy-folder", daemon=True)
        thread.start()
        return thread
