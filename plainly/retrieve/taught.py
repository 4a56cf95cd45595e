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
# Solving takes time with the cube of the texts: seconds at this many. A folder beyond it is taught by every
# second text, or third, so that no clause is left out.
_MOST_TEXTS = 8_000


class Taught:
    """A score for each clause, learnt from the texts that speak for it."""

    def __init__(self, vectors: Vectors, clauses: Sequence[Sequence[int]], size: int) -> None:
        """`clauses` holds, for each vector, the indexes of the clauses its text speaks for."""
        rows = [i for i, spoken in enumerate(clauses) if spoken]
        rows = rows[:: 1 + len(rows) // _MOST_TEXTS]
        wanted = np.zeros((len(rows), size), dtype=np.float32)
        for row, i in enumerate(rows):
            wanted[row, list(clauses[i])] = 1.0
        kernel = _kernel(vectors[rows] @ vectors[rows].T)
        self._rows = np.array(rows, dtype=np.int64)
        self._weights = np.linalg.solve(kernel + np.float32(_DOUBT) * np.eye(len(rows), dtype=np.float32), wanted)

    def scores(self, likeness: Figures) -> Figures:
        """About 1 for a clause whose texts say the same, 0 for one whose texts do not.

        `likeness` holds the cosine between the question and each of the vectors.
        """
        found: Figures = np.einsum("t,tc->c", _kernel(likeness[self._rows]), self._weights)
        return found


def _kernel(likeness: Figures) -> Figures:
    found: Figures = np.exp((likeness - 1.0) / np.float32(_REACH))
    return found
