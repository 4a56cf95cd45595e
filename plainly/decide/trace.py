"""How a decision came about, in rows, facts and dated values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from plainly.decide.comparing import tests_in
from plainly.decide.diagram import Allowed, levels
from plainly.decide.errors import DecideError
from plainly.decide.overrides import bases_of
from plainly.decide.parameters import used_by, value_at
from plainly.decide.space import Space
from plainly.model import DecisionTable, KnowledgeBase, ParameterRef, Policy, RowTried, Used


def rows_tried(space: Space, table: DecisionTable, allowed: Allowed) -> tuple[RowTried, ...]:
    """Each row's own condition under what is known, and the exception that took its place."""
    key = ("rows", allowed)
    if key not in space.remembered:
        space.remembered[key] = _rows_tried(space, table, allowed)
    return space.remembered[key]  # type: ignore[return-value]


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


def facts_of(kb: KnowledgeBase, table: DecisionTable) -> tuple[str, ...]:
    """The facts a table uses, in the order they are declared."""
    used = {test.fact for rule in table.rules for test in tests_in(rule.when)}
    return tuple(name for name in kb.facts if name in used or name == table.counts_from)


def parameters_read(
    policy: Policy, table: DecisionTable, rows: Sequence[int], dates: Sequence[date]
) -> tuple[Used, ...]:
    """The dated values these rows read, when they are the same on each of the dates the case may count from."""
    names = {
        test.operand.name
        for row in rows
        for test in tests_in(table.rules[row].when)
        if isinstance(test.operand, ParameterRef)
    }
    found = []
    for parameter in used_by(table, policy):
        if parameter.name in names:
            try:
                used = {value_at(parameter, day) for day in dates}
            except DecideError:
                continue
            if len(used) == 1:
                found.append(used.pop())
    return tuple(found)
