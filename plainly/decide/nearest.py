"""The nearest yes: the smallest thing the customer could still change that would turn the answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from typing import cast

from plainly.decide.diagram import Allowed
from plainly.decide.space import Space
from plainly.decide.values import rank
from plainly.model import Between, DecisionTable, Facts, NearestYes, Scalar, Value, Verdict

# Nobody changes more than three things for one answer.
_MOST_CHANGES = 3
_HOURS_IN_YEAR = Decimal(8_760)
Change = tuple[tuple[int, int], ...]
"""Levels with the cell each moves to."""


def nearest_yes(
    space: Space, table: DecisionTable, allowed: Allowed, facts: Facts, verdict: Verdict
) -> NearestYes | None:
    """The change of fewest facts, then the smallest, that gives a yes; else a partly; else None.

    Only changeable facts move, and whatever is still missing stays missing: the yes holds all the same.
    """
    if verdict not in {"no", "partly"} or (table.counts_from and space.ask.reads_at):
        return None
    for goal in ("yes", "partly") if verdict == "no" else ("yes",):
        for count in range(1, _MOST_CHANGES + 1):
            changes = _changes(space, table, allowed, goal, count)
            if changes:
                return _smallest(space, table, allowed, facts, changes)
    return None


def _changes(space: Space, table: DecisionTable, allowed: Allowed, goal: str, count: int) -> tuple[Change, ...]:
    key = ("changes", allowed, goal, count)
    if key not in space.remembered:
        space.remembered[key] = tuple(_search(space, table, allowed, goal, count))
    return cast(tuple[Change, ...], space.remembered[key])


def _search(space: Space, table: DecisionTable, allowed: Allowed, goal: str, count: int) -> Iterator[Change]:
    movable = [i for i, level in enumerate(space.levels) if level.fact and level.fact.changeable]
    for chosen in combinations(movable, count):
        options = [[cell for cell in space.levels[i].sensible if allowed[i] != (cell,)] for i in chosen]
        for cells in product(*options):
            change = tuple(zip(chosen, cells, strict=True))
            end = space.diagrams.restrict(space.outcomes, moved(allowed, change))
            if end.is_leaf and isinstance(end.value, str) and table.outcomes[end.value].verdict == goal:
                yield change


def moved(allowed: Allowed, change: Change) -> Allowed:
    """The allowed cells after a change."""
    to = dict(change)
    return tuple((to[i],) if i in to else cells for i, cells in enumerate(allowed))


def _smallest(
    space: Space, table: DecisionTable, allowed: Allowed, facts: Facts, changes: tuple[Change, ...]
) -> NearestYes:
    priced = [_priced(space, facts, change) for change in changes]
    best = min(range(len(changes)), key=lambda i: (priced[i][0], i))
    after = moved(allowed, changes[best])
    outcome = cast(str, space.diagrams.restrict(space.outcomes, after).value)
    rows = space.diagrams.restrict(space.root, after)
    while not rows.is_leaf:
        rows = rows.children[0]
    return NearestYes(priced[best][1], outcome, table.rules[cast(tuple[int, ...], rows.value)[0]].id)


def _priced(space: Space, facts: Facts, change: Change) -> tuple[Decimal, dict[str, Value]]:
    total, values = Decimal(0), dict[str, Value]()
    for level, cell in change:
        name = space.name(level)
        now = facts[name].value if name in facts else None
        distance, value = min(
            ((_distance(now, one, space.ask.today), one) for one in space.levels[level].cells[cell].sensible),
            key=lambda pair: pair[0],
        )
        total += distance
        values[name] = value
    return total, values


def _distance(now: Value | None, value: Scalar, today: date) -> Decimal:
    """How big a change is: 1 for another choice, about 1 for doubling a number or moving a date by a year."""
    if now is None or isinstance(now, str | bool):
        return Decimal(1)
    near = now
    if isinstance(now, Between):
        ends = sorted((rank(now.low, today), rank(now.high, today)))
        gap = max(ends[0] - rank(value, today), rank(value, today) - ends[1], Decimal(0))
        near = now.low
    else:
        gap = abs(rank(now, today) - rank(value, today))
    if isinstance(near, Decimal):
        return gap / (abs(near) + 1)
    return gap * 24 / _HOURS_IN_YEAR if isinstance(near, date) else gap / _HOURS_IN_YEAR
