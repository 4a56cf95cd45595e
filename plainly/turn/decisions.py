"""Which decision a message asks for, judged by the folder's own questions and worked cases."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import numpy.typing as npt

from plainly.model import AllOf, AnyOf, Condition, DecisionTable, KnowledgeBase, Not, Test
from plainly.retrieve.vectors import Encoder, encoded

Vectors = npt.NDArray[np.float32]

ALL_FACTS = 0.48
"""What a message adds to a decision when it names all of its facts, in units of cosine; a part adds that part."""

NEAREST = 5
"""So many sentences of a decision count beside the nearest, which may be near for a shared noun alone."""


def facts_used(table: DecisionTable) -> frozenset[str]:
    """The facts that any row of a table tests."""
    return frozenset(fact for rule in table.rules for fact in facts_in(rule.when))


def facts_in(condition: Condition) -> set[str]:
    """The facts a condition tests."""
    match condition:
        case Test(fact=fact):
            return {fact}
        case Not(part=part):
            return facts_in(part)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return {fact for part in parts for fact in facts_in(part)}


class Decisions:
    """All decisions of a folder with the sentences that ask for them: titles, questions, worked cases."""

    def __init__(self, kb: KnowledgeBase, encoder: Encoder, cache_dir: Path | None = None) -> None:
        self.tables = [table for policy in kb.policies.values() for table in policy.decisions.values()]
        self._facts = [facts_used(table) for table in self.tables]
        said = [(at, text) for at, table in enumerate(self.tables) for text in _sentences(kb, table)]
        self._owner = np.array([at for at, _ in said], dtype=np.intp)
        self._vectors: Vectors = encoded([text for _, text in said], encoder, cache_dir)

    def rank(self, question: Vectors, heard: Collection[str]) -> list[tuple[float, DecisionTable]]:
        """The decisions with their scores, best first. `question` is the message's vector."""
        if not self.tables:
            return []
        likeness = self._vectors @ question
        scores = [
            _nearness(likeness[self._owner == at]) + ALL_FACTS * len(facts & set(heard)) / max(len(facts), 1)
            for at, facts in enumerate(self._facts)
        ]
        return sorted(zip(scores, self.tables, strict=True), key=lambda pair: -pair[0])


def _nearness(likeness: Vectors) -> float:
    """Half for the nearest sentence, half for the nearest few: one alone may be near by chance of a word."""
    nearest = np.sort(likeness)[::-1][:NEAREST]
    return float(nearest[0] + nearest.mean()) / 2 if len(nearest) else -1.0


def _sentences(kb: KnowledgeBase, table: DecisionTable) -> list[str]:
    examples = kb.policies[table.policy].examples
    messages = [example.message for example in examples if example.message and table.name in example.expect]
    return [table.title or table.name.replace("_", " "), *table.questions, *messages]
