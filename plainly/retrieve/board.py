"""What speaks for each clause when a question comes in: by meaning and by words, from each kind of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plainly.model import KnowledgeBase
from plainly.retrieve.lexical import Lexicon, Query
from plainly.retrieve.spelling import Spelling
from plainly.retrieve.taught import Taught
from plainly.retrieve.texts import Kind, Text
from plainly.retrieve.vectors import Vectors

Figures = npt.NDArray[np.float32]
GROUPS: dict[str, tuple[Kind, ...]] = {
    "path": ("path",),
    "words": ("words",),
    "asked": ("asked",),
    "linked": ("example", "question", "support"),
    "own": ("path", "words", "asked"),
}
"""Figures are the best score over the texts of each group; and over all texts of the clause's policy."""
FIGURES = (*(f"{group}_{by}" for by in ("meaning", "words") for group in (*GROUPS, "policy")), "taught")
_TEACH: tuple[Kind, ...] = (*GROUPS["own"], "example")
# How sharply a text of the whole policy is handed to the clause it fits best.
_SHARPNESS = 0.06
_LEAST_SHARE = 0.05
_NEAR_OURS = 0.75


@dataclass(frozen=True)
class _Links:
    """Which texts speak for which places, and how loudly."""

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


@dataclass(frozen=True)
class Look:
    """What a question met: a row of FIGURES for each clause, and how much it sounds like nobody's."""

    figures: Figures
    strangeness: Mapping[str, float]


class Board:
    """The clauses of a folder and the texts that speak for them."""

    def __init__(
        self, kb: KnowledgeBase, texts: Sequence[Text], vectors: Vectors, lexicon: Lexicon, elsewhere: Sequence[str]
    ) -> None:
        """`vectors` are those of the texts and then of `elsewhere`, questions that folders seldom answer."""
        self.policies = list(kb.policies)
        self.clauses = [(policy.id, number) for policy in kb.policies.values() for number in policy.clauses]
        self.policy_of = np.array([self.policies.index(policy) for policy, _ in self.clauses], dtype=np.int32)
        self._index = {clause: i for i, clause in enumerate(self.clauses)}
        self._vectors = vectors[: len(texts)]
        self._lexicon = lexicon
        self._texts = texts
        self._texts_of = _grouped(texts)
        self._own = self._links_of(GROUPS["own"])
        self._groups = [self._links_of(kinds) for kinds in GROUPS.values()]
        strange = len(texts) + np.flatnonzero(_far_from(self._vectors, vectors[len(texts) :]))
        self._everything = np.concatenate([self._vectors, vectors[strange]])
        teachers = [i for i, text in enumerate(texts) if text.kind in _TEACH]
        self._teachers = np.array([*teachers, *range(len(texts), len(self._everything))], dtype=np.int64)
        self._spelling = Spelling([text.words for text in texts])
        said = [*(texts[i].words for i in teachers), *(elsewhere[i - len(texts)] for i in strange.tolist())]
        spoken = [[self._index[texts[i].policy, clause] for clause in texts[i].clauses] for i in teachers]
        # What is not ours is one clause more.
        spoken += [[len(self.clauses)]] * len(strange)
        self._taught = Taught(
            self._everything[self._teachers], self._spelling.vectors(said), spoken, len(self.clauses) + 1
        )
        policies = [(i, self.policies.index(text.policy), 1.0) for i, text in enumerate(texts)]
        self._policies = _links(policies, len(self.policies))

    def _links_of(self, kinds: tuple[Kind, ...]) -> _Links:
        pairs = [pair for i, text in enumerate(self._texts) if text.kind in kinds for pair in self._pairs(i, text)]
        return _links(pairs, len(self.clauses))

    def _pairs(self, i: int, text: Text) -> Iterator[tuple[int, int, float]]:
        if text.clauses:
            yield from ((i, self._index[text.policy, clause], 1.0) for clause in text.clauses)
        else:
            yield from ((i, at, share) for at, share in self._shares(i, text))

    def _shares(self, i: int, text: Text) -> list[tuple[int, float]]:
        """How well each clause of the policy fits one of its texts: 1 for the best."""
        places = np.flatnonzero(self.policy_of == self.policies.index(text.policy))
        words = self._lexicon.scores(self._lexicon.query(text.words))
        mine = self._texts_of[text.policy]
        likeness = np.zeros(len(self._texts), dtype=np.float32)
        likeness[mine] = self._vectors[mine] @ self._vectors[i]
        fit = self._own.best(likeness)[places] + 0.3 * self._own.best(words)[places]
        shares = np.exp((fit - fit.max()) / _SHARPNESS) if len(places) else fit
        return [(int(at), float(share)) for at, share in zip(places, shares, strict=True) if share > _LEAST_SHARE]

    def look(self, question: str, vector: Figures, query: Query) -> Look:
        """All that speaks for each clause, and for none."""
        # Not a matrix product: that would wake threads, which costs more than it saves when others work too.
        likeness = np.einsum("td,d->t", self._everything, vector)
        taught = self._taught.scores(likeness[self._teachers], self._spelling.vectors([question])[0])
        meaning = np.maximum(likeness[: len(self._texts)], 0.0)
        words = np.minimum(self._lexicon.scores(query), 1.5)
        columns = []
        for scores in (meaning, words):
            columns += [group.best(scores) for group in self._groups]
            columns.append(self._policies.best(scores)[self.policy_of])
        columns.append(taught[:-1])
        nearest = float(likeness[len(self._texts) :].max(initial=0.0))
        strangeness = {"elsewhere_meaning": nearest, "elsewhere_taught": float(taught[-1])}
        return Look(np.stack(columns, axis=1), strangeness)


def _grouped(texts: Sequence[Text]) -> dict[str, npt.NDArray[np.int64]]:
    """The places of each policy's texts."""
    found: dict[str, list[int]] = {}
    for at, text in enumerate(texts):
        found.setdefault(text.policy, []).append(at)
    return {policy: np.array(places, dtype=np.int64) for policy, places in found.items()}


def _far_from(vectors: Vectors, elsewhere: Vectors) -> npt.NDArray[np.bool_]:
    """Which questions from elsewhere this folder does not answer after all."""
    found: npt.NDArray[np.bool_] = (elsewhere @ vectors.T).max(axis=1, initial=-1.0) < _NEAR_OURS
    return found


def _links(pairs: Sequence[tuple[int, int, float]], size: int) -> _Links:
    texts, places, weights = zip(*pairs, strict=True) if pairs else ((), (), ())
    return _Links(np.array(texts, np.int32), np.array(places, np.int32), np.array(weights, np.float32), size)
