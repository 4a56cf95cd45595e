"""Filling the slots of a policy's wording.

A sentence whose slot is not known is left out rather than said half: a template cannot speak
about what was not found out.
"""

from __future__ import annotations

import re
from collections.abc import Callable

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)(?:\.([a-z]+))?\}")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z*\[“\"‘{0-9£])")

Lookup = Callable[[str, str], str | None]
"""(name, style) -> the words, or None when the value is not known."""


def slots(template: str) -> tuple[tuple[str, str], ...]:
    """The (name, style) pairs a template asks for.

    >>> slots("Yours came {delivered_on.ago}, the limit is {return_window}.")
    (('delivered_on', 'ago'), ('return_window', ''))
    """
    return tuple((name, style or "") for name, style in SLOT.findall(template))


def fill(template: str, lookup: Lookup) -> str:
    """The template with its slots filled; sentences with an unknown slot are left out."""
    lines = (_fill_line(line, lookup) for line in template.strip().splitlines())
    return "\n".join(lines).strip()


def _fill_line(line: str, lookup: Lookup) -> str:
    filled = (_fill_sentence(sentence, lookup) for sentence in SENTENCE_END.split(line))
    return " ".join(sentence for sentence in filled if sentence)


def _fill_sentence(sentence: str, lookup: Lookup) -> str | None:
    words = {pair: lookup(*pair) for pair in slots(sentence)}
    if any(word is None for word in words.values()):
        return None
    text = SLOT.sub(lambda found: words[found[1], found[2] or ""] or "", sentence)
    return text[:1].upper() + text[1:] if sentence.startswith("{") else text
