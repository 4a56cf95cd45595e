"""Placeholders, differences, search and figures."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

from plainly.model import KnowledgeBase
from plainly.suggest.difference import difference
from plainly.suggest.figures import figures
from plainly.suggest.levers import offers
from plainly.suggest.placeholders import unfilled
from plainly.suggest.searching import matches
from tests.suggest.conftest import ground_of


@pytest.mark.parametrize("module", ["difference", "placeholders", "searching"])
def test_that_examples_in_docstrings_hold(module: str) -> None:
    assert doctest.testmod(import_module(f"plainly.suggest.{module}")).failed == 0


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("Dear {name}", ["{name}"]),
        ("Dear {{ customer.name }}", ["{{ customer.name }}"]),
        ("Order [order number] and [order number]", ["[order number]"]),
        ("On <date> at ____", ["<date>", "____"]),
        ("Call XXX", ["XXX"]),
        ("See [how](/help) *(Returns 2.1)*", []),
        ("3 < 5 and 7 > 2", []),
        ("Size XXL", []),
        ("<3", []),
    ],
)
def test_that_gaps_are_found_and_nothing_else(text: str, gaps: list[str]) -> None:
    assert unfilled(text) == gaps


def test_that_nothing_changed_is_no_difference() -> None:
    assert difference("We can't.  Swap it?", "We can't.\nSwap it?") == ""


def test_that_an_added_sentence_is_told() -> None:
    assert difference("We can't.", "We can't. I'm sorry.") == "+ I'm sorry."


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("within 3-5 working days", ["time"]),
        ("£12.50 or 10 per cent", ["money", "percent"]),
        ("by 12th of January 2027", ["date"]),
        ("on 12/01/2027 or 2027-01-12", ["date", "date"]),
        ("fourteen days, twenty pounds", ["money", "time"]),
        ("a day or two, a moment, a few weeks", []),
        ("order 30112, 2 litres, 1.7 kg, 9:30", []),
        ("31/13/2027 and 45 March", []),
    ],
)
def test_that_figures_are_read(text: str, kinds: list[str]) -> None:
    assert [figure.kind for figure in figures(text)] == kinds


@pytest.mark.parametrize(
    ("one", "other"), [("2 weeks", "14 days"), ("a fortnight", "14 days"), ("1 year", "12 months")]
)
def test_that_the_same_length_said_otherwise_is_the_same(one: str, other: str) -> None:
    (first,), (second,) = figures(f"another {one.removeprefix('a ')}" if one[0] == "a" else one), figures(other)
    assert first.is_like(second)


def test_that_search_needs_every_word() -> None:
    assert matches("sofa legs", "Sofa", "The legs screw on.") is not None
    assert matches("sofa arms", "Sofa", "The legs screw on.") is None
    assert matches("", "Sofa", "x") == 0


def test_that_levers_one_may_grant_come_first(kb: KnowledgeBase) -> None:
    found = offers(ground_of(kb, "returns.can_return.too_late"), "agent")
    assert [offer.allowed for offer in found] == [True, False]


def test_that_the_amount_of_a_lever_is_told_with_its_unit(kb: KnowledgeBase) -> None:
    amounts = {
        offer.lever.id: offer.amount for offer in offers(ground_of(kb, "delivery.late_parcel.new_or_refund"), "agent")
    }
    assert "£5" in amounts.values(), amounts
