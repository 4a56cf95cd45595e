"""Days told from today: "three weeks ago", "last Tuesday", "this month", "in ten days"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from plainly.understand.pieces import DAY, Days, Pieces, Reading, back, forward, one_day, share_of
from plainly.understand.text import Range


def _ago(pieces: Pieces) -> Reading:
    unit, amount = pieces.named("unit"), pieces.amount
    return Reading((back(pieces.today, amount.high, unit), back(pieces.today, amount.low, unit)))


def _ago_sum(pieces: Pieces) -> Reading:
    units = [word.norm for word in pieces.words if word.norm in pieces.lexicon.classes["unit"]]
    day = pieces.today
    for nth, unit in enumerate(units):
        said = Pieces([word for word in pieces.words if word.norm == unit], day, pieces.lexicon).named("unit")
        day = back(day, (pieces.number("<n>", nth) or Range(1, 1)).low, said)
    return Reading(one_day(day))


def _ago_half(pieces: Pieces) -> Reading:
    return Reading(one_day(back(pieces.today, pieces.amount.low + 0.5, pieces.named("unit"))))


def _ago_or(pieces: Pieces) -> Reading:
    high = max((word.number.high for word in pieces.words if word.number), default=2.0)
    unit = pieces.named("unit")
    return Reading((back(pieces.today, high, unit), back(pieces.today, 1, unit)))


def _ago_yesterday(pieces: Pieces) -> Reading:
    return Reading(one_day(back(pieces.today - DAY, pieces.amount.low, pieces.named("unit"))))


def _ago_weekday(pieces: Pieces) -> Reading:
    return Reading(
        one_day(back(_weekday_before(pieces.today, pieces.weekday), pieces.amount.low, pieces.named("unit")))
    )


def _weekday_before(today: date, weekday: int) -> date:
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def _weekday_after(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _weekday(pieces: Pieces) -> Reading:
    return Reading(
        one_day(_weekday_before(pieces.today, pieces.weekday)), one_day(_weekday_after(pieces.today, pieces.weekday))
    )


def _weekday_last(pieces: Pieces) -> Reading:
    return Reading(one_day(_weekday_before(pieces.today, pieces.weekday)))


def _weekday_this(pieces: Pieces) -> Reading:
    if pieces.weekday == pieces.today.weekday():
        return Reading(one_day(pieces.today), one_day(pieces.today))
    return _weekday(pieces)


def _weekday_next(pieces: Pieces) -> Reading:
    if not pieces.named("weekday"):
        return Reading(None, one_day(pieces.today + 7 * DAY))
    return Reading(None, one_day(_weekday_after(pieces.today, pieces.weekday)))


def _weekday_of_week(weeks: int) -> Callable[[Pieces], Reading]:
    def read(pieces: Pieces) -> Reading:
        monday = pieces.today - timedelta(days=pieces.today.weekday())
        day = one_day(monday + timedelta(days=7 * weeks + pieces.weekday))
        return Reading(day if day[0] <= pieces.today else None, day if day[0] >= pieces.today else None)

    return read


def _weekday_week(pieces: Pieces) -> Reading:
    weeks = pieces.amount.low if pieces.named("unit") and pieces.number("<n>") else 1
    return Reading(None, one_day(_weekday_after(pieces.today, pieces.weekday) + timedelta(days=round(7 * weeks))))


def _unit_days(today: date, unit: str, shift: int) -> Days:
    """The days of the week, month or year `shift` units away."""
    if unit == "week":
        monday = today + timedelta(days=7 * shift - today.weekday())
        return monday, monday + 6 * DAY
    if unit == "fortnight":
        return tuple(sorted((today + 14 * shift * DAY, today)))  # type: ignore[return-value]
    if unit == "month":
        first = today.replace(day=1) + relativedelta(months=shift)
        return first, first + relativedelta(months=1, days=-1)
    if unit == "year":
        return date(today.year + shift, 1, 1), date(today.year + shift, 12, 31)
    return one_day(today + shift * DAY)


def _unit(shift: int) -> Callable[[Pieces], Reading]:
    def read(pieces: Pieces) -> Reading:
        low, high = _unit_days(pieces.today, pieces.named("unit"), shift)
        past = (low, min(high, pieces.today)) if low <= pieces.today else None
        ahead = (max(low, pieces.today), high) if high >= pieces.today else None
        return Reading(past, ahead)

    return read


def _weekend(shift: int) -> Callable[[Pieces], Reading]:
    def read(pieces: Pieces) -> Reading:
        saturday = _weekday_before(pieces.today if pieces.today.weekday() == 5 else pieces.today - DAY, 5)
        if pieces.has("this") and pieces.today.weekday() >= 5:
            saturday = pieces.today - timedelta(days=pieces.today.weekday() - 5)
        coming = saturday + 7 * DAY
        if shift:
            return (
                Reading((saturday - 7 * DAY, saturday - 6 * DAY))
                if shift < 0
                else Reading(None, (coming, coming + DAY))
            )
        return Reading((saturday, min(saturday + DAY, pieces.today)), (coming, coming + DAY))

    return read


def _part_unit(pieces: Pieces) -> Reading:
    days = share_of(_unit_days(pieces.today, pieces.named("unit"), -1 if pieces.has("last") else 0), pieces)
    return Reading(
        (days[0], min(days[1], pieces.today)) if days[0] <= pieces.today else None,
        days if days[1] >= pieces.today else None,
    )


def _in_future(pieces: Pieces) -> Reading:
    unit, amount = pieces.named("unit"), pieces.amount
    return Reading(None, (forward(pieces.today, amount.low, unit), forward(pieces.today, amount.high, unit)))


def _within_last(pieces: Pieces) -> Reading:
    return Reading((back(pieces.today, pieces.amount.high, pieces.named("unit")), pieces.today))


def _shifted(days: int, length: int = 0) -> Callable[[Pieces], Reading]:
    def read(pieces: Pieces) -> Reading:
        low = pieces.today + days * DAY
        found = (low, low + length * DAY)
        return Reading(found if low <= pieces.today else None, found if low >= pieces.today else None)

    return read


FROM_TODAY: Mapping[str, Callable[[Pieces], Reading]] = {
    "ago": _ago,
    "ago_sum": _ago_sum,
    "ago_half": _ago_half,
    "ago_or": _ago_or,
    "ago_today": _ago,
    "ago_yesterday": _ago_yesterday,
    "ago_weekday": _ago_weekday,
    "today": _shifted(0),
    "yesterday": _shifted(-1),
    "day_before_yesterday": _shifted(-2),
    "other_day": _shifted(-7, 5),
    "tomorrow": _shifted(1),
    "day_after_tomorrow": _shifted(2),
    "weekday": _weekday,
    "weekday_last": _weekday_last,
    "weekday_this": _weekday_this,
    "weekday_next": _weekday_next,
    "weekday_before_last": lambda pieces: Reading(one_day(_weekday_before(pieces.today, pieces.weekday) - 7 * DAY)),
    "weekday_last_week": _weekday_of_week(-1),
    "weekday_this_week": _weekday_of_week(0),
    "weekday_next_week": _weekday_of_week(1),
    "weekday_week": _weekday_week,
    "last_unit": _unit(-1),
    "this_unit": _unit(0),
    "next_unit": _unit(1),
    "unit_before_last": _unit(-2),
    "weekend": _weekend(0),
    "weekend_next": _weekend(1),
    "weekend_before_last": _weekend(-1),
    "part_unit": _part_unit,
    "in_future": _in_future,
    "within_last": _within_last,
}
"""How each kind of such a phrase in the content files is read."""
