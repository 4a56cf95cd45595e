"""What the folder's own texts teach: kernel ridge regression from a text's vector to the clause it speaks for.

Nearest-text search trusts the one closest text; this weighs all of them, so that a clause with many
general texts does not drown its neighbours. It is solved exactly, once per build.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from plainly.retrieve.vectors import Vectors

Figures = npt.NDArray[np.float32]
# How far a text's word carries, and how much the texts may be wrong; measured on the dev questions.
_REACH, _DOUBT = 0.4, 0.1
# Solving takes time with the cube of the texts; a folder beyond this is taught by its first ones.
_MOST_TEXTS = 4_000


class Taught:
    """A score for each clause, learnt from the texts that speak for it."""

    def __init__(self, vectors: Vectors, clauses: Sequence[Sequence[int]], size: int) -> None:
        """`clauses` holds, for each vector, the indexes of the clauses its text speaks for."""
        rows = [i for i, spoken in enumerate(clauses) if spoken][:_MOST_TEXTS]
        wanted = np.zeros((len(rows), size), dtype=np.float64)
        for row, i in enumerate(rows):
            wanted[row, list(clauses[i])] = 1.0
        kernel = _kernel(vectors[rows] @ vectors[rows].T).astype(np.float64)
        self._rows = np.array(rows, dtype=np.int64)
        self._weights = np.linalg.solve(kernel + _DOUBT * np.eye(len(rows)), wanted).astype(np.float32)

    def scores(self, likeness: Figures) -> Figures:
        """About 1 for a clause whose texts say the same, 0 for one whose texts do not.

        `likeness` holds the cosine between the question and each of the vectors.
        """
        found: Figures = np.einsum("t,tc->c", _kernel(likeness[self._rows]), self._weights)
        return found


def _kernel(likeness: Figures) -> Figures:
    found: Figures = np.exp((likeness - 1.0) / np.float32(_REACH))
    return found
