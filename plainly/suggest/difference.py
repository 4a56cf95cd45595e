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
    lines = difflib.ndiff(before, _apart(before, sent, beside))
    return "\n".join(line for line in lines if line.startswith(("- ", "+ ")))


def is_left(shown: str, sent: str, beside: Sequence[str] = ()) -> bool:
    """Whether a sentence of a draft still stands in what was sent, apart from the others."""
    before = _sentences(shown)
    return not set(before).isdisjoint(_apart(before, sent, beside))


def _apart(before: list[str], sent: str, beside: Sequence[str]) -> list[str]:
    """What was sent, less the other drafts in it."""
    after = _sentences(sent)
    for text in beside:
        after = _without(after, _sentences(text), keep=before)
    return after


def _without(sent: list[str], other: list[str], keep: list[str]) -> list[str]:
    """What was sent less another draft: in one piece where it stands so, else sentence by sentence."""
    for at in range(len(sent) - len(other) + 1):
        if sent[at : at + len(other)] == other:
            return [*sent[:at], *sent[at + len(other) :]]
    return [one for one in sent if one in keep or one not in other]


def _sentences(text: str) -> list[str]:
    return [" ".join(one.split()) for one in _ENDS.split(text) if one.strip()]
