"""Arithmetic of values: order, calendar sums, and the text that stands for a value everywhere."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from plainly.decide.errors import DecideError
from plainly.model import Between, Duration, Fact, Scalar, Value

_HOURS = {"hour": 1, "day": 24, "week": 168}
_LAST = date.max.toordinal()


def canonical(value: Value) -> str:
    """The one text of a value, as receipts and the wire use it.

    >>> canonical(Decimal("45.00")), canonical(Duration(2, "week")), canonical(True)
    ('45', '2 weeks', 'yes')
    >>> canonical(Between(date(2026, 10, 1), date(2026, 10, 9)))
    '2026-10-01..2026-10-09'
    """
    match value:
        case Between(low, high):
            return f"{canonical(low)}..{canonical(high)}"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format(value.normalize() + 0, "f")
        case Duration(amount, unit):
            return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"
        case date():
            return value.isoformat()
        case _:
            return value


def shift(day: date, span: Duration, sign: int = 1) -> date:
    """The day `span` after `day` (before it with sign -1): months and years by the calendar.

    A sum past the calendar's end gives its first or last day.

    >>> shift(date(2026, 1, 31), Duration(1, "month"))
    datetime.date(2026, 2, 28)
    """
    amount = sign * span.amount
    try:
        if span.unit == "hour":
            return (datetime.combine(day, time.min) + timedelta(hours=amount)).date()
        if span.unit in {"month", "year"}:
            return day + relativedelta(months=amount * (12 if span.unit == "year" else 1))
        return day + timedelta(days=amount * (7 if span.unit == "week" else 1))
    except (OverflowError, ValueError):
        return date.max if amount > 0 else date.min


def rank(value: Scalar, today: date) -> Decimal:
    """Where a value stands among others of its type. A month or year is as long as the last one was."""
    match value:
        case Decimal():
            return value
        case Duration(amount, unit) if unit in _HOURS:
            return Decimal(amount * _HOURS[unit])
        case Duration():
            return Decimal((today - shift(today, value, -1)).days * 24)
        case date():
            return Decimal(value.toordinal())
        case _:
            raise DecideError("cannot_compare", f"{canonical(value)!r} has no order: use is, not or in.")


def day_at(rank_: Decimal) -> date:
    """The date with this rank."""
    return date.fromordinal(min(max(int(rank_), 1), _LAST))


def checked(fact: Fact, value: Value) -> Value:
    """The value, when it is one this fact can have. Raises DecideError `wrong_value`."""
    if isinstance(value, Between):
        if not (_fits(fact, value.low) and _fits(fact, value.high)) or fact.type in {"choice", "yes_no"}:
            raise _wrong(fact, value)
        return value
    if not _fits(fact, value):
        raise _wrong(fact, value)
    return value


def _fits(fact: Fact, value: object) -> bool:
    match fact.type:
        case "number" | "money":
            return isinstance(value, Decimal) and value.is_finite()
        case "date":
            return isinstance(value, date) and not isinstance(value, datetime)
        case "duration":
            return isinstance(value, Duration)
        case "yes_no":
            return isinstance(value, bool)
        case "choice":
            return any(value == option.name for option in fact.options)


def _wrong(fact: Fact, value: Value) -> DecideError:
    allowed = f": one of {', '.join(o.name for o in fact.options)}" if fact.options else ""
    return DecideError(
        "wrong_value",
        f"{value!r} is not a value of {fact.name}, which is a {fact.type}{allowed}.",
        {"fact": fact.name, "type": fact.type},
    )
