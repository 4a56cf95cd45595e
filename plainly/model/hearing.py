"""What was understood of a message, and what was found for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from plainly.model.values import Facts


@dataclass(frozen=True)
class Tone:
    """How the customer sounds. `score` is 0 (calm) to 1 (very strong)."""

    label: Literal["calm", "worried", "confused", "disappointed", "annoyed", "angry", "grateful"]
    score: float


@dataclass(frozen=True)
class Understanding:
    """What a message says: facts, feelings, wishes, and the questions in it.

    `situation` is the life event named, if any ("illness", "bereavement", "gift").
    `corrected` are the facts the customer took back or mended. `alarm` is set when a person must
    look: somebody may come to harm, something is dangerous, or legal steps have really begun.
    """

    facts: Facts
    tone: Tone
    pushback: bool
    wants_human: bool
    complaint: bool
    asks: tuple[str, ...]
    language: str
    situation: str | None = None
    corrected: tuple[str, ...] = ()
    alarm: Literal["vulnerable", "safety", "legal"] | None = None


@dataclass(frozen=True)
class Passage:
    """A clause found for a question, best first. `score` is comparable within one search."""

    policy: str
    clause: str
    score: float


@dataclass(frozen=True)
class Found:
    """What a search gives. `covered` is the probability (0 to 1) that the folder answers this.

    `policies` are the policies in order of likelihood; `close` says the first two are close
    enough that the customer should choose.
    """

    passages: tuple[Passage, ...]
    covered: float
    status: Literal["covered", "unclear", "not_covered"]
    policies: tuple[tuple[str, float], ...] = ()
    close: bool = False
