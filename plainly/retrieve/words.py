"""Text to words: small, stemmed, without the ones that carry no topic."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SHORTEST_STEM = 3
# A word cut this long is no word anyone typed; it would only slow the search.
_LONGEST = 40
_MOST_WORDS = 400


@dataclass(frozen=True)
class Language:
    """What a language needs for word search."""

    empty: frozenset[str]
    endings: tuple[str, ...]


@lru_cache
def language(name: str = "en") -> Language:
    """The word lists of a language, from its content file."""
    path = Path(__file__).parent / name / "words.yml"
    data = yaml.safe_load(path.read_text("utf-8"))
    return Language(frozenset(data["empty"].split()), tuple(data["endings"]))


def words(text: str) -> list[str]:
    """All words of a text, folded to small plain letters.

    >>> words("Can’t I return the Sofa-Bed?")
    ['can', 'i', 'return', 'the', 'sofa', 'bed']
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return [word.replace("’", "'").split("'")[0][:_LONGEST] for word in _WORD.findall(plain)[:_MOST_WORDS]]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its ending.

    >>> [stem(word) for word in ("returns", "returned", "refunding", "delivery", "deliveries", "is")]
    ['return', 'return', 'refund', 'deliver', 'deliver', 'is']
    """
    for ending in language().endings:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return _undoubled(word[: -len(ending)])
    return word


def _undoubled(word: str) -> str:
    """Cancelled and cancel, shipping and ship."""
    return word[:-1] if word[-1] == word[-2] and word[-1] not in "aeious" else word


def content_words(text: str) -> list[str]:
    """The stems that carry a topic, in order, repeats kept."""
    empty = language().empty
    return [stem(word) for word in words(text) if word not in empty]
