"""Days by their place in the calendar: "the 3rd", "12 May", "early June", "summer", "Christmas"."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from plainly.understand.pieces import DAY, Days, Pieces, Reading, day_at, one_day, share_of


def _year_named(pieces: Pieces) -> int | None:
    shift = -1 if pieces.has("last") else 0 if pieces.has("this") else None
    return None if shift is None else pieces.today.year + shift


def _years_back(pieces: Pieces) -> int:
    """Which of those gone by is meant, counted back from the last: "Christmas before last" is the second."""
    if pieces.has("ago", "back") and pieces.named("unit") == "year":
        return int(pieces.amount.low)
    return 2 if pieces.has("before") and pieces.has("last") else 1


def _nearest(pieces: Pieces, make: Callable[[int], Days | None]) -> Reading:
    """The latest such days that have begun, and the next that have not ended, unless a year was said."""
    year = pieces.year or (_year_named(pieces) if pieces.has("year") else None)
    if year:
        days = make(year)
        return Reading(days, days)
    every = [days for shift in range(-5, 6) if (days := make(pieces.today.year + shift))]
    gone = [days for days in every if days[0] <= pieces.today]
    coming = [days for days in every if days[1] >= pieces.today]
    back = _years_back(pieces)
    past = gone[-back] if 0 < back <= len(gone) else None
    return Reading((past[0], min(past[1], pieces.today)) if past else None, coming[0] if coming else None)


def _day_month(pieces: Pieces) -> Reading:
    month, day = pieces.month, pieces.day
    return _nearest(pieces, lambda year: one_day(found) if (found := day_at(year, month, day)) else None)


def _days_month(pieces: Pieces) -> Reading:
    ends = [int(word.number.low) for word in pieces.words if word.number and word.norm in ("<n>", "<o>")][:2]
    month = pieces.month

    def make(year: int) -> Days | None:
        days = [found for day in ends if (found := day_at(year, month, day))]
        return (min(days), max(days)) if days else None

    return _nearest(pieces, make)


def _week_of_month(pieces: Pieces) -> Reading:
    rank, month = pieces.number("<o>"), pieces.month

    def make(year: int) -> Days:
        first, last = _month_days(year, month)
        start = first + timedelta(days=7 * min(3, int(rank.low) - 1)) if rank else last - 6 * DAY
        return start, start + 6 * DAY

    return _nearest(Pieces([word for word in pieces.words if word.norm != "last"], pieces.today, pieces.lexicon), make)


def _day_only(pieces: Pieces) -> Reading:
    month = pieces.today.replace(day=1)
    every = [found for shift in range(-12, 13) if (found := _in_month(month + relativedelta(months=shift), pieces.day))]
    past = [day for day in every if day <= pieces.today]
    ahead = [day for day in every if day >= pieces.today]
    return Reading(one_day(past[-1]) if past else None, one_day(ahead[0]) if ahead else None)


def _in_month(month: date, day: int) -> date | None:
    return day_at(month.year, month.month, day)


def _day_of_month(pieces: Pieces) -> Reading:
    shift = -1 if pieces.has("last") else 1 if pieces.has("next") else 0
    day = _in_month(pieces.today.replace(day=1) + relativedelta(months=shift), pieces.day)
    return Reading(one_day(day), one_day(day)) if day else Reading()


def _numeric(pieces: Pieces) -> Reading:
    said = next(word.text for word in pieces.words if word.norm == "<d>").replace(".", "/").replace("-", "/")
    parts = [int(part) for part in said.split("/")]
    if len(parts) == 2:
        day, month = parts
        return _nearest(
            pieces,
            lambda year: one_day(found) if (found := day_at(year, month, day) or day_at(year, day, month)) else None,
        )
    if parts[0] > 31:
        found = day_at(parts[0], parts[1], parts[2])
    else:
        year = parts[2] + 2000 if parts[2] < 100 else parts[2]
        found = day_at(year, parts[1], parts[0]) or day_at(year, parts[0], parts[1])
    return Reading(one_day(found), one_day(found)) if found else Reading()


def _month_days(year: int, month: int) -> Days:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _month_part(pieces: Pieces) -> Reading:
    return _nearest(pieces, lambda year: share_of(_month_days(year, pieces.month), pieces))


def _month_only(pieces: Pieces) -> Reading:
    return _nearest(pieces, lambda year: _month_days(year, pieces.month))


def _month_last(pieces: Pieces) -> Reading:
    if pieces.has("year"):
        return _month_only(pieces)
    every = [_month_days(pieces.today.year + shift, pieces.month) for shift in (-1, 0)]
    return Reading([days for days in every if days[1] < pieces.today][-1])


def _month_this(pieces: Pieces) -> Reading:
    days = _month_days(pieces.today.year, pieces.month)
    past = (days[0], min(days[1], pieces.today)) if days[0] <= pieces.today else None
    return Reading(past, days if days[1] >= pieces.today else None)


def _month_next(pieces: Pieces) -> Reading:
    return Reading(None, _nearest(pieces, lambda year: _month_days(year, pieces.month)).ahead)


def _season(pieces: Pieces) -> Reading:
    first, last = pieces.lexicon.files["dates"]["seasons"][pieces.named("season")]

    def make(year: int) -> Days:
        return date(year, first, 1), _month_days(year + (last < first), last)[1]

    return _nearest(pieces, make)


def _part_season(pieces: Pieces) -> Reading:
    whole = _season(pieces)
    past, ahead = (share_of(days, pieces) if days else None for days in (whole.past, whole.ahead))
    return Reading(past, ahead)


def _year_only(pieces: Pieces) -> Reading:
    return _nearest(pieces, lambda year: (date(year, 1, 1), date(year, 12, 31)))


def _part_year(pieces: Pieces) -> Reading:
    return _nearest(pieces, lambda year: share_of((date(year, 1, 1), date(year, 12, 31)), pieces))


IN_THE_CALENDAR: Mapping[str, Callable[[Pieces], Reading]] = {
    "day_month": _day_month,
    "days_month": _days_month,
    "week_of_month": _week_of_month,
    "day_of_month": _day_of_month,
    "day_only": _day_only,
    "numeric": _numeric,
    "month_part": _month_part,
    "month_last": _month_last,
    "month_this": _month_this,
    "month_next": _month_next,
    "month_year": _month_only,
    "month_only": _month_only,
    "season": _season,
    "bare_month": _month_only,
    "part_season": _part_season,
    "part_year": _part_year,
    "year_only": _year_only,
}
"""How each kind of such a phrase in the content files is read."""


def holiday(pieces: Pieces, rule: Mapping[str, Any]) -> Reading:
    """A named day: the latest gone by and the next to come."""
    if "bank" in rule:
        return _bank_holiday(pieces, str(rule["bank"]))
    found = _nearest(pieces, lambda year: one_day(day) if (day := _holiday_in(year, rule)) else None)
    if pieces.has("next"):
        return Reading(None, found.ahead)
    return Reading(found.past) if pieces.has("last") else found


def _holiday_in(year: int, rule: Mapping[str, Any]) -> date | None:
    if "easter" in rule:
        return easter(year) + timedelta(days=rule["easter"])
    if "nth" in rule:
        first = date(year, rule["month"], 1)
        shift = (rule["weekday"] - first.weekday()) % 7 + 7 * (rule["nth"] - 1)
        return first + timedelta(days=shift + rule.get("plus", 0))
    return day_at(year, rule["month"], rule["day"])


@lru_cache(maxsize=8)
def _bank_days(country: str, year: int) -> tuple[date, ...]:
    import holidays

    found = holidays.country_holidays(country, subdiv="ENG", years=[year - 1, year, year + 1])
    return tuple(sorted(found))


def _bank_holiday(pieces: Pieces, country: str) -> Reading:
    days = _bank_days(country, pieces.today.year)
    past = [day for day in days if day <= pieces.today]
    ahead = [day for day in days if day >= pieces.today]
    return Reading(one_day(past[-1]) if past else None, one_day(ahead[0]) if ahead else None)
