"""Cells: the few values of a fact that stand for all of them, because no rule tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from plainly.decide.comparing import Basic, Concrete
from plainly.decide.values import day_at, rank, shift
from plainly.model import Duration, Fact, Scalar

Question = tuple[Basic, Concrete]
"""What a rule may ask of the fact: an operator and an exact operand."""

_CENT = Decimal("0.01")
# Months differ in length by three days, so a limit in months may fall that far from its mirror image.
_MONTH_SLACK = 4


@dataclass(frozen=True)
class Cell:
    """Values no rule tells apart. `sensible` are those a customer can have; maybe none."""

    signature: Hashable
    values: tuple[Scalar, ...]
    sensible: tuple[Scalar, ...]
    weight: float


def cells_of(
    fact: Fact, questions: Sequence[Question], today: date, *, sign: Callable[[Scalar], Hashable],
    also: Iterable[Scalar] = (),
) -> tuple[Cell, ...]:  # fmt: skip
    """The cells of a fact under a signature, in the order of their values. `also` are values to include."""
    groups: dict[Hashable, list[Scalar]] = {}
    for value in candidates(fact, questions, today, also):
        groups.setdefault(sign(value), []).append(value)
    return tuple(_cell(fact, signature, values, today) for signature, values in groups.items())


def _cell(fact: Fact, signature: Hashable, values: list[Scalar], today: date) -> Cell:
    sensible = tuple(value for value in values if is_sensible(fact, value, today))
    weight = float(len(sensible)) if fact.type == "choice" else 1.0
    return Cell(signature, tuple(values), sensible, weight)


def is_sensible(fact: Fact, value: Scalar, today: date) -> bool:
    """Whether a customer could have this value: dates gone by unless they may lie ahead, sums not below zero."""
    match value:
        case Decimal():
            low = Decimal(0) if fact.low is None else fact.low
            return value >= low and (fact.high is None or value <= fact.high)
        case date():
            return fact.future or value <= today
        case Duration(amount, _):
            return amount >= 0
        case _:
            return True


def candidates(fact: Fact, questions: Sequence[Question], today: date, also: Iterable[Scalar] = ()) -> list[Scalar]:
    """Values on both sides of everything the rules may ask, and at it."""
    match fact.type:
        case "choice":
            return [option.name for option in fact.options]
        case "yes_no":
            return [True, False]
        case "date":
            found: set[Scalar] = {today, *_dates(questions, today)}
        case "duration":
            found = set(_spans(questions, today))
        case _:
            found = set(_numbers(fact, questions))
    # Two spellings of one span (14 days, 2 weeks) are one value.
    ordered = {rank(value, today): value for value in (*found, *also)}
    return [ordered[at] for at in sorted(ordered)]


def _operands(questions: Sequence[Question]) -> Iterable[tuple[Basic, Scalar]]:
    for op, operand in questions:
        for one in operand if isinstance(operand, tuple) else (operand,):
            yield op, one


def _numbers(fact: Fact, questions: Sequence[Question]) -> Iterable[Scalar]:
    limits = {Decimal(one.amount) if isinstance(one, Duration) else one for _, one in _operands(questions)}
    figures = [one for one in limits if isinstance(one, Decimal)]
    whole = fact.type == "number" and all(one == one.to_integral_value() for one in figures)
    step = Decimal(1) if whole else _CENT
    for one in figures:
        yield from (one - step, one, one + step)
    yield from (one for one in (fact.low, fact.high) if one is not None)


def _dates(questions: Sequence[Question], today: date) -> Iterable[date]:
    for op, one in _operands(questions):
        if isinstance(one, Duration):
            near = shift(today, one, -1 if op == "within" else 1)
            slack = _MONTH_SLACK if one.unit in {"month", "year"} else 1
        elif isinstance(one, date):
            near, slack = one, 1
        else:
            continue
        yield from around(near, slack)


def around(day: date, slack: int = 1) -> list[date]:
    """The days from `slack` before to `slack` after, inside the calendar."""
    return [day_at(Decimal(day.toordinal() + offset)) for offset in range(-slack, slack + 1)]


def _spans(questions: Sequence[Question], today: date) -> Iterable[Duration]:
    for _, one in _operands(questions):
        if not isinstance(one, Duration):
            continue
        yield one
        hours = int(rank(one, today))
        if one.unit == "hour":
            yield from (Duration(hours - 1, "hour"), Duration(hours + 1, "hour"))
        else:
            days = timedelta(hours=hours).days
            yield from (Duration(days - 1, "day"), Duration(days + 1, "day"))
