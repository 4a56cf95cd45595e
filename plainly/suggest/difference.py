"""What an agent changed in a draft, sentence by sentence."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")


def difference(shown: str, sent: str, beside: Sequence[str] = ()) -> str:
    """Sentences taken out and put in, each on a line of its own after "- " or "+ "; empty when nothing changed.

    `beside` are other drafts in the same message: their sentences were not put in by the agent.

    >>> difference("We can't refund it. Swap it?", "Sorry, we can't refund it. Swap it?")
    "- We can't refund it.\\n+ Sorry, we can't refund it."
    """
    before = _sentences(shown)
    others = {one for text in beside for one in _sentences(text)} - set(before)
    after = [one for one in _sentences(sent) if one not in others]
    lines = difflib.ndiff(before, after)
    return "\n".join(line for line in lines if line.startswith(("- ", "+ ")))


def is_left(shown: str, sent: str) -> bool:
    """Whether a sentence of a draft still stands in what was sent."""
    return not set(_sentences(shown)).isdisjoint(_sentences(sent))


def _sentences(text: str) -> list[str]:
    return [" ".join(one.split()) for one in _ENDS.split(text) if one.strip()]
