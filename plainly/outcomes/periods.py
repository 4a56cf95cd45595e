"""The days a report is about, and the steps it shows them in. Days are those of the business's own calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from plainly.errors import PlainlyError

Step = Literal["day", "week", "month"]
STEPS: tuple[Step, ...] = get_args(Step)
USUAL_DAYS = 28
MOST_DAYS = 800
_MOST_STEPS = 62


@dataclass(frozen=True)
class Period:
    """From the first day until the end of the last, shown day by day, or by weeks from Monday, or by months."""

    first: date
    last: date
    step: Step
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        """The moment it begins."""
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The moment after its end."""
        return _midnight(self.last + timedelta(days=1), self.zone)

    def steps(self) -> list[tuple[date, date]]:
        """First and last day of each step, cut to the period."""
        found, day = [], self.first
        while day <= self.last:
            until = min(_last_day(day, self.step), self.last)
            found.append((day, until))
            day = until + timedelta(days=1)
        return found

    def narrowed(self, first: date, last: date) -> Period:
        """The same for some of its days."""
        return Period(first, last, self.step, self.zone)


def read_period(first: str, last: str, step: str, *, today: date, zone: ZoneInfo) -> Period:
    """The period a query asks for; the last four weeks where it names none. Raises PlainlyError `wrong_period`."""
    until = _day(last) or today
    since = _day(first) or until - timedelta(days=USUAL_DAYS - 1)
    if since > until:
        raise PlainlyError("wrong_period", "The first day is after the last.")
    days = (until - since).days + 1
    if days > MOST_DAYS:
        raise PlainlyError("wrong_period", f"A report covers at most {MOST_DAYS} days.", {"most": MOST_DAYS})
    wanted = next((one for one in STEPS if one == step), None)
    return Period(since, until, wanted if wanted and _fits(wanted, days) else _usual(days), zone)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2199:
        raise PlainlyError("wrong_period", "Write days as year-month-day, such as 2026-11-21.")
    return day


def _usual(days: int) -> Step:
    return "day" if days <= 31 else "week" if days <= 31 * 7 else "month"


def _fits(step: Step, days: int) -> bool:
    return days / {"day": 1, "week": 7, "month": 30}[step] <= _MOST_STEPS


def _last_day(day: date, step: Step) -> date:
    if step == "day":
        return day
    if step == "week":
        return day + timedelta(days=6 - day.weekday())
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
