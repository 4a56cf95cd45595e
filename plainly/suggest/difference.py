"""What an agent changed in a draft, sentence by sentence."""

from __future__ import annotations

import difflib
import re

_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")


def difference(shown: str, sent: str) -> str:
    """Sentences taken out and put in, each on a line of its own after "- " or "+ "; empty when nothing changed.

    >>> difference("We can't refund it. Swap it?", "Sorry, we can't refund it. Swap it?")
    "- We can't refund it.\\n+ Sorry, we can't refund it."
    """
    before, after = (_sentences(text) for text in (shown, sent))
    lines = difflib.ndiff(before, after)
    return "\n".join(line for line in lines if line.startswith(("- ", "+ ")))


def _sentences(text: str) -> list[str]:
    return [" ".join(one.split()) for one in _ENDS.split(text) if one.strip()]
