"""What is wrong with words an agent is about to send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["verdict", "figure", "promise"]


@dataclass(frozen=True)
class Caution:
    """Where a reply contradicts the engine: the agent's words, and what the engine says instead."""

    kind: Kind
    text: str
    says: str
