"""Whatever is sent, understanding gives an answer, quickly, with spans that hold."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plainly.understand.listen import understand
from tests.understand.stage import NOW, cases, hear, small_kb

PIECES = cases("tricky")


def check(text: str) -> None:
    found = hear(text)
    for fact in found.facts.values():
        assert fact.span is not None
        assert 0 <= fact.span[0] < fact.span[1] <= len(text)
        assert text[fact.span[0] : fact.span[1]] == fact.said


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_that_any_text_is_understood_without_an_error(text: str) -> None:
    check(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
def test_that_any_mix_of_tricky_pieces_is_understood_without_an_error(text: str) -> None:
    check(text)


ODD = {
    "empty": "",
    "space": " ",
    "control": "\x00\x01\x02",
    "emoji": "😀😡🎉",
    "marks": "\u200f\u202e",
    "signs": "?" * 5000,
    "long word": "a" * 100_000,
    "digits": "1" * 5000,
    "lines": "\n" * 3000,
    "surrogate": "\ud800",
    "negations": "never " * 900,
    "repeats": "40 days ago " * 500,
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_that_odd_messages_get_a_sane_answer(text: str) -> None:
    check(text)


def test_that_a_megabyte_is_read_in_its_first_part_only() -> None:
    started = time.monotonic()
    found = hear("It arrived 40 days ago. " + "blah " * 200_000)
    assert "delivered_on" in found.facts
    assert time.monotonic() - started < 2


def test_that_writing_direction_marks_do_not_shift_spans() -> None:
    text = "\u200fIt \u202aarrived\u202c 40\u200b days ago, ne\u0301ver opened"
    check(text)
    assert set(hear(text).facts) == {"delivered_on", "condition"}


def test_that_stacked_accents_are_read_through() -> None:
    text = "ke\u0336t\u0336t\u0336l\u0336e\u0336 arrived 40 days ago"
    check(text)
    assert hear(text).facts["category"].value == "general"


def test_that_a_message_takes_a_few_milliseconds() -> None:
    text = (
        "I bought a kettle 40 days ago, never opened it, no receipt, your colleague promised 60 days. Can I return it?"
    )
    hear(text)
    started = time.monotonic()
    for _ in range(20):
        understand(text, small_kb(), now=NOW)
    assert (time.monotonic() - started) / 20 < 0.05
