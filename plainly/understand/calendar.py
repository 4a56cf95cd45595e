"""Days by the names people give them: each function reads the words of a date and says which days they can be."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from plainly.understand.lexicon import Lexicon
from plainly.understand.text import Range, Word

Days = tuple[date, date]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pieces:
    """What a date phrase is made of, and the day it is said on."""

    words: Sequence[Word]
    today: date
    lexicon: Lexicon

    def named(self, group: str) -> str:
        """The canonical name of the first word of a class: "tuesday", "week"; empty when none."""
        table: Mapping[str, Sequence[str]] = self.lexicon.files["words"]["classes"][group]
        for word in self.words:
            for name, forms in table.items():
                if word.norm in forms:
                    return name
        return ""

    def has(self, *norms: str) -> bool:
        """Whether one of these words is there."""
        return any(word.norm in norms for word in self.words)

    def number(self, norm: str, nth: int = 0) -> Range | None:
        """The nth number of a kind ("<n>", "<o>", "<y>"); "a" counts as one."""
        found = [
            word.number or Range(1, 1)
            for word in self.words
            if word.norm == norm or (norm == "<n>" and word.norm in ("a", "an", "one"))
        ]
        return found[nth] if len(found) > nth else None

    @property
    def amount(self) -> Range:
        """The amount in front of the unit."""
        return self.number("<n>") or self.number("<y>") or Range(1, 1)

    @property
    def year(self) -> int | None:
        """The year, when said."""
        found = self.number("<y>")
        return int(found.low) if found else None

    @property
    def weekday(self) -> int:
        """The weekday said, Monday is 0."""
        return list(self.lexicon.files["words"]["classes"]["weekday"]).index(self.named("weekday"))

    @property
    def month(self) -> int:
        """The month said, January is 1."""
        return list(self.lexicon.files["words"]["classes"]["month_name"]).index(self.named("month_name")) + 1

    @property
    def day(self) -> int:
        """The day of the month said."""
        found = self.number("<o>") or self.number("<n>")
        return int(found.low) if found else 0


@dataclass(frozen=True)
class Reading:
    """The days a phrase can mean, looking back and looking ahead."""

    past: Days | None = None
    ahead: Days | None = None


def step(amount: float, unit: str) -> relativedelta:
    """A length of time as a calendar step; halves are rounded to whole days."""
    if unit == "hour":
        return relativedelta(days=int(amount // 24))
    if unit in ("month", "year"):
        months = amount * (12 if unit == "year" else 1)
        return relativedelta(months=int(months), days=round((months % 1) * 30))
    return relativedelta(days=round(amount * {"day": 1, "week": 7, "fortnight": 14}[unit]))


def back(today: date, amount: float, unit: str) -> date:
    """The day that long ago; the first day of our calendar when it is out of reach."""
    try:
        return today - step(min(amount, 20000), unit)
    except (OverflowError, ValueError):
        return date(1900, 1, 1)


def forward(today: date, amount: float, unit: str) -> date:
    """The day that far ahead."""
    try:
        return today + step(min(amount, 20000), unit)
    except (OverflowError, ValueError):
        return date(2200, 1, 1)


def _one(day: date) -> Days:
    return day, day


def _at(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _ago(pieces: Pieces) -> Reading:
    unit, amount = pieces.named("unit"), pieces.amount
    return Reading((back(pieces.today, amount.high, unit), back(pieces.today, amount.low, unit)))


def _ago_sum(pieces: Pieces) -> Reading:
    units = [word.norm for word in pieces.words if word.norm in pieces.lexicon.classes["unit"]]
    day = pieces.today
    for nth, unit in enumerate(units):
        said = Pieces([word for word in pieces.words if word.norm == unit], day, pieces.lexicon).named("unit")
        day = back(day, (pieces.number("<n>", nth) or Range(1, 1)).low, said)
    return Reading(_one(day))


def _ago_half(pieces: Pieces) -> Reading:
    return Reading(_one(back(pieces.today, pieces.amount.low + 0.5, pieces.named("unit"))))


def _ago_or(pieces: Pieces) -> Reading:
    high = max((word.number.high for word in pieces.words if word.number), default=2.0)
    unit = pieces.named("unit")
    return Reading((back(pieces.today, high, unit), back(pieces.today, 1, unit)))


def _ago_yesterday(pieces: Pieces) -> Reading:
    return Reading(_one(back(pieces.today - DAY, pieces.amount.low, pieces.named("unit"))))


def _ago_weekday(pieces: Pieces) -> Reading:
    return Reading(_one(back(_weekday_before(pieces.today, pieces.weekday), pieces.amount.low, pieces.named("unit"))))


def _weekday_before(today: date, weekday: int) -> date:
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def _weekday_after(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _weekday(pieces: Pieces) -> Reading:
    return Reading(
        _one(_weekday_before(pieces.today, pieces.weekday)), _one(_weekday_after(pieces.today, pieces.weekday))
    )


def _weekday_last(pieces: Pieces) -> Reading:
    return Reading(_one(_weekday_before(pieces.today, pieces.weekday)))


def _weekday_this(pieces: Pieces) -> Reading:
    if pieces.weekday == pieces.today.weekday():
        return Reading(_one(pieces.today), _one(pieces.today))
    return _weekday(pieces)


def _weekday_next(pieces: Pieces) -> Reading:
    if not pieces.named("weekday"):
        return Reading(None, _one(pieces.today + 7 * DAY))
    return Reading(None, _one(_weekday_after(pieces.today, pieces.weekday)))


def _weekday_of_week(weeks: int) -> Callable[[Pieces], Reading]:
    def read(pieces: Pieces) -> Reading:
        monday = pieces.today - timedelta(days=pieces.today.weekday())
        day = _one(monday + timedelta(days=7 * weeks + pieces.weekday))
        return Reading(day if day[0] <= pieces.today else None, day if day[0] >= pieces.today else None)

    return read


def _weekday_week(pieces: Pieces) -> Reading:
    weeks = pieces.amount.low if pieces.named("unit") and pieces.number("<n>") else 1
    return Reading(None, _one(_weekday_after(pieces.today, pieces.weekday) + timedelta(days=round(7 * weeks))))


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
    return _one(today + shift * DAY)


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


def _share(days: Days, pieces: Pieces) -> Days:
    part = next(word.norm for word in pieces.words if word.norm in pieces.lexicon.files["dates"]["parts"])
    low, high = pieces.lexicon.files["dates"]["parts"][part]
    length = (days[1] - days[0]).days
    return days[0] + timedelta(days=round(length * low)), days[0] + timedelta(days=round(length * high))


def _part_unit(pieces: Pieces) -> Reading:
    days = _share(_unit_days(pieces.today, pieces.named("unit"), -1 if pieces.has("last") else 0), pieces)
    return Reading(
        (days[0], min(days[1], pieces.today)) if days[0] <= pieces.today else None,
        days if days[1] >= pieces.today else None,
    )


def _year_named(pieces: Pieces) -> int | None:
    shift = -1 if pieces.has("last") else 0 if pieces.has("this") else None
    return None if shift is None else pieces.today.year + shift


def _nearest(pieces: Pieces, make: Callable[[int], Days | None]) -> Reading:
    """The latest such days that have begun, and the next that have not ended, unless a year was said."""
    year = pieces.year or (_year_named(pieces) if pieces.has("year") else None)
    if year:
        days = make(year)
        return Reading(days, days)
    every = [days for shift in range(-5, 6) if (days := make(pieces.today.year + shift))]
    gone = [days for days in every if days[0] <= pieces.today]
    coming = [days for days in every if days[1] >= pieces.today]
    past = gone[-1] if gone else None
    return Reading((past[0], min(past[1], pieces.today)) if past else None, coming[0] if coming else None)


def _day_month(pieces: Pieces) -> Reading:
    month, day = pieces.month, pieces.day
    return _nearest(pieces, lambda year: _one(found) if (found := _at(year, month, day)) else None)


def _days_month(pieces: Pieces) -> Reading:
    ends = [int(word.number.low) for word in pieces.words if word.number and word.norm in ("<n>", "<o>")][:2]
    month = pieces.month

    def make(year: int) -> Days | None:
        days = [found for day in ends if (found := _at(year, month, day))]
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
    return Reading(_one(past[-1]) if past else None, _one(ahead[0]) if ahead else None)


def _in_month(month: date, day: int) -> date | None:
    return _at(month.year, month.month, day)


def _day_of_month(pieces: Pieces) -> Reading:
    shift = -1 if pieces.has("last") else 1 if pieces.has("next") else 0
    day = _in_month(pieces.today.replace(day=1) + relativedelta(months=shift), pieces.day)
    return Reading(_one(day), _one(day)) if day else Reading()


def _numeric(pieces: Pieces) -> Reading:
    said = next(word.text for word in pieces.words if word.norm == "<d>").replace(".", "/").replace("-", "/")
    parts = [int(part) for part in said.split("/")]
    if len(parts) == 2:
        day, month = parts
        return _nearest(
            pieces, lambda year: _one(found) if (found := _at(year, month, day) or _at(year, day, month)) else None
        )
    if parts[0] > 31:
        found = _at(parts[0], parts[1], parts[2])
    else:
        year = parts[2] + 2000 if parts[2] < 100 else parts[2]
        found = _at(year, parts[1], parts[0]) or _at(year, parts[0], parts[1])
    return Reading(_one(found), _one(found)) if found else Reading()


def _month_days(year: int, month: int) -> Days:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _month_part(pieces: Pieces) -> Reading:
    return _nearest(pieces, lambda year: _share(_month_days(year, pieces.month), pieces))


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
    past, ahead = (_share(days, pieces) if days else None for days in (whole.past, whole.ahead))
    return Reading(past, ahead)


def _year_only(pieces: Pieces) -> Reading:
    return _nearest(pieces, lambda year: (date(year, 1, 1), date(year, 12, 31)))


def _part_year(pieces: Pieces) -> Reading:
    return _nearest(pieces, lambda year: _share((date(year, 1, 1), date(year, 12, 31)), pieces))


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


READERS: Mapping[str, Callable[[Pieces], Reading]] = {
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
    "weekday_before_last": lambda pieces: Reading(_one(_weekday_before(pieces.today, pieces.weekday) - 7 * DAY)),
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
    "in_future": _in_future,
    "within_last": _within_last,
}
"""How each kind of date phrase in the content files is read."""


def holiday(pieces: Pieces, rule: Mapping[str, Any]) -> Reading:
    """A named day: the latest gone by and the next to come."""
    if "bank" in rule:
        return _bank_holiday(pieces, str(rule["bank"]))
    found = _nearest(pieces, lambda year: _one(day) if (day := _holiday_in(year, rule)) else None)
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
    return _at(year, rule["month"], rule["day"])


@lru_cache(maxsize=8)
def _bank_days(country: str, year: int) -> tuple[date, ...]:
    import holidays

    found = holidays.country_holidays(country, subdiv="ENG", years=[year - 1, year, year + 1])
    return tuple(sorted(found))


def _bank_holiday(pieces: Pieces, country: str) -> Reading:
    days = _bank_days(country, pieces.today.year)
    past = [day for day in days if day <= pieces.today]
    ahead = [day for day in days if day >= pieces.today]
    return Reading(_one(past[-1]) if past else None, _one(ahead[0]) if ahead else None)
