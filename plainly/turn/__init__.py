"""One turn: a case goes in, a reply comes out."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plainly.turn.engine import Engine
    from plainly.turn.live import LiveEngine
    from plainly.turn.opening import FolderError, open_engine

__all__ = ["Engine", "FolderError", "LiveEngine", "open_engine"]

_HOMES = {"Engine": "engine", "LiveEngine": "live", "FolderError": "opening", "open_engine": "opening"}


def __getattr__(name: str) -> Any:
    """Loads a part when it is first asked for: the gateway needs the wire, not the language tools."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"plainly.turn.{_HOMES[name]}"), name)
