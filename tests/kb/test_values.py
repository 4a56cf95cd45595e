"""Texts become exact values, or a clear refusal."""

from __future__ import annotations

import doctest
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainly.errors import PlainlyError
from plainly.kb import linked, links, parse_value
from plainly.model import Between, Duration, Fact, FactType, Option, Value

KIND = Fact("kind", "choice", "What?", options=(Option("book", "a book", ()), Option("map", "a map", ())))


@pytest.mark.parametrize(
    ("kind", "text", "unit", "value"),
    [
        ("number", "350", "", Decimal(350)),
        ("number", "350 points", "points", Decimal(350)),
        ("number", "1,000", "", Decimal(1000)),
        ("number", "2.5", "", Decimal("2.5")),
        ("number", "12%", "percent", Decimal(12)),
        ("money", "45 GBP", "GBP", Decimal(45)),
        ("money", "45.00", "GBP", Decimal("45.00")),
        ("money", "£45", "GBP", Decimal(45)),
        ("money", "£1,250.50", "GBP", Decimal("1250.50")),
        ("date", "2026-11-21", "", date(2026, 11, 21)),
        ("duration", "14 days", "", Duration(14, "day")),
        ("duration", "1 year", "", Duration(1, "year")),
        ("yes_no", "yes", "", True),
        ("yes_no", "false", "", False),
        ("choice", "anything", "", "anything"),
        ("date", "2026-10-01..2026-10-05", "", Between(date(2026, 10, 1), date(2026, 10, 5))),
        ("duration", "2 weeks..1 month", "", Between(Duration(2, "week"), Duration(1, "month"))),
    ],
)
def test_that_a_value_is_read_as_its_type(kind: FactType, text: str, unit: str, value: Value) -> None:
    assert parse_value(kind, text, unit) == value


@pytest.mark.parametrize(
    ("kind", "text", "word"),
    [
        ("number", "many", "figures"),
        ("number", "NaN", "figures"),
        ("number", "1e9", "figures"),
        ("number", "٣", "figures"),
        ("money", "45 EUR", "GBP"),
        ("money", "$45", "USD"),
        ("money", "1,00.5", "money"),
        ("date", "2026-13-01", "year-month-day"),
        ("date", "0001-01-01", "year-month-day"),
        ("date", "21/11/2026", "year-month-day"),
        ("date", "2026-11-21..2026-11-01", "above"),
        ("duration", "some time", "14 days"),
        ("duration", "1.5 years", "whole number"),
        ("duration", "99999 years", "100 years"),
        ("yes_no", "maybe", "yes nor no"),
    ],
)
def test_that_what_is_no_value_is_refused_with_what_to_write(kind: FactType, text: str, word: str) -> None:
    with pytest.raises(PlainlyError) as refusal:
        parse_value(kind, text, "GBP" if kind == "money" else "")
    assert word in refusal.value.message


def test_that_a_choice_takes_only_its_values() -> None:
    assert parse_value(KIND, "book") == "book"
    with pytest.raises(PlainlyError) as refusal:
        parse_value(KIND, "bok")
    assert 'Did you mean "book"?' in refusal.value.message


@given(st.sampled_from(["number", "money", "date", "duration", "yes_no", "choice"]), st.text(max_size=40))
def test_that_any_text_is_a_value_or_a_refusal(kind: FactType, text: str) -> None:
    with suppress(PlainlyError):
        assert parse_value(kind, text, "GBP" if kind == "money" else "") is not None


def test_that_the_examples_in_the_docstrings_of_links_hold() -> None:
    assert [doctest.testmod(module).failed for module in (linked, links)] == [0, 0]
