"""How texts are spelt, as vectors: what two texts share in words, pairs of words and runs of letters.

Vectors of meaning blur what tells neighbouring clauses apart ("late fee", "late refund"); these do not, and
a typo or an ending changes little of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log
from zlib import crc32

import numpy as np

from plainly.retrieve.vectors import Vectors
from plainly.retrieve.words import words

_SIZE = 1024
_RUNS = (3, 4, 5)
# One bit of the hash gives the sign, so that two pieces that share a place do not add up; these pick the place.
_SIGN = 1 << 20


class Spelling:
    """Knows how rare each piece is in a folder's texts, so that telling pieces weigh more."""

    def __init__(self, texts: Sequence[str]) -> None:
        found = Counter(piece for text in texts for piece in set(_pieces(text)))
        self._rarity = {piece: log((1 + len(texts)) / (1 + count)) + 1 for piece, count in found.items()}
        self._unseen = log(1 + len(texts)) + 1

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Float32 rows of length 1; a text without words is a row of zeros."""
        rows = np.zeros((len(texts), _SIZE), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for piece, times in Counter(_pieces(text)).items():
                place = crc32(piece.encode("utf-8", "surrogatepass"))
                weight = (1 + log(times)) * self._rarity.get(piece, self._unseen)
                row[place % _SIZE] += weight if place & _SIGN else -weight
        lengths = np.linalg.norm(rows, axis=1, keepdims=True).astype(np.float32)
        rows /= np.maximum(lengths, np.float32(1e-9))
        return rows


def _pieces(text: str) -> Iterator[str]:
    said = words(text)
    yield from said
    yield from (" ".join(pair) for pair in pairwise(said))
    line = f" {' '.join(said)} "
    for size in _RUNS:
        yield from (f"~{line[at : at + size]}" for at in range(len(line) - size + 1))
