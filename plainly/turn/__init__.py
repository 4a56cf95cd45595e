"""One turn: a case goes in, a reply comes out."""

from plainly.turn.engine import Engine
from plainly.turn.live import LiveEngine
from plainly.turn.opening import FolderError, open_engine

__all__ = ["Engine", "FolderError", "LiveEngine", "open_engine"]
