"""The index of a folder: built once per change, searched in a few milliseconds."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from plainly.model import Found, KnowledgeBase, Passage
from plainly.retrieve.board import FIGURES, Board, Figures
from plainly.retrieve.coverage import probability, signs
from plainly.retrieve.lexical import Glossary, Lexicon, Query
from plainly.retrieve.texts import customer_words, texts_of
from plainly.retrieve.vectors import Encoder, encoded
from plainly.retrieve.weights import Weights, fitted

Status = Literal["covered", "unclear", "not_covered"]

# More than this is no question; the encoder and the word search need no more to find a clause.
_LONGEST_QUESTION = 2_000
# How fast likelihood falls with the score: about a tenth at 0.25 below the best.
_COOLING = 0.11


class Index:
    """Finds the clauses that answer a question. Build one per folder; it is never changed."""

    def __init__(self, board: Board, lexicon: Lexicon, encoder: Encoder, weights: Weights) -> None:
        self._board = board
        self._lexicon = lexicon
        self._encoder = encoder
        self._weights = weights
        self._rank = np.array([weights.rank[name] for name in FIGURES], dtype=np.float32)

    @classmethod
    def build(cls, kb: KnowledgeBase, encoder: Encoder, cache_dir: Path | None = None) -> Index:
        """The index of a folder. `cache_dir` keeps sentence vectors by content for the next time."""
        texts = texts_of(kb)
        lexicon = Lexicon([text.words for text in texts], Glossary(customer_words(kb)))
        vectors = encoded([text.words for text in texts], encoder, cache_dir)
        return cls(Board(kb, texts, vectors, lexicon), lexicon, encoder, fitted())

    def search(self, question: str, *, policy: str | None = None, limit: int = 10) -> Found:
        """The best clauses for a question, best first; `policy` is the one being discussed, if any."""
        question = question[:_LONGEST_QUESTION].strip()
        query = self._lexicon.query(question)
        figures = self.figures(question, query)
        if not question or not len(figures):
            return Found((), 0.0, "not_covered")
        scores = self._scores(figures, policy)
        covered = probability(signs(figures, scores, query, discussing=policy is not None), self._weights.covered)
        order = np.argsort(-scores, kind="stable")
        policies = self._policies(scores)
        return Found(
            passages=tuple(self._passage(at, scores) for at in order[: max(0, limit)].tolist()),
            covered=covered,
            status=self._status(covered),
            policies=self._likelihoods(policies),
            close=len(policies) > 1 and policies[0][1] - policies[1][1] < self._weights.close,
        )

    def _passage(self, at: int, scores: Figures) -> Passage:
        policy, clause = self._board.clauses[at]
        return Passage(policy, clause, float(scores[at]))

    def figures(self, question: str, query: Query | None = None) -> Figures:
        """What speaks for each clause, one row of FIGURES each; benchmarks fit the weights on them."""
        vector = self._encoder.encode([question])[0]
        return self._board.figures(vector, query or self._lexicon.query(question))

    def _scores(self, figures: Figures, policy: str | None) -> Figures:
        scores: Figures = figures @ self._rank
        if policy in self._board.policies:
            scores = scores + self._weights.discussed * (self._board.policy_of == self._board.policies.index(policy))
        return scores

    def _policies(self, scores: Figures) -> list[tuple[str, float]]:
        best = np.full(len(self._board.policies), -np.inf, dtype=np.float32)
        np.maximum.at(best, self._board.policy_of, scores)
        return sorted(zip(self._board.policies, best.tolist(), strict=True), key=lambda pair: -pair[1])

    def _likelihoods(self, policies: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
        raw = [float(np.exp((score - policies[0][1]) / _COOLING)) for _, score in policies]
        return tuple((name, round(one / sum(raw), 4)) for (name, _), one in zip(policies, raw, strict=True))

    def _status(self, covered: float) -> Status:
        if covered >= self._weights.floor:
            return "covered"
        return "unclear" if covered >= self._weights.unclear else "not_covered"
