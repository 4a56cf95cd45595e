"""What the words of a date are made of, and the days they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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


def one_day(day: date) -> Days:
    """A stretch of one day."""
    return day, day


def day_at(year: int, month: int, day: int) -> date | None:
    """The day, if there is such a one."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def share_of(days: Days, pieces: Pieces) -> Days:
    """The days of a part of a stretch: "the beginning of", "late"."""
    part = next(word.norm for word in pieces.words if word.norm in pieces.lexicon.files["dates"]["parts"])
    low, high = pieces.lexicon.files["dates"]["parts"][part]
    length = (days[1] - days[0]).days
    return days[0] + timedelta(days=round(length * low)), days[0] + timedelta(days=round(length * high))
