"""From a figure heard to the value of a fact: exact, or between two values when it was hedged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plainly.model import Between, Duration, Fact, Unit, Value
from plainly.understand.lexicon import Lexicon
from plainly.understand.mentions import Mention
from plainly.understand.pieces import Days, back
from plainly.understand.text import Range

DAYS_OF = {"hour": 1 / 24, "day": 1, "week": 7, "fortnight": 14, "month": 30.4, "year": 365, "date": 1}


def value_of(mention: Mention, fact: Fact, today: date, lexicon: Lexicon, *, ahead: bool = False) -> Value | None:
    """The value a figure gives a fact; None when it does not fit the fact's type or bounds."""
    hedges = lexicon.files["hedges"]
    if fact.type == "date":
        return _date_value(mention, today, hedges, ahead=ahead and fact.future)
    if fact.type == "duration" and mention.kind == "date":
        return _bounded(_time_from(mention, today, hedges), fact) if mention.past else None
    if mention.amount is None:
        return None
    if fact.type == "duration":
        return _bounded(_duration_value(mention, hedges), fact) if mention.kind == "duration" else None
    if not _fits_type(mention, fact):
        return None
    return _bounded(
        _decimal_value(mention.amount, mention.hedge, hedges, whole=fact.type == "number" and mention.kind == "number"),
        fact,
    )


def _fits_type(mention: Mention, fact: Fact) -> bool:
    if fact.type == "money":
        return mention.kind in ("money", "number") and mention.unit in ("", fact.unit or mention.unit)
    if fact.unit == "percent":
        return mention.kind in ("percent", "number")
    return mention.kind == "number" or (mention.kind == "duration" and fact.unit.rstrip("s") == mention.unit)


def _date_value(mention: Mention, today: date, hedges: Mapping[str, Any], *, ahead: bool) -> Value | None:
    if mention.kind == "duration":
        return _hedged_days(_since(mention, today), mention, today, hedges)
    days = mention.ahead if ahead and mention.ahead else mention.past
    if days is None:
        return None
    if days[0] != days[1]:
        return Between(days[0], days[1])
    return _hedged_days(days, mention, today, hedges)


def _time_from(mention: Mention, today: date, hedges: Mapping[str, Any]) -> Value:
    """How long a day lies back. What was due "by Friday" was due on Friday."""
    mention = replace(mention, past=mention.beside, hedge="") if mention.beside else mention
    day = _date_value(mention, today, hedges, ahead=False)
    first, last = (day.low, day.high) if isinstance(day, Between) else (day, day)
    least, most = (Duration((today - edge).days, "day") for edge in (last, first) if isinstance(edge, date))
    return least if least == most else Between(least, most)


def _since(mention: Mention, today: date) -> Days:
    amount = mention.amount or Range(1, 1)
    unit = mention.unit
    return back(today, amount.high, unit), back(today, amount.low, unit)


def _hedged_days(days: Days, mention: Mention, today: date, hedges: Mapping[str, Any]) -> Value:
    """Widen an exact day by its hedge: reach counts from today, so that "about 40 days" is 34 to 46."""
    low, high = days
    reach = hedges["reach"].get(mention.hedge)
    if reach is None:
        return low if low == high else Between(low, high)
    near, far = abs((today - high).days), abs((today - low).days)
    least = hedges["margin"].get(mention.unit, 1) if mention.hedge == "about" else 0
    fewest = min(math.floor(near * reach[0]), near - least) + (mention.hedge in hedges["open_low"])
    most = max(math.ceil(far * reach[1]), far + least) - (mention.hedge in hedges["open_high"])
    fewest, most = max(0, fewest), max(0, most, fewest)
    if low > today:
        return Between(today + timedelta(days=fewest), today + timedelta(days=most))
    return Between(_days_before(today, most), _days_before(today, fewest))


def _days_before(today: date, days: int) -> date:
    return today - timedelta(days=min(days, 40000))


def _duration_value(mention: Mention, hedges: Mapping[str, Any]) -> Value:
    amount = mention.amount or Range(1, 1)
    unit, low, high = _whole(mention.unit, amount.low, amount.high, hedged=bool(mention.hedge))
    reach: Sequence[float] = hedges["reach"].get(mention.hedge) or (1, 1)
    low, high = math.floor(low * reach[0] + 1e-9), math.ceil(high * reach[1] - 1e-9)
    low += mention.hedge in hedges["open_low"]
    high -= mention.hedge in hedges["open_high"]
    low, high = min(low, 10**6), min(max(low, high), 10**6)
    return Duration(int(low), unit) if low == high else Between(Duration(int(low), unit), Duration(int(high), unit))


def _whole(unit: str, low: float, high: float, *, hedged: bool) -> tuple[Unit, float, float]:
    """A length in a unit in which it is a whole number; a hedged short one is counted in days."""
    if unit == "fortnight":
        unit, low, high = "week", low * 2, high * 2
    if unit == "year" and (low % 1 or high % 1 or (hedged and high < 4)):
        unit, low, high = "month", low * 12, high * 12
    if unit in ("week", "month") and (low % 1 or high % 1 or (hedged and high < 12)):
        unit, low, high = "day", low * (7 if unit == "week" else 30), high * (7 if unit == "week" else 30)
    if unit == "day" and (low % 1 or high % 1):
        unit, low, high = "hour", low * 24, high * 24
    return unit, low, high  # type: ignore[return-value]


def _decimal_value(amount: Range, hedge: str, hedges: Mapping[str, Any], *, whole: bool) -> Value:
    reach: Sequence[float] = hedges["reach"].get(hedge) or (1, 1)
    least = Decimal(1) if whole else Decimal("0.01")
    low, high = (_decimal(value) for value in (amount.low * reach[0], amount.high * reach[1]))
    if hedge in hedges["open_low"]:
        low += least
    if hedge in hedges["open_high"]:
        high -= least
    return low if low >= high else Between(low, high)


def _decimal(value: float) -> Decimal:
    exact = Decimal(str(round(value, 2)))
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() and abs(exact) < 10**15 else exact


def _bounded(value: Value, fact: Fact) -> Value | None:
    """The value, unless it lies outside the fact's sensible bounds."""
    for edge in (value.low, value.high) if isinstance(value, Between) else (value,):
        amount = Decimal(edge.amount) if isinstance(edge, Duration) else edge
        if not isinstance(amount, Decimal):
            continue
        if (fact.low is not None and amount < fact.low) or (fact.high is not None and amount > fact.high):
            return None
    return value


def differs(new: Value, old: Value) -> bool:
    """Whether a new value really says something else; "about a month" does not take back "30 days"."""
    if new == old:
        return False
    if isinstance(new, Between) and not isinstance(old, Between):
        return not _inside(old, new)
    if isinstance(old, Between) and not isinstance(new, Between):
        return not _inside(new, old)
    if isinstance(new, Between) and isinstance(old, Between):
        return not (_key(new.low) <= _key(old.high) and _key(old.low) <= _key(new.high))
    return bool(_key(new) != _key(old))


def _inside(value: Value, rough: Between) -> bool:
    return bool(_key(rough.low) <= _key(value) <= _key(rough.high))


def _key(value: Any) -> Any:
    if isinstance(value, Duration):
        return Decimal(value.amount) * Decimal(str(DAYS_OF[value.unit]))
    return value
