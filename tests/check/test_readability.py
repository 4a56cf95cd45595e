"""Counting words, sentences and syllables, and the grades made of them."""

from __future__ import annotations

import pytest

from plainly.check.readability import hard_words, is_passive, jargon_in, read
from plainly.check.syllables import syllables
from plainly.check.words import normalise, sentences_in, words_in

COUNTS = {
    1: "the days used made whole fire changed asked called helped clothes don't can't we're our fruit build guide",
    2: "refund kettle table handled prices boxes faulty voucher quiet trial being going didn't language people's",
    3: "policy customer idea recycle exchanges limited religious video every-day",
    4: "delivery available appliances apologise experience community reality refundable cooperate variety",
    5: "immediately anniversary association individual notification pre-cancellation",
    6: "responsibility",
}


@pytest.mark.parametrize(
    ("count", "word"), [(count, word) for count, words in COUNTS.items() for word in words.split()]
)
def test_that_syllables_are_counted(count: int, word: str) -> None:
    assert syllables(word) == count


def test_that_a_plain_text_has_a_low_grade() -> None:
    reading = read("You can send it back. We pay for the parcel. It takes five days.")
    assert (reading.words, reading.sentences) == (14, 3)
    assert reading.grade < 3


def test_that_an_official_text_has_a_high_grade() -> None:
    reading = read("Notwithstanding the aforementioned stipulations, reimbursement necessitates documentary evidence.")
    assert reading.flesch_kincaid > 20
    assert reading.automated > 15


def test_that_the_grade_is_the_higher_of_the_two_measures() -> None:
    reading = read("Strength through thoughtful breathing works.")
    assert reading.grade == max(reading.flesch_kincaid, reading.automated)


def test_that_links_citations_and_figures_do_not_count_as_words_of_their_own() -> None:
    text = "Yours came 40 days ago *(Returns 2.1)*, so see [how to pack](/help/packing-instructions)."
    assert normalise(text) == "Yours came ten days ago , so see how to pack."


def test_that_a_slot_reads_like_a_short_word() -> None:
    assert words_in(normalise("Open for {return_window} until {return_by.day}.")) == [
        "Open",
        "for",
        "ten",
        "until",
        "ten",
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ("e.g. a kettle, i.e. this one", 1),
        ("First line\nSecond line", 2),
        ("- one\n- two\n- three", 3),
        ("You can: Swap it; Keep it", 3),
        ("", 0),
        ("£45. 30 %.", 0),
        ('He said "no." Then he left.', 2),
    ],
)
def test_that_sentences_are_counted_as_people_read_them(text: str, count: int) -> None:
    assert len(sentences_in(text)) == count


@pytest.mark.parametrize(
    ("sentence", "passive"),
    [
        ("The box was opened by a dog.", True),
        ("It has been sent.", True),
        ("Refunds are usually paid within 5 days.", True),
        ("It isn’t taken back.", True),
        ("We sent it.", False),
        ("You are entitled to it.", False),
        ("It is unopened.", False),
        ("It is red.", False),
        ("Is there a need?", False),
    ],
)
def test_that_the_passive_voice_is_told_from_a_state(sentence: str, passive: bool) -> None:
    assert is_passive(sentence) is passive


def test_that_jargon_comes_with_plain_words() -> None:
    assert dict(jargon_in("Pursuant to clause 2, we utilise cookies upon request.")) == {
        "pursuant to": "under",
        "utilise": "use",
        "upon": "on",
    }


def test_that_jargon_inside_another_word_is_left_alone() -> None:
    assert list(jargon_in("Thereupon the marshall came.")) == []


def test_that_hard_words_are_named_hardest_first() -> None:
    assert hard_words("Responsibility and accessibility are available.") == (
        "accessibility",
        "responsibility",
        "available",
    )


STRANGE = {
    "empty": "", "space": " ", "lines": "\n\n", "emojis": "😀😀", "figures": "123", "signs": "§" * 5_000,
    "one long word": "a" * 100_000, "half a slot": "{" * 5_000, "half a link": "[x](" * 5_000, "stars": "*" * 50_000,
    "half a citation": "(A " * 20_000, "dots": "." * 50_000, "at signs": "a@" * 20_000, "slashes": "/" * 50_000,
    "hyphens": "a-" * 20_000, "spaces": " " * 50_000, "be": "is not " * 10_000, "figures and dots": "1." * 20_000,
}  # fmt: skip


@pytest.mark.timeout(10)
@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_that_any_text_is_measured_quickly(text: str) -> None:
    reading = read(text)
    assert reading.words >= 0
    assert isinstance(reading.grade, float)
