"""Questions as they were meant: tags, braces and shorthand taken out, typing slips mended.

A word is mended only when neither the folder nor the sentence model knows it, so a real word that
is none of our business stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from plainly.retrieve.words import words

_TAG = re.compile(r"<[^<>]{0,200}>|\$?\{[^{}]{0,200}\}")
_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST = 4
_LONG = 6


@cache
def _shorthand(language: str = "en") -> dict[str, str]:
    content: dict[str, str] = yaml.safe_load((Path(__file__).parent / language / "shorthand.yml").read_text("utf-8"))
    return content


class Mender:
    """Mends questions by the words of one folder. `knows` tells whether a word is real elsewhere."""

    def __init__(self, texts: Iterable[str], knows: Callable[[str], bool] = lambda word: False) -> None:
        self._ours = {word for text in texts for word in words(text)}
        self._long = sorted(word for word in self._ours if len(word) >= _SHORTEST and word.isalpha())
        self._knows = knows

    def mend(self, question: str) -> str:
        """The question with its slips mended."""
        return _LETTERS.sub(lambda found: self._word(found[0]), _TAG.sub(" ", question)).strip()

    def _word(self, word: str) -> str:
        small = word.casefold()
        if small in _shorthand():
            return _shorthand()[small]
        if len(small) < _SHORTEST or small in self._ours or self._knows(small):
            return word
        slips = 1 if len(small) < _LONG else 2
        near = process.extractOne(small, self._long, scorer=OSA.distance, score_cutoff=slips)
        return str(near[0]) if near and near[0][0] == small[0] else word
