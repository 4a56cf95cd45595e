"""When people are there. Days are local calendar days; comparing is done in UTC, so clock changes are safe."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from plainly.model import OpeningHours

_DAYS_AHEAD = 400


def is_open(hours: OpeningHours, now: datetime) -> bool:
    """Whether people are there at this moment: from opening time until just before closing time."""
    moment = now.astimezone(UTC)
    span = _span(hours, moment.astimezone(ZoneInfo(hours.timezone)).date())
    return span is not None and span[0] <= moment < span[1]


def next_opening(hours: OpeningHours, now: datetime) -> datetime | None:
    """The next moment people are there, in the business's time zone: `now` itself when open.

    None when no day of the coming 400 has opening hours.
    """
    zone = ZoneInfo(hours.timezone)
    moment = now.astimezone(UTC)
    today = moment.astimezone(zone).date()
    for ahead in range(_DAYS_AHEAD):
        span = _span(hours, today + timedelta(days=ahead))
        if span is not None and moment < span[1]:
            return max(moment, span[0]).astimezone(zone)
    return None


def open_minutes(hours: OpeningHours, start: datetime, end: datetime) -> float:
    """How many minutes of opening time lie between two moments."""
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    zone = ZoneInfo(hours.timezone)
    day, until = first.astimezone(zone).date(), last.astimezone(zone).date()
    total = timedelta()
    while day <= until:
        span = _span(hours, day)
        if span is not None:
            total += max(timedelta(), min(last, span[1]) - max(first, span[0]))
        day += timedelta(days=1)
    return total / timedelta(minutes=1)


def after_open_minutes(hours: OpeningHours, start: datetime, minutes: float) -> datetime | None:
    """The moment at which so many minutes of opening time have passed, in the business's time zone.

    None when that takes more than 400 days.
    """
    zone = ZoneInfo(hours.timezone)
    moment, left = start.astimezone(UTC), timedelta(minutes=minutes)
    today = moment.astimezone(zone).date()
    for ahead in range(_DAYS_AHEAD):
        span = _span(hours, today + timedelta(days=ahead))
        if span is None or span[1] <= moment:
            continue
        begins = max(moment, span[0])
        if begins + left <= span[1]:
            return (begins + left).astimezone(zone)
        left -= span[1] - begins
    return None


def _span(hours: OpeningHours, day: date) -> tuple[datetime, datetime] | None:
    times = hours.week.get(day.weekday())
    if times is None or day in hours.closed:
        return None
    zone = ZoneInfo(hours.timezone)
    opens, closes = _at(day, times[0], zone), _at(day, times[1], zone)
    return (opens, closes) if opens < closes else None


def _at(day: date, text: str, zone: ZoneInfo) -> datetime:
    """A local time of day as a moment. "24:00" is the end of the day."""
    hour, _, minute = text.partition(":")
    if int(hour) == 24:
        return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    return datetime.combine(day, time(int(hour), int(minute or 0)), zone).astimezone(UTC)
