"""Finding saved replies by any of their words, misspelt a little or typed only in part."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz

_WORD = re.compile(r"[^\W_]+")
_NEAR = 82
_LONG_ENOUGH = 5


def matches(query: str, title: str, body: str) -> float | None:
    """How well a reply answers a search: None unless every word of the search is in title or body.

    >>> matches("retrun label", "Sending a return label", "Print it at home.") is not None
    True
    >>> matches("gift", "Sending a return label", "Print it at home.") is None
    True
    """
    asked = _words(query)
    in_title, in_body = _words(title), _words(body)
    score = 0.0
    for word in asked:
        found = max(2 * _best(word, in_title), _best(word, in_body))
        if not found:
            return None
        score += found
    return score / max(len(asked), 1)


def _best(word: str, words: Sequence[str]) -> float:
    return max((_likeness(word, other) for other in words), default=0.0)


def _likeness(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if other.startswith(word):
        return 0.8
    if min(len(word), len(other)) + 1 < _LONG_ENOUGH:
        return 0.0
    near = fuzz.ratio(word, other)
    return near / 200 if near >= _NEAR or fuzz.ratio(word, other[: len(word) + 1]) >= _NEAR else 0.0


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
