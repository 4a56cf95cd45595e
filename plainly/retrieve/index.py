"""The index of a folder: built once per change, searched in a few milliseconds."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from plainly.model import Found, KnowledgeBase, Passage
from plainly.retrieve.board import FIGURES, Board, Figures, Look
from plainly.retrieve.coverage import probability, signs
from plainly.retrieve.lexical import Glossary, Lexicon, Query
from plainly.retrieve.mending import Mender
from plainly.retrieve.texts import customer_words, elsewhere, is_untaught, texts_of
from plainly.retrieve.vectors import Encoder, encoded
from plainly.retrieve.weights import Coverage, Weights, fitted

Status = Literal["covered", "unclear", "not_covered"]

# More than this is no question; the encoder and the word search need no more to find a clause.
_LONGEST_QUESTION = 2_000
# How fast likelihood falls with the score: about a tenth at 0.25 below the best.
_COOLING = 0.11


class Index:
    """Finds the clauses that answer a question. Build one per folder; it is never changed."""

    def __init__(
        self,
        board: Board,
        lexicon: Lexicon,
        encoder: Encoder,
        weights: Weights,
        mender: Mender,
        *,
        untaught: Collection[str] = (),
    ) -> None:
        self._mender = mender
        self._untaught = frozenset(untaught)
        self._board = board
        self._lexicon = lexicon
        self._encoder = encoder
        self._weights = weights
        self._rank = np.array([weights.rank[name] for name in FIGURES], dtype=np.float32)
        # One turn may search for the same words in several lights.
        self._seen = lru_cache(maxsize=32)(self._see)

    @classmethod
    def build(cls, kb: KnowledgeBase, encoder: Encoder, cache_dir: Path | None = None) -> Index:
        """The index of a folder. `cache_dir` keeps sentence vectors by content for the next time."""
        texts = texts_of(kb)
        lexicon = Lexicon([text.words for text in texts], Glossary(customer_words(kb)))
        own = [text.words for text in texts]
        vectors = encoded([*own, *elsewhere()], encoder, cache_dir)
        board = Board(kb, texts, vectors, lexicon, elsewhere())
        mender = Mender(own, getattr(encoder, "knows", lambda word: False))
        untaught = [policy.id for policy in kb.policies.values() if is_untaught(policy)]
        return cls(board, lexicon, encoder, fitted(), mender, untaught=untaught)

    def search(self, question: str, *, policy: str | None = None, limit: int = 10) -> Found:
        """The best clauses for a question, best first; `policy` is the one being discussed, if any."""
        question = self.mend(question)
        policy = policy if policy in self._board.policies else None
        if not question or not self._board.clauses:
            return Found((), 0.0, "not_covered")
        query, look = self._seen(question)
        figures = look.figures
        scores = self._scores(figures, policy)
        told = signs(figures, scores, query, strangeness=look.strangeness, discussing=policy is not None)
        order = np.argsort(-scores, kind="stable")
        best, _ = self._board.clauses[int(order[0])]
        chosen = self._weights.untaught if best in self._untaught else self._weights
        covered = probability(told, chosen.covered)
        policies = self._policies(scores)
        return Found(
            passages=tuple(self._passage(at, scores) for at in order[: max(0, limit)].tolist()),
            covered=covered,
            status=_status(covered, chosen),
            policies=self._likelihoods(policies),
            close=len(policies) > 1 and policies[0][1] - policies[1][1] < self._weights.close,
        )

    def mend(self, question: str) -> str:
        """A question with its typing slips mended."""
        return self._mender.mend(question[:_LONGEST_QUESTION])

    def _passage(self, at: int, scores: Figures) -> Passage:
        policy, clause = self._board.clauses[at]
        return Passage(policy, clause, float(scores[at]))

    @property
    def clauses(self) -> list[tuple[str, str]]:
        """All clauses, as (policy, number), in the order of `figures`."""
        return list(self._board.clauses)

    def query(self, question: str) -> Query:
        """A question as the word search sees it."""
        return self._lexicon.query(self.mend(question))

    def look(self, question: str) -> Look:
        """All that speaks for each clause; benchmarks fit the weights on it."""
        return self._seen(self.mend(question))[1]

    def _see(self, question: str) -> tuple[Query, Look]:
        query = self._lexicon.query(question)
        return query, self._board.look(question, self._encoder.encode([question])[0], query)

    def _scores(self, figures: Figures, policy: str | None) -> Figures:
        scores: Figures = figures @ self._rank
        if policy is not None:
            scores = scores + self._weights.discussed * (self._board.policy_of == self._board.policies.index(policy))
        return scores

    def _policies(self, scores: Figures) -> list[tuple[str, float]]:
        best = np.full(len(self._board.policies), -np.inf, dtype=np.float32)
        np.maximum.at(best, self._board.policy_of, scores)
        return sorted(zip(self._board.policies, best.tolist(), strict=True), key=lambda pair: -pair[1])

    def _likelihoods(self, policies: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
        raw = [float(np.exp((score - policies[0][1]) / _COOLING)) for _, score in policies]
        return tuple((name, round(one / sum(raw), 4)) for (name, _), one in zip(policies, raw, strict=True))


def _status(covered: float, chosen: Coverage) -> Status:
    if covered >= chosen.floor:
        return "covered"
    return "unclear" if covered >= chosen.unclear else "not_covered"
