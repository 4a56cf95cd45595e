"""The engine of this process, opened once and following its policy folder."""

from __future__ import annotations

from functools import cache, partial

from plainly.settings import settings
from plainly.turn import Engine, LiveEngine, open_engine


@cache
def _live() -> LiveEngine:
    chosen = settings()
    live = LiveEngine(chosen.kb, chosen.cache, partial(open_engine, model=chosen.model_dir))
    live.follow()
    return live


def engine() -> Engine:
    """The engine of the newest folder without errors. Raises PlainlyError when there never was one."""
    return _live().current()
