"""How values are said: 30 days, £45, 12 October, 40 days ago."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from dateutil.relativedelta import relativedelta

from plainly.model import Between, Duration, Fact, Scalar, Value
from plainly.wording.phrases import Phrases, phrases

_IN_DAYS = 3
"""Up to so many months a span is told in days: most windows are counted so."""

_MONTH = 30.44
"""Days in a month, on average."""

_YEAR = 12
"""Months in a year."""

_IN_YEARS = 2
"""From so many years on nobody counts the days."""

_NEAR = 7
"""Up to so many days ahead a day is told with its distance: a deadline that is near must not be missed."""

TIME_UNITS = ("hour", "day", "week", "month", "year")


def say_duration(value: Duration) -> str:
    """A length of time in words.

    >>> say_duration(Duration(1, "day")), say_duration(Duration(30, "day"))
    ('1 day', '30 days')
    """
    return f"{value.amount:,} {value.unit}{'' if value.amount == 1 else 's'}"


def say_amount(value: Decimal, unit: str, locale: str = "en_GB") -> str:
    """A number with its unit: money without empty pence, percent, or a plain noun.

    >>> say_amount(Decimal("45.00"), "GBP"), say_amount(Decimal("4.5"), "GBP"), say_amount(Decimal(8), "percent")
    ('£45', '£4.50', '8%')
    """
    if unit == "percent":
        return str(format_percent(value / 100, format="#,##0.##%", locale=locale))
    if len(unit) == 3 and unit.isupper():
        pattern = "¤#,##0" if value == value.to_integral_value() else "¤#,##0.00"
        return str(format_currency(value, unit, pattern, locale=locale, currency_digits=False))
    number = str(format_decimal(value, locale=locale))
    return f"{number} {unit}".strip()


def say_date(value: date, today: date, *, year: bool | None = None, locale: str = "en_GB") -> str:
    """A day in words; the year is left out when it is this year, unless `year` says otherwise."""
    with_year = value.year != today.year if year is None else year
    return str(format_date(value, "d MMMM y" if with_year else "d MMMM", locale=locale))


def say_ago(value: date, today: date, words: Phrases) -> str:
    """How long ago, or how far ahead: "40 days ago", "yesterday", "in 3 days", "over 2 years ago"."""
    days = (today - value).days
    named = {0: "today", 1: "yesterday", -1: "tomorrow"}.get(days)
    if named:
        return words.word(named)
    span, is_whole = span_between(value, today)
    length = say_duration(span) if is_whole else words.word("over", length=say_duration(span))
    return words.word("ago" if days > 0 else "ahead", length=length)


def span_between(one: date, other: date) -> tuple[Duration, bool]:
    """How far two days are apart, and whether that is all of it.

    Counted in days; a long span in months or years when it is a whole number of them, from one year on in months, and
    from two on in years.
    """
    apart = relativedelta(max(one, other), min(one, other))
    days, months = abs((one - other).days), _YEAR * apart.years + apart.months
    is_whole = apart.days == 0
    if apart.years >= _IN_YEARS or (is_whole and months and months % _YEAR == 0):
        return Duration(apart.years, "year"), is_whole and months % _YEAR == 0
    if months > _IN_DAYS and (is_whole or apart.years):
        return Duration(months, "month"), is_whole
    return Duration(days, "day"), True


def say_value(
    value: Value, fact: Fact | None, today: date, *, unit: str = "", style: str = "", near: bool = True
) -> str:
    """A value as a customer reads it.

    `style` is "" (in words), "ago", "days" or "day" (date without this year). `unit` is used when
    there is no fact: a parameter's unit. Rough values are said as rough. A day that is `near` is told
    with its distance; not to readers for whom `today` is another day.
    """
    words = phrases()
    if isinstance(value, Between):
        low, high = (say_value(end, fact, today, unit=unit, style=style, near=near) for end in (value.low, value.high))
        return words.word("between", low=low, high=high) if style != "ago" else _say_roughly(value, today)
    return _say_exact(value, fact, today, unit=unit, style=style, near=near)


def _say_roughly(value: Between, today: date) -> str:
    """ "About 12 days ago"; a whole month by its name, as it was told."""
    if not (isinstance(value.low, date) and isinstance(value.high, date)):
        return ""
    if value.low.day == 1 and (value.high + timedelta(days=1)).day == 1 and value.low.month == value.high.month:
        return phrases().word("in_month", month=format_date(value.low, "MMMM y", locale="en_GB"))
    middle = value.low + (value.high - value.low) / 2
    days = (today - middle).days
    months = round(abs(days) / _MONTH)
    if months <= _IN_DAYS:
        return phrases().word("roughly", value=say_ago(middle, today, phrases()))
    years = round(months / _YEAR)
    span = Duration(years, "year") if years >= _IN_YEARS or months == _YEAR else Duration(months, "month")
    ago = phrases().word("ago" if days > 0 else "ahead", length=say_duration(span))
    return phrases().word("roughly", value=ago)


def _say_exact(value: Scalar, fact: Fact | None, today: date, *, unit: str, style: str, near: bool) -> str:
    match value:
        case bool():
            return phrases().word("yes" if value else "no")
        case Duration():
            return say_duration(value)
        case Decimal():
            return say_amount(value, unit or (fact.unit if fact else ""))
        case date():
            return _say_day(value, today, style, near=near)
        case str():
            option = next((option for option in fact.options if option.name == value), None) if fact else None
            return option.say if option else value.replace("_", " ")


def _say_day(value: date, today: date, style: str, *, near: bool) -> str:
    if style == "ago":
        return say_ago(value, today, phrases())
    if style == "days":
        return say_duration(Duration(abs((today - value).days), "day"))
    day = say_date(value, today, year=None if style == "day" else True)
    is_near = near and 0 <= (value - today).days <= _NEAR
    return phrases().word("near", day=day, distance=say_ago(value, today, phrases())) if is_near else day
