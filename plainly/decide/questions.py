"""Which fact to ask next: the one that leaves the fewest further questions to expect."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from math import log2
from typing import TYPE_CHECKING

from plainly.decide.diagram import Allowed, Node, levels

if TYPE_CHECKING:
    from plainly.decide.space import Space

# Counting every order of questions is exact but grows fast; past this many facts the entropy decides.
_COUNTED_EXACTLY = 4
Weights = tuple[tuple[float, ...], ...]
_Cost = Callable[[Node], float]


def next_question(space: Space, outcomes: Node, allowed: Allowed, missing: tuple[int, ...]) -> int:
    """The level to ask next. Ties go to the better worst case, then to the fact declared first."""
    if len(missing) == 1:
        return missing[0]
    weights = _weights(space, allowed)
    cost = _Questions(space, weights).after if len(missing) <= _COUNTED_EXACTLY else _Uncertainty(weights).after
    costs = {level: _expected(space, outcomes, weights, level, cost) for level in missing}
    return min(missing, key=lambda level: costs[level])


def _weights(space: Space, allowed: Allowed) -> Weights:
    found = []
    for level, cells in zip(space.levels, allowed, strict=True):
        raw = [cell.weight if i in cells else 0.0 for i, cell in enumerate(level.cells)]
        found.append(tuple(weight / sum(raw) for weight in raw))
    return tuple(found)


def _expected(space: Space, outcomes: Node, weights: Weights, level: int, cost: _Cost) -> tuple[float, float]:
    answers = [
        (weight, cost(space.diagrams.fix(outcomes, level, cell)))
        for cell, weight in enumerate(weights[level])
        if weight
    ]
    mean = sum(weight * one for weight, one in answers)
    return round(mean, 9), round(max(one for _, one in answers), 9)


class _Questions:
    """The expected number of questions still needed when each is chosen best."""

    def __init__(self, space: Space, weights: Weights) -> None:
        self._space = space
        self._weights = weights
        self._found: dict[Node, float] = {}

    def after(self, node: Node) -> float:
        if node.is_leaf:
            return 0.0
        if node not in self._found:
            choices = (_expected(self._space, node, self._weights, level, self.after) for level in levels(node))
            self._found[node] = 1.0 + min(choices)[0]
        return self._found[node]


class _Uncertainty:
    """How undecided the outcome is, in bits."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._found: dict[Node, dict[Hashable, float]] = {}

    def after(self, node: Node) -> float:
        return -sum(chance * log2(chance) for chance in self._chances(node).values() if chance)

    def _chances(self, node: Node) -> dict[Hashable, float]:
        if node.is_leaf:
            return {node.value: 1.0}
        if node not in self._found:
            total: dict[Hashable, float] = {}
            for weight, child in zip(self._weights[int(node.level)], node.children, strict=True):
                for value, chance in self._chances(child).items() if weight else ():
                    total[value] = total.get(value, 0.0) + weight * chance
            self._found[node] = total
        return self._found[node]
