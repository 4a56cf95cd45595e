"""Which of the matching rows wins: exceptions stand in for the row they name, then the hit policy."""

from __future__ import annotations

from plainly.model import DecisionTable

Bases = tuple[int | None, ...]
"""For each row, the row it is an exception to."""


def bases_of(table: DecisionTable) -> Bases:
    """Which row each row is an exception to. A name no row has counts as none."""
    index = {rule.id: i for i, rule in enumerate(table.rules)}
    return tuple(index.get(rule.overrides) if rule.overrides else None for rule in table.rules)


def resolve(bases: Bases, matching: int, *, first: bool) -> tuple[int, ...]:
    """The rows that win among the matching ones (a bit per row): one, none (a gap), or more (an overlap).

    An exception counts only where the row it names matches too; there it takes that row's place.
    """
    live = [row for row in range(len(bases)) if matching >> row & 1 and _base_matches(bases, matching, row)]
    replaced = {bases[row] for row in live}
    winners = tuple(row for row in live if row not in replaced)
    return winners[:1] if first else winners


def _base_matches(bases: Bases, matching: int, row: int) -> bool:
    at = bases[row]
    for _ in bases:  # a chain is never longer than the table, even when it bites its tail
        if at is None:
            return True
        if not matching >> at & 1:
            return False
        at = bases[at]
    return False
