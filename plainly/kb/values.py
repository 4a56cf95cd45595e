"""Text -> exact values: numbers, money, dates, durations, choices, yes and no."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import cast, get_args

from plainly.errors import PlainlyError
from plainly.kb.problems import did_you_mean
from plainly.model import Between, Duration, Fact, FactType, Scalar, Unit, Value

UNITS: tuple[Unit, ...] = get_args(Unit)
_NUMBER = re.compile(r"[-+]?(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,6})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DURATION = re.compile(r"(\d{1,5}) ?(hour|day|week|month|year)s?", re.ASCII)
_SYMBOLS = {"£": "GBP", "€": "EUR", "$": "USD"}
_LONGEST = {"hour": 90_000, "day": 36_500, "week": 5_200, "month": 1_200, "year": 100}


class BadValue(PlainlyError):
    """A text that is not a value of the type asked for."""

    def __init__(self, message: str, code: str = "bad_value") -> None:
        super().__init__(code, message)


def parse_value(fact: Fact | FactType, text: str, unit: str = "") -> Value:
    """The value of a fact (or of a bare type) written as `text`; a range is written `low..high`.

    Raises BadValue, a PlainlyError, with words on what is expected.
    """
    kind = fact.type if isinstance(fact, Fact) else fact
    unit = unit or (fact.unit if isinstance(fact, Fact) else "")
    if ".." in text and kind in ("number", "money", "date", "duration"):
        return _between(kind, text, unit)
    return _scalar(fact, kind, text.strip(), unit)


def _between(kind: FactType, text: str, unit: str) -> Between:
    low, _, high = text.partition("..")
    ends = [cast(Decimal | date | Duration, _scalar(kind, kind, end.strip(), unit)) for end in (low, high)]
    if _weight(ends[0]) > _weight(ends[1]):
        raise BadValue(f'In "{text}" the first value is above the second.')
    return Between(ends[0], ends[1])


def _weight(value: Decimal | date | Duration) -> Decimal:
    """A rough size, to tell which end of a range is the lower one."""
    if isinstance(value, Duration):
        hours = {"hour": 1, "day": 24, "week": 168, "month": 730, "year": 8766}
        return Decimal(value.amount * hours[value.unit])
    return value if isinstance(value, Decimal) else Decimal(value.toordinal())


def _scalar(fact: Fact | FactType, kind: FactType, text: str, unit: str) -> Scalar:
    if kind == "choice":
        return _choice(fact, text)
    if kind == "yes_no":
        return parse_yes_no(text)
    if kind == "date":
        return parse_date(text)
    if kind == "duration":
        return parse_duration(text)
    return parse_money(text, unit) if kind == "money" else parse_number(text, unit)


def _choice(fact: Fact | FactType, text: str) -> str:
    names = [option.name for option in fact.options] if isinstance(fact, Fact) else []
    if not isinstance(fact, Fact) or text in names:
        return text
    raise BadValue(f'"{text}" is not a value of "{fact.name}". {did_you_mean(text, names)}', "bad_choice")


def parse_yes_no(text: str) -> bool:
    """yes or no (true and false count too)."""
    answers = {"yes": True, "no": False, "true": True, "false": False}
    if text.lower() not in answers:
        raise BadValue(f'"{text}" is neither yes nor no.')
    return answers[text.lower()]


def parse_date(text: str) -> date:
    """A date written 2026-11-21, between the years 1900 and 2199."""
    try:
        value = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        value = None
    if value is None or not 1900 <= value.year <= 2199:
        raise BadValue(f'"{text}" is not a date. Write it as year-month-day, such as 2026-11-21.', "bad_date")
    return value


def parse_duration(text: str) -> Duration:
    """A whole number of hours, days, weeks, months or years, such as "14 days"; at most 100 years."""
    match = _DURATION.fullmatch(text)
    if not match:
        message = f'"{text}" is not a duration. Write a whole number and a unit, such as 14 days or 1 year.'
        raise BadValue(message, "bad_duration")
    amount, unit = int(match[1]), cast(Unit, match[2])
    if amount > _LONGEST[unit]:
        raise BadValue(f'"{text}" is longer than 100 years.', "bad_duration")
    return Duration(amount, unit)


def parse_number(text: str, unit: str = "") -> Decimal:
    """A number such as 350 or 2.5; its unit may follow it."""
    figure = text
    if unit and text.lower().endswith(unit.lower()):
        figure = text[: -len(unit)].strip()
    if unit == "percent":
        figure = figure.removesuffix("%").strip()
    if not _NUMBER.fullmatch(figure):
        suffix = f" {unit}" if unit and unit != "percent" else ""
        raise BadValue(f'"{text}" is not a number. Write it in figures, such as 12{suffix}.')
    return Decimal(figure.replace(",", ""))


def parse_money(text: str, currency: str = "") -> Decimal:
    """An amount such as 45, 45.00, 45 GBP or £45; another currency than `currency` is an error."""
    match = re.fullmatch(r"([£€$]?)\s?([-\d.,]+)\s?([A-Z]{3})?", text, re.ASCII)
    symbol, figure, code = (match[1], match[2], match[3]) if match else ("", "", None)
    if not match or not _NUMBER.fullmatch(figure):
        raise BadValue(f'"{text}" is not an amount of money. Write it as 45.00 or 45 {currency or "GBP"}.')
    named = code or _SYMBOLS.get(symbol)
    if named and currency and named != currency:
        raise BadValue(f'"{text}" is in {named}, but amounts here are in {currency}.')
    return Decimal(figure.replace(",", ""))
