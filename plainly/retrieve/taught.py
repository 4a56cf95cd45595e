"""What the folder's own texts teach: kernel ridge regression from a text to the clause it speaks for.

Nearest-text search trusts the one closest text; this weighs the nearest few hundred against each other, so
that a clause with many general texts does not drown its neighbours. It is solved anew for each question,
among that question's neighbours: nothing is learnt ahead, so a changed folder costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from plainly.retrieve.vectors import Vectors

Figures = npt.NDArray[np.float32]
# How far a text's word carries, how much the texts may be wrong, and how much of a likeness is meaning (the
# rest is spelling); measured on the dev questions.
_REACH, _DOUBT, _MEANING = 0.6, 0.1, 0.6
# So many texts are compared by spelling too, and so many of those have a say.
_COMPARED, _HEARD = 1_500, 300


class Taught:
    """A score for each clause, from the texts that speak for it."""

    def __init__(self, meaning: Vectors, spelling: Vectors, clauses: Sequence[Sequence[int]], size: int) -> None:
        """The texts' vectors of both kinds; `clauses` holds, for each, the indexes of those it speaks for."""
        self._meaning = meaning
        self._spelling = spelling
        self._clauses = clauses
        self._size = size

    def scores(self, likeness: Figures, spelt: Figures) -> Figures:
        """About 1 for a clause whose texts say the same, 0 for one whose texts do not.

        `likeness` holds the cosine of meaning between the question and each text, `spelt` is the question's
        vector of spelling.
        """
        near = _best(likeness, _COMPARED)
        # Not a matrix product: that would wake threads, which costs more than it saves when others work too.
        shared = np.einsum("td,d->t", self._spelling[near], spelt)
        both = _MEANING * likeness[near] + (1 - _MEANING) * shared
        heard = _best(both, _HEARD)
        near = near[heard]
        found = np.zeros(self._size, dtype=np.float32)
        for say, text in zip(self._say(near, both[heard]).tolist(), near.tolist(), strict=True):
            found[list(self._clauses[text])] += say
        return found

    def _say(self, near: npt.NDArray[np.intp], likeness: Figures) -> Figures:
        """How much each of these texts has to say, given how alike they are themselves."""
        meaning, spelling = self._meaning[near], self._spelling[near]
        among = _kernel(_MEANING * (meaning @ meaning.T) + (1 - _MEANING) * (spelling @ spelling.T))
        doubt = np.float32(_DOUBT) * np.eye(len(near), dtype=np.float32)
        found = np.linalg.solve(among + doubt, _kernel(likeness))
        return found.astype(np.float32)


def _best(scores: Figures, count: int) -> npt.NDArray[np.intp]:
    """The places of the highest scores, in no order."""
    if len(scores) <= count:
        return np.arange(len(scores))
    found: npt.NDArray[np.intp] = np.argpartition(-scores, count)[:count]
    return found


def _kernel(likeness: Figures) -> Figures:
    found: Figures = np.exp((likeness - 1.0) / np.float32(_REACH))
    return found
