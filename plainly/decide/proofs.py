"""Proofs over a table: every case has one row, in every period, on both sides of every threshold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from plainly.decide.comparing import tests_in
from plainly.decide.deciding import find_table
from plainly.decide.diagram import Node, results
from plainly.decide.parameters import Period, period_on, periods, used_by
from plainly.decide.space import Space, table_space
from plainly.decide.values import canonical, shift
from plainly.model import DecisionTable, Duration, KnowledgeBase, Policy, Value

_DAY = Duration(1, "day")
# Enough to see the pattern; the rest of the same hole only hides it.
_MOST_WITNESSES = 5
_SOME_DAY = date(2026, 1, 1)

Rows = tuple[int, ...]


@dataclass(frozen=True)
class Witness:
    """A case that proves a fault, as seen from `today`. Facts not named may have any value."""

    facts: Mapping[str, Value]
    today: date
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Proofs:
    """What is wrong with a table: cases without a row, cases with two, and what no case reaches."""

    gaps: tuple[Witness, ...]
    overlaps: tuple[Witness, ...]
    unreachable_rows: tuple[str, ...]
    unreachable_outcomes: tuple[str, ...]


def proofs(kb: KnowledgeBase, table: DecisionTable | str) -> Proofs:
    """Walk every case of a table, in every period of its parameters. Raises DecideError for an unusable table."""
    found = find_table(kb, table) if isinstance(table, str) else table
    gaps: dict[object, Witness] = {}
    overlaps: dict[object, Witness] = {}
    won: set[int] = set()
    for today in _todays(found, kb.policies[found.policy]):
        space = table_space(kb, found.id, today)
        cases = _sensible(space)
        won |= {rows[0] for rows in cast(list[Rows], results(cases)) if len(rows) == 1}
        for witness in _witnesses(found, space, cases):
            (overlaps if witness.rows else gaps).setdefault(_kind(witness), witness)
    return Proofs(
        tuple(gaps.values())[:_MOST_WITNESSES],
        tuple(overlaps.values())[:_MOST_WITNESSES],
        tuple(rule.id for i, rule in enumerate(found.rules) if i not in won),
        tuple(name for name in found.outcomes if name not in {found.rules[i].then for i in won}),
    )


def witness_of(kb: KnowledgeBase, table: DecisionTable, outcome: str, today: date) -> Witness | None:
    """A case that comes out so, as seen from `today`; None where no case does. Raises DecideError."""
    space = table_space(kb, table.id, today)
    for rows, cells in _paths(_sensible(space), set()):
        if len(rows) == 1 and table.rules[rows[0]].then == outcome:
            return _witness(table, space, rows, cells)
    return None


def _sensible(space: Space) -> Node:
    """The winning rows of the cases a customer can be in."""
    return space.diagrams.restrict(space.root, tuple(level.sensible for level in space.levels))


def _kind(witness: Witness) -> object:
    # The same hole on another day is no news.
    facts = ((name, None if isinstance(value, date) else canonical(value)) for name, value in witness.facts.items())
    return witness.rows or tuple(facts)


def _witnesses(table: DecisionTable, space: Space, cases: Node) -> Iterator[Witness]:
    for rows, cells in _paths(cases, set()):
        if len(rows) != 1:
            yield _witness(table, space, rows, cells)


def _witness(table: DecisionTable, space: Space, rows: Rows, cells: Iterable[tuple[int, int]]) -> Witness:
    facts = {space.name(level): _value(space, level, cell) for level, cell in cells if space.levels[level].fact}
    return Witness(facts, space.ask.today, tuple(table.rules[row].id for row in rows))


def _value(space: Space, level: int, cell: int) -> Value:
    found = space.levels[level].cells[cell]
    return (found.sensible or found.values)[0]


def _paths(node: Node, seen: set[object]) -> Iterator[tuple[Rows, tuple[tuple[int, int], ...]]]:
    """One way to each result through each part of the diagram."""
    if node in seen:
        return
    seen.add(node)
    if node.is_leaf:
        seen.discard(node)
        yield cast(Rows, node.value), ()
        return
    for cell, child in enumerate(node.children):
        for rows, rest in _paths(child, seen):
            yield rows, ((int(node.level), cell), *rest)


def _todays(table: DecisionTable, policy: Policy) -> tuple[date, ...]:
    """The days to look from, so that each period shows both sides of each of its limits."""
    every = periods(used_by(table, policy))
    known = [period for period in every if period.known]
    fixed = _fixed_dates(table)
    starts = [period.start for period in known if period.start] or fixed or [policy.reviewed or _SOME_DAY]
    looked = set(starts) | {shift(day, _DAY, sign) for day in fixed for sign in (1, -1)}
    if table.counts_from or fixed:
        looked |= {later for day in (*starts, *fixed) for later in _afterwards(day, _spans(table, known))}
    dated = (day for day in sorted(looked) if every[period_on(every, day)].known or table.counts_from)
    return tuple(dated) or tuple(sorted(looked))


def _afterwards(day: date, spans: Iterable[Duration]) -> Iterator[date]:
    for span in spans:
        yield shift(day, span)
        yield shift(shift(day, span), _DAY)


def _fixed_dates(table: DecisionTable) -> list[date]:
    tests = (test for rule in table.rules for test in tests_in(rule.when))
    return sorted({test.operand for test in tests if isinstance(test.operand, date)})


def _spans(table: DecisionTable, known: list[Period]) -> list[Duration]:
    tests = (test for rule in table.rules for test in tests_in(rule.when))
    literal = [test.operand for test in tests if isinstance(test.operand, Duration)]
    dated = [value for period in known for value in period.values.values() if isinstance(value, Duration)]
    return list(dict.fromkeys((*literal, *dated)))
