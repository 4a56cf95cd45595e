"""The cases of a decision that the checker looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from plainly.kb.conditions import leaves
from plainly.model import DecisionTable, Fact, KnowledgeBase, Policy, Value

MOST_CASES = 800
"""Cases of one decision that are rendered; beyond it, examples are varied one fact at a time."""

Facts = Mapping[str, Value]


class Cases:
    """The cases of one decision that its examples lead to: every value of every choice, and what examples name."""

    def __init__(self, table: DecisionTable, policy: Policy, kb: KnowledgeBase) -> None:
        self.table = table
        self.policy = policy
        self.kb = kb

    @cached_property
    def examples(self) -> list[tuple[Facts, date]]:
        """The facts and days of the examples of this decision."""
        return [(one.given, one.as_of) for one in self.policy.examples if self.table.name in one.expect]

    @cached_property
    def facts(self) -> list[Fact]:
        """The facts that the rows test or the wording names as a condition, in a fixed order."""
        tested = {test.fact for rule in self.table.rules for test in leaves(rule.when)}
        named = {variant.fact for one in self._wordings() for part in one.parts.values() for variant in part}
        return [self.kb.facts[name] for name in sorted(tested | {name for name in named if name})]

    def _wordings(self) -> list[Any]:
        return [one for one in self.policy.wordings.values() if one.decision == self.table.name]

    def all(self) -> Iterator[tuple[Facts, date]]:
        """Every example, then combinations of values; all of them when there are not too many."""
        yield from self.examples
        values = {fact.name: self._values(fact) for fact in self.facts}
        if prod(len(found) for found in values.values()) <= MOST_CASES:
            day = max((day for _, day in self.examples), default=date(2026, 1, 1))
            for chosen in product(*values.values()):
                yield {name: value for name, value in zip(values, chosen, strict=True) if value is not None}, day
        else:
            yield from self._varied(values)

    def _varied(self, values: Mapping[str, list[Value | None]]) -> Iterator[tuple[Facts, date]]:
        for given, day in self.examples:
            for name, found in values.items():
                for value in found:
                    if value is not None:
                        yield {**given, name: value}, day

    def _values(self, fact: Fact) -> list[Value | None]:
        if fact.type == "choice":
            return [None, *(option.name for option in fact.options)]
        if fact.type == "yes_no":
            return [None, True, False]
        seen = dict.fromkeys(given[fact.name] for given, _ in self.examples if fact.name in given)
        return [None, *seen]
