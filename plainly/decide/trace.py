"""How a decision came about, in rows, facts and dated values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

from plainly.decide.comparing import tests_in
from plainly.decide.diagram import Allowed, levels
from plainly.decide.errors import DecideError
from plainly.decide.overrides import bases_of
from plainly.decide.parameters import value_at
from plainly.decide.space import Space
from plainly.model import DecisionTable, ParameterRef, RowTried, Used


def rows_tried(space: Space, table: DecisionTable, allowed: Allowed) -> tuple[RowTried, ...]:
    """Each row's own condition under what is known, and the exception that took its place."""
    key = ("rows", allowed)
    if key not in space.remembered:
        space.remembered[key] = _rows_tried(space, table, allowed)
    return cast(tuple[RowTried, ...], space.remembered[key])


def _rows_tried(space: Space, table: DecisionTable, allowed: Allowed) -> tuple[RowTried, ...]:
    left = [space.diagrams.restrict(row, allowed) for row in space.rows]
    sure = [node.is_leaf and node.value is True for node in left]
    bases = bases_of(table)
    winner = {bases[i]: rule.id for i, rule in enumerate(table.rules) if sure[i] and bases[i] is not None}
    found = []
    for i, (rule, node) in enumerate(zip(table.rules, left, strict=True)):
        result = "yes" if sure[i] else "no" if node.is_leaf else "unknown"
        missing = tuple(space.name(at) for at in levels(node) if space.levels[at].fact)
        found.append(RowTried(rule.id, result, missing, winner.get(i) if sure[i] else None))  # type: ignore[arg-type]
    return tuple(found)


def chain(table: DecisionTable, rows: Iterable[int]) -> tuple[int, ...]:
    """The rows with the rows they are exceptions to, and those of these."""
    bases = bases_of(table)
    found: dict[int, None] = {}
    for row in rows:
        at: int | None = row
        while at is not None and at not in found:
            found[at] = None
            at = bases[at]
    return tuple(found)


def facts_of(space: Space, counts_from: str | None) -> tuple[str, ...]:
    """The facts a table uses, in the order they are declared."""
    key = ("facts", counts_from)
    if key not in space.remembered:
        used = space.ask.atoms.keys() | {counts_from}
        space.remembered[key] = tuple(name for name in space.fact_order if name in used)
    return cast(tuple[str, ...], space.remembered[key])


def parameters_read(space: Space, table: DecisionTable, rows: Sequence[int], dates: Sequence[date]) -> tuple[Used, ...]:
    """The dated values these rows read, when they are the same on each of the dates the case may count from."""
    names = _names_read(space, table, tuple(rows))
    found = []
    for parameter in space.ask.parameters:
        if parameter.name in names:
            try:
                used = {value_at(parameter, day) for day in dates}
            except DecideError:
                continue
            if len(used) == 1:
                found.append(used.pop())
    return tuple(found)


def _names_read(space: Space, table: DecisionTable, rows: tuple[int, ...]) -> frozenset[str]:
    key = ("names", rows)
    if key not in space.remembered:
        tests = (test for row in rows for test in tests_in(table.rules[row].when))
        space.remembered[key] = frozenset(test.operand.name for test in tests if isinstance(test.operand, ParameterRef))
    return cast(frozenset[str], space.remembered[key])
