"""Sentences as vectors: all-MiniLM-L6-v2 with numpy alone, on Python 3.10 and 3.12.

Both environments use this package, so it imports nothing of Plainly and nothing of Rasa.
Importing it is cheap: numpy and the weights are loaded when an encoder is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from encoder.errors import EncoderError

if TYPE_CHECKING:
    from encoder.sentence import SentenceEncoder, load_encoder

__all__ = ["EncoderError", "SentenceEncoder", "load_encoder"]


def __getattr__(name: str) -> Any:
    """Import the numpy part when one of its names is first used."""
    if name in ("SentenceEncoder", "load_encoder"):
        from encoder import sentence

        return getattr(sentence, name)
    raise AttributeError(f"module 'encoder' has no attribute {name!r}")
