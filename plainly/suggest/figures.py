"""The figures in a text: money, lengths of time, percentages and dates, and when two are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from plainly.model import Between, Duration, Value
from plainly.wording.values import span_between

Kind = Literal["money", "time", "percent", "date"]

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HOURS = {"hour": (1, 1), "day": (24, 24), "week": (168, 168), "fortnight": (336, 336)}
_HOURS |= {"month": (28 * 24, 31 * 24), "year": (365 * 24, 366 * 24)}
_WORKING_DAY = Decimal("33.6")
"""Hours: five working days are a week."""

_AMOUNT = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?"
_WORD = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_COUNT = rf"(?:{_AMOUNT}|{_WORD})"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)

_MONEY = re.compile(rf"[£€$]\s?({_AMOUNT})|\b({_COUNT})\s?(?:pounds?|quid|gbp|eur|euros?|usd)\b", re.IGNORECASE)
_TIME = re.compile(
    rf"\b(?:{_COUNT}\s?(?:-|–|to|or)\s?)?({_COUNT}|(?<=within )an?|(?<=another )|(?<=for )an?|(?<=up to )an?)[\s-]?"
    r"((?:working |business |calendar |full |more |extra |additional |further )*)"
    r"(hour|day|week|fortnight|month|year)s?\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"({_AMOUNT})\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\b(?:,? (\d{{4}}))?", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}}))?", re.IGNORECASE)
_NUMERIC = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{2}|\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b")


@dataclass(frozen=True)
class Figure:
    """One figure. Lengths of time are a span of hours, since a month is 28 to 31 days; dates may lack a year."""

    kind: Kind
    low: Decimal
    high: Decimal
    text: str
    year: int | None = None

    def is_like(self, other: Figure) -> bool:
        """Whether both may mean the same."""
        if self.kind != other.kind or (self.year and other.year and self.year != other.year):
            return False
        return self.low <= other.high and other.low <= self.high


def figures(text: str) -> list[Figure]:
    """The figures a text names; of "3 to 5 days" the upper end."""
    return [*_money(text), *_times(text), *_percents(text), *_dates(text)]


def _money(text: str) -> Iterator[Figure]:
    for found in _MONEY.finditer(text):
        amount = _number(found[1] or found[2])
        yield Figure("money", amount, amount, found.group())


def _times(text: str) -> Iterator[Figure]:
    for found in _TIME.finditer(text):
        count = Decimal(1) if found[1].lower() in ("a", "an", "") else _number(found[1])
        low, high = (Decimal(hours) for hours in _HOURS[found[3].lower()])
        if found[3].lower() == "day" and ("working" in found[2].lower() or "business" in found[2].lower()):
            high = _WORKING_DAY
        yield Figure("time", count * low, count * high, found.group().strip())


def _percents(text: str) -> Iterator[Figure]:
    for found in _PERCENT.finditer(text):
        yield Figure("percent", _number(found[1]), _number(found[1]), found.group())


def _dates(text: str) -> Iterator[Figure]:
    for found in _DAY_MONTH.finditer(text):
        yield from _day(found[2], found[1], found[3], found.group())
    for found in _MONTH_DAY.finditer(text):
        yield from _day(found[1], found[2], found[3], found.group())
    for found in _NUMERIC.finditer(text):
        year, month, day = (found[4], found[5], found[6]) if found[4] else (found[3], found[2], found[1])
        if 1 <= int(month) <= 12:
            full = f"20{year}" if len(year) == 2 else year
            yield from _day(_MONTHS[int(month) - 1], day, full, found.group())


def _day(month: str, day: str, year: str | None, text: str) -> Iterator[Figure]:
    if 1 <= int(day) <= 31:
        place = Decimal(100 * (_MONTHS.index(month.lower()[:3]) + 1) + int(day))
        yield Figure("date", place, place, text, int(year) if year else None)


def _number(text: str) -> Decimal:
    word = text.lower()
    return Decimal(_NUMBERS[word]) if word in _NUMBERS else Decimal(text.replace(",", ""))


def figure_of_date(day: date) -> Figure:
    """A date as a figure."""
    return Figure("date", Decimal(100 * day.month + day.day), Decimal(100 * day.month + day.day), str(day), day.year)


def figure_of_days(days: int) -> Figure:
    """A number of days as a figure."""
    return Figure("time", Decimal(24 * abs(days)), Decimal(24 * abs(days)), f"{abs(days)} days")


def figures_of(value: Value, today: date, unit: str = "") -> list[Figure]:
    """What a fact's, parameter's or derived value may be called: a date also by how far it is from today."""
    match value:
        case Between(low, high):
            return [*figures_of(low, today, unit), *figures_of(high, today, unit)]
        case date():
            apart = (value - today).days
            near = [figure_of_days(days) for days in (apart - 1, apart, apart + 1)]
            return [figure_of_date(value), *near, *figures_of(span_between(value, today)[0], today)]
        case Duration(amount, span):
            low_, high_ = _HOURS[span]
            return [Figure("time", Decimal(amount * low_), Decimal(amount * high_), f"{amount} {span}s")]
        case Decimal():
            return _decimal(value, unit)
        case _:
            return []


def _decimal(value: Decimal, unit: str) -> list[Figure]:
    if unit in _HOURS:
        low, high = _HOURS[unit]
        return [Figure("time", value * low, value * high, f"{value} {unit}s")]
    return [Figure(kind, value, value, str(value)) for kind in ("money", "percent")]
