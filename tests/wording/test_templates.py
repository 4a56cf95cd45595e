"""A template says only what is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainly.wording.templates import fill, slots


def known(name: str, style: str) -> str | None:
    return {("window", ""): "30 days", ("came", "ago"): "40 days ago"}.get((name, style))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("It is {window}.", "It is 30 days."),
        ("It is {window}. Yours came {came.ago}.", "It is 30 days. Yours came 40 days ago."),
        ("It is {window}. Yours costs {price}.", "It is 30 days."),
        ("{price} is due. It is {window}.", "It is 30 days."),
        ("{window} is the limit.", "30 days is the limit."),
        ("Nothing known: {price}.", ""),
        ("", ""),
    ],
)
def test_that_a_sentence_with_an_unknown_slot_is_left_out(template: str, said: str) -> None:
    assert fill(template, known) == said


def test_that_a_sentence_starting_with_a_word_slot_gets_its_capital() -> None:
    assert fill("{came.ago} it came.", lambda *_: "yesterday") == "Yesterday it came."


def test_that_the_slots_of_a_template_can_be_listed() -> None:
    assert slots("{a} and {b_c.days}") == (("a", ""), ("b_c", "days"))


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_that_what_a_slot_says_is_never_read_as_a_template(words: str) -> None:
    assert fill("X {window} Y.", lambda *_: words) == f"X {words} Y."


def test_that_braces_in_a_value_stay_as_they_are() -> None:
    assert fill("You said {window}.", lambda *_: "{came.ago}") == "You said {came.ago}."
