"""Values are said as people say them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from plainly.model import Between, Duration, Fact, KnownFact, Option, Value
from plainly.turn import Engine
from plainly.wording.outcome import name_fact, say_facts
from plainly.wording.phrases import phrases
from plainly.wording.slots import Telling
from plainly.wording.templates import fill
from plainly.wording.values import say_ago, say_amount, say_duration, say_value

TODAY = date(2026, 11, 21)
CONDITION = Fact("condition", "choice", "?", options=(Option("unopened", "still sealed", ()),))


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        ("45", "GBP", "£45"),
        ("45.5", "GBP", "£45.50"),
        ("1180", "GBP", "£1,180"),
        ("0.99", "GBP", "£0.99"),
        ("8", "percent", "8%"),
        ("12.5", "percent", "12.5%"),
        ("1200", "points", "1,200 points"),
    ],
)
def test_that_amounts_are_said_with_their_unit(amount: str, unit: str, said: str) -> None:
    assert say_amount(Decimal(amount), unit) == said


@pytest.mark.parametrize(
    ("days", "said"), [(0, "today"), (1, "yesterday"), (40, "40 days ago"), (-1, "tomorrow"), (-3, "in 3 days")]
)
def test_that_a_day_is_said_by_its_distance(days: int, said: str) -> None:
    assert say_ago(TODAY - timedelta(days), TODAY, phrases()) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 4, 21), "7 months ago"),
        (date(2026, 4, 20), "215 days ago"),
        (date(2026, 9, 21), "61 days ago"),
        (date(2025, 11, 21), "1 year ago"),
        (date(2025, 11, 20), "over 12 months ago"),
        (date(2024, 12, 25), "over 22 months ago"),
        (date(2024, 11, 21), "2 years ago"),
        (date(2024, 4, 21), "over 2 years ago"),
        (date(2016, 5, 3), "over 10 years ago"),
        (date(2029, 11, 21), "in 3 years"),
    ],
)
def test_that_a_long_time_is_said_as_people_say_it(day: date, said: str) -> None:
    assert say_ago(day, TODAY, phrases()) == said


def test_that_one_of_something_is_not_plural() -> None:
    assert [say_duration(Duration(n, "month")) for n in (1, 6)] == ["1 month", "6 months"]


@pytest.mark.parametrize(
    ("value", "style", "said"),
    [
        (date(2026, 10, 12), "", "12 October 2026"),
        (date(2026, 10, 12), "day", "12 October"),
        (date(2027, 1, 12), "day", "12 January 2027"),
        (date(2026, 11, 28), "day", "28 November (in 7 days)"),
        (date(2026, 11, 22), "", "22 November 2026 (tomorrow)"),
        (date(2026, 11, 29), "day", "29 November"),
        (date(2026, 10, 12), "days", "40 days"),
        (date(2026, 11, 20), "ago", "yesterday"),
        ("unopened", "", "still sealed"),
        (Between(Decimal(20), Decimal(30)), "", "between 20 and 30"),
        (Between(date(2026, 10, 10), date(2026, 10, 14)), "ago", "about 40 days ago"),
        (Between(date(2026, 4, 2), date(2026, 5, 4)), "ago", "about 7 months ago"),
        (Between(date(2022, 1, 2), date(2023, 6, 4)), "ago", "about 4 years ago"),
    ],
)
def test_that_a_value_follows_its_slot(value: Value, style: str, said: str) -> None:
    assert say_value(value, CONDITION, TODAY, style=style) == said


@pytest.mark.parametrize("today", [date(2026, 7, 31), date(2026, 12, 31), date(2028, 2, 29), TODAY])
def test_that_a_rough_time_is_never_told_to_the_day(today: date) -> None:
    def say(days: int) -> str:
        middle = today - timedelta(days)
        return say_value(Between(middle - timedelta(9), middle + timedelta(9)), None, today, style="ago")

    wanted = re.compile(r"about (in )?(\d+ months|1 year|\d+ years)( ago)?")
    assert [text for days in range(107, 1200) for text in (say(days), say(-days)) if not wanted.fullmatch(text)] == []
    assert [say(days) for days in (153, 365, 800)] == ["about 5 months ago", "about 1 year ago", "about 2 years ago"]


@pytest.mark.parametrize("style", ["", "day"])
def test_that_a_near_day_is_told_without_its_distance_to_who_reads_it_on_another_day(style: str) -> None:
    said = say_value(TODAY, None, TODAY, style=style, near=False)
    assert said == ("21 November" if style else "21 November 2026")
    ends = Between(TODAY, TODAY + timedelta(3))
    assert "(" not in say_value(ends, None, TODAY, style=style, near=False)


def test_that_a_choice_without_words_is_still_readable() -> None:
    assert say_value("made_to_order", None, TODAY) == "made to order"


def test_that_a_value_without_a_read_back_fills_no_slot(engine: Engine) -> None:
    facts = {"category": KnownFact("category", "general"), "condition": KnownFact("condition", "used")}
    telling = Telling(engine.kb, engine.kb.policies["returns"], facts, TODAY)
    assert telling.say_fact("category") is None
    assert say_facts(telling, ("category", "condition")) == "it is used"
    assert name_fact(telling, engine.kb.facts["category"], "general") == "Something else"
    assert fill("It is {category}. It is {condition}.", telling.lookup()) == "It is used."
