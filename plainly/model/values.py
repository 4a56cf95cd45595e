"""What a fact may be worth, what is known of it, and where something stands in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Unit = Literal["hour", "day", "week", "month", "year"]
FactType = Literal["number", "money", "date", "duration", "choice", "yes_no"]
Verdict = Literal["yes", "no", "partly", "agent"]
Level = Literal["quoted", "explained", "decided"]


@dataclass(frozen=True)
class Duration:
    """A length of time as people say it: 30 days, 2 weeks, 6 months."""

    amount: int
    unit: Unit


Scalar = Decimal | date | Duration | str | bool
"""A fact's exact value: number or money, date, duration, choice name, or yes/no."""


@dataclass(frozen=True)
class Between:
    """A value known only roughly ("about a month"): somewhere from low to high, both included."""

    low: Decimal | date | Duration
    high: Decimal | date | Duration


Value = Scalar | Between
Source = Literal["customer", "button", "record", "agent"]


@dataclass(frozen=True)
class KnownFact:
    """A fact about this case, with the words it came from.

    `span` is the character range in the message it was heard in, when there was one.
    """

    name: str
    value: Value
    source: Source = "customer"
    said: str = ""
    span: tuple[int, int] | None = None


Facts = Mapping[str, KnownFact]


@dataclass(frozen=True)
class Place:
    """Where in the folder something is written. `line` and `column` count from 1."""

    path: str
    line: int = 1
    column: int = 1
