"""What the reports say, from `plainly/wording/<language>/reports.yml`, and how numbers and days are written."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from plainly.outcomes.periods import Period, Step
from plainly.settings import settings
from plainly.wording.phrases import phrases


def say(key: str, **slots: object) -> str:
    """One sentence or label of the reports."""
    return phrases(_language()).line(f"reports.{key}", **{name: str(value) for name, value in slots.items()})


def label(figure: str, group: str) -> str:
    """The name of a figure's group; one the words do not know is made readable."""
    key = f"reports.{figure}.{group}"
    return phrases(_language()).line(key) if phrases(_language()).has(key) else group.replace("_", " ").capitalize()


def number(value: float | None, unit: str = "") -> str:
    """A number with at most one digit after the point; a dash where there is none."""
    if value is None:
        return "–"
    text = format_decimal(round(value, 1), locale=_locale())
    return say(f"amount.{unit}", value=text) if unit else text


def percent(share: float | None) -> str:
    """A share in whole per cent; a dash of nothing."""
    return "–" if share is None else format_percent(round(share, 2), locale=_locale())


def step_label(first: date, last: date, step: Step) -> str:
    """How a step is called under its bar and in the table."""
    if step == "month":
        return format_date(first, "MMM yyyy", locale=_locale())
    day = format_date(first, "d MMM", locale=_locale())
    return day if first == last else f"{day} – {format_date(last, 'd MMM', locale=_locale())}"


def long_day(day: date) -> str:
    """A day as people write it."""
    return format_date(day, "d MMMM yyyy", locale=_locale())


def link(figure: str, period: Period, group: str = "") -> str:
    """The page with the conversations behind a number."""
    query = {"figure": figure, "from": period.first.isoformat(), "to": period.last.isoformat()}
    return f"/desk/reports/conversations?{urlencode(query | ({'group': group} if group else {}))}"


def query_of(period: Period) -> str:
    """The period as an address names it."""
    return urlencode({"from": period.first.isoformat(), "to": period.last.isoformat(), "by": period.step})


def _language() -> str:
    return settings().language


def _locale() -> str:
    language = _language()
    return "en_GB" if language == "en" else language.replace("-", "_")
