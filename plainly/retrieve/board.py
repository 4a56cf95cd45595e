"""What speaks for each clause when a question comes in: six figures a clause, by meaning and by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plainly.model import KnowledgeBase
from plainly.retrieve.lexical import Lexicon, Query
from plainly.retrieve.texts import Kind, Text
from plainly.retrieve.vectors import Vectors

Figures = npt.NDArray[np.float32]
FIGURES = ("own_meaning", "linked_meaning", "policy_meaning", "own_words", "linked_words", "policy_words")
_OWN: tuple[Kind, ...] = ("clause", "title")
# How sharply a policy's question is handed to the clause it fits best; measured on the dev questions.
_SHARPNESS = 0.06
_WORTH: dict[Kind, float] = {
    "clause": 1.0, "title": 0.97, "question": 1.0, "policy": 0.9, "procedure": 0.9, "support": 0.9,
}  # fmt: skip


@dataclass(frozen=True)
class _Links:
    """Which texts speak for which places, and how loudly; sorted by place."""

    texts: npt.NDArray[np.int32]
    places: npt.NDArray[np.int32]
    weight: Figures
    size: int

    def best(self, scores: Figures) -> Figures:
        """The best score that speaks for each place."""
        found = np.zeros(self.size, dtype=np.float32)
        if len(self.texts):
            np.maximum.at(found, self.places, scores[self.texts] * self.weight)
        return found


class Board:
    """The clauses of a folder and the texts that speak for them."""

    def __init__(self, kb: KnowledgeBase, texts: Sequence[Text], vectors: Vectors, lexicon: Lexicon) -> None:
        self.policies = list(kb.policies)
        self.clauses = [(policy.id, number) for policy in kb.policies.values() for number in policy.clauses]
        self.policy_of = np.array([self.policies.index(policy) for policy, _ in self.clauses], dtype=np.int32)
        self._vectors = vectors
        self._lexicon = lexicon
        self._texts = texts
        index = {clause: i for i, clause in enumerate(self.clauses)}
        own = [(i, index[t.policy, c], 1.0) for i, t in enumerate(texts) if t.kind in _OWN for c in t.clauses]
        self._own = _links([(i, at, _WORTH[texts[i].kind]) for i, at, _ in own], len(self.clauses))
        self._linked = _links(list(self._linked_pairs(index)), len(self.clauses))
        policies = [(i, self.policies.index(text.policy), _WORTH[text.kind]) for i, text in enumerate(texts)]
        self._policies = _links(policies, len(self.policies))

    def _linked_pairs(self, index: dict[tuple[str, str], int]) -> list[tuple[int, int, float]]:
        found = []
        for i, text in enumerate(self._texts):
            if text.kind in _OWN:
                continue
            worth = _WORTH[text.kind]
            if text.clauses:
                found += [(i, index[text.policy, clause], worth) for clause in text.clauses]
            else:
                found += [(i, at, worth * share) for at, share in self._shares(i, text.policy)]
        return found

    def _shares(self, text: int, policy: str) -> list[tuple[int, float]]:
        """How well each clause of the policy fits one of its texts: 1 for the best."""
        places = np.flatnonzero(self.policy_of == self.policies.index(policy))
        words = self._lexicon.scores(self._lexicon.query(self._texts[text].words))
        fit = self._own.best(self._vectors @ self._vectors[text])[places] + 0.3 * self._own.best(words)[places]
        shares = np.exp((fit - fit.max()) / _SHARPNESS) if len(places) else fit
        return [(int(at), float(share)) for at, share in zip(places, shares, strict=True) if share > 0.05]

    def figures(self, vector: Figures, query: Query) -> Figures:
        """One row of FIGURES for each clause."""
        meaning = np.maximum(self._vectors @ vector, 0.0)
        words = np.minimum(self._lexicon.scores(query), 1.5)
        columns = [
            column
            for scores in (meaning, words)
            for column in (
                self._own.best(scores),
                self._linked.best(scores),
                self._policies.best(scores)[self.policy_of],
            )
        ]
        return np.stack(columns, axis=1)


def _links(pairs: Sequence[tuple[int, int, float]], size: int) -> _Links:
    texts, places, weights = zip(*pairs, strict=True) if pairs else ((), (), ())
    return _Links(np.array(texts, np.int32), np.array(places, np.int32), np.array(weights, np.float32), size)
