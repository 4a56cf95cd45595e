"""How texts are spelt, as vectors: what two texts share in words, pairs of words and runs of letters.

Vectors of meaning blur what tells neighbouring clauses apart ("late fee", "late refund"); these do not, and
a typo or an ending changes little of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log
from zlib import crc32

import numpy as np

from plainly.retrieve.vectors import Vectors
from plainly.retrieve.words import words

_SIZE = 1024
_RUN = 4
# One bit of the hash gives the sign, so that two pieces that share a place do not add up; these pick the place.
_SIGN = 1 << 20


class Spelling:
    """Knows how rare each piece is in a folder's texts, so that telling pieces weigh more."""

    def __init__(self, texts: Sequence[str]) -> None:
        found = Counter(piece for text in texts for piece in _pieces(text))
        self._most = 1 + len(texts)
        self._known = {piece: self._weighed(piece, count) for piece, count in found.items()}

    def _weighed(self, piece: str, count: int = 0) -> tuple[int, float]:
        """The place of a piece in a vector, and its weight there."""
        code = crc32(piece.encode("utf-8", "surrogatepass"))
        rarity = log(self._most / (1 + count)) + 1
        return code % _SIZE, rarity if code & _SIGN else -rarity

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Float32 rows of length 1; a text without words is a row of zeros."""
        rows = np.zeros((len(texts), _SIZE), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            weighed = [self._known.get(piece) or self._weighed(piece) for piece in _pieces(text)]
            if weighed:
                places, weights = zip(*weighed, strict=True)
                row[:] = np.bincount(places, weights, _SIZE)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True).astype(np.float32)
        rows /= np.maximum(lengths, np.float32(1e-9))
        return rows


def _pieces(text: str) -> set[str]:
    said = words(text)
    line = f" {' '.join(said)} "
    runs = {f"~{line[at : at + _RUN]}" for at in range(len(line) - _RUN + 1)} if said else set()
    return runs.union(said, (" ".join(pair) for pair in pairwise(said)))
