"""A case inside a space: which cells its facts allow, and what is still open there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from plainly.decide.diagram import Allowed, Node, levels
from plainly.decide.errors import DecideError
from plainly.decide.parameters import period_on, value_at
from plainly.decide.questions import next_question
from plainly.decide.space import Extras, Level, Space, condition_space, table_periods, table_space
from plainly.decide.values import checked, rank
from plainly.model import Between, Condition, DecisionTable, Facts, KnowledgeBase, Scalar, Value

_REMEMBERED = 4_096


class _NoCellError(Exception):
    def __init__(self, fact: str, value: Scalar) -> None:
        super().__init__(fact)
        self.extra = (fact, value)


@dataclass(frozen=True)
class Standing:
    """Where a case stands: what can still win and come out, which facts matter, which to ask."""

    rows: Node
    outcomes: Node
    missing: tuple[int, ...]
    asks: int | None


def place_in_table(kb: KnowledgeBase, table: DecisionTable, facts: Facts, today: date) -> tuple[Space, Allowed]:
    """The space to decide a table in, and the cells the facts allow there."""
    reads_at = _undated_day(kb, table, facts, today)
    extras: Extras = ()
    while True:
        space = table_space(kb, table.id, today, reads_at=reads_at, extras=extras)
        try:
            return space, _allowed(space, facts)
        except _NoCellError as error:
            extras = (*extras, error.extra)


def place_in_condition(
    kb: KnowledgeBase, policy: str, condition: Condition, facts: Facts, today: date
) -> tuple[Space, Allowed]:
    """The space of a single condition, and the cells the facts allow there."""
    extras: Extras = ()
    while True:
        space = condition_space(kb, policy, condition, today, extras)
        try:
            return space, _allowed(space, facts)
        except _NoCellError as error:
            extras = (*extras, error.extra)


def known_value(kb: KnowledgeBase, facts: Facts, name: str) -> Value | None:
    """The checked value of a fact, None when it is missing. A range of one value is that value."""
    if name not in facts:
        return None
    value = checked(kb.facts[name], facts[name].value)
    return value.low if isinstance(value, Between) and value.low == value.high else value


def _undated_day(kb: KnowledgeBase, table: DecisionTable, facts: Facts, today: date) -> date | None:
    """The exact date parameters are read at, when not every parameter has a value there."""
    value = known_value(kb, facts, table.counts_from) if table.counts_from else None
    if not isinstance(value, date):
        return None
    found = table_periods(kb, table.id, today)
    return None if found[period_on(found, value)].known else value


def _allowed(space: Space, facts: Facts) -> Allowed:
    return tuple(_cells(space, level, facts) for level in space.levels)


def _cells(space: Space, level: Level, facts: Facts) -> tuple[int, ...]:
    if level.fact is None or level.fact.name not in facts:
        return level.sensible
    name = level.fact.name
    value = checked(level.fact, facts[name].value)
    index = level.index
    if not isinstance(value, Between):
        found = index.get(space.sign(name, value))
        if found is None:
            raise _NoCellError(name, value)
        return (found,)
    inside = _inside(space, level, value)
    signs = {space.sign(name, one): one for one in inside}
    if not level.periods:
        for sign, one in signs.items():
            if sign not in index:
                raise _NoCellError(name, one)
    cells = tuple(sorted(index[sign] for sign in signs if sign in index))
    if not cells:
        raise _no_value_between(space, value)
    return cells


def _inside(space: Space, level: Level, value: Between) -> list[Scalar]:
    today = space.ask.today
    low, high = sorted((rank(value.low, today), rank(value.high, today)))
    marks = [one for cell in level.cells for one in cell.values if low <= rank(one, today) <= high]
    return [*marks, value.low, value.high]


def _no_value_between(space: Space, value: Between) -> DecideError:
    day = cast(date, value.high)
    undated = space.periods[period_on(space.periods, day)].values
    for parameter in space.ask.parameters:
        if undated[parameter.name] is None:
            try:
                value_at(parameter, day)
            except DecideError as error:
                return error
    return DecideError("no_value_at_date", f"The rules have no values between {value.low} and {value.high}.")


def stand(space: Space, allowed: Allowed) -> Standing:
    """Where a case stands; remembered, since many cases differ only in values no rule tells apart."""
    found = space.remembered.get(allowed)
    if found is None:
        if len(space.remembered) > _REMEMBERED:
            space.remembered.clear()
        found = space.remembered[allowed] = _stand(space, allowed)
    return cast(Standing, found)


def _stand(space: Space, allowed: Allowed) -> Standing:
    outcomes = space.diagrams.restrict(space.outcomes, allowed)
    open_levels = tuple(i for i in levels(outcomes) if space.levels[i].fact is not None)
    order = {name: i for i, name in enumerate(space.fact_order)}
    missing = tuple(sorted(open_levels, key=lambda i: order[space.name(i)]))
    asks = next_question(space, outcomes, allowed, missing) if missing else None
    return Standing(space.diagrams.restrict(space.root, allowed), outcomes, missing, asks)
