"""When a matter is over and how it ended: confirmed, resolved, silent and abandoned are kept apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainly.outcomes.episodes import (
    OUTCOMES,
    Courtesy,
    Handoff,
    Word,
    ending_by_courtesy,
    ending_by_silence,
    fresh_context,
    handled_by,
    has_open_complaint,
    is_only_courtesy,
    is_reopening,
    measure,
)

START = datetime(2026, 11, 24, 11, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def clock(start: datetime, end: datetime) -> float:
    """Always open."""
    return (end - start) / timedelta(minutes=1)


def words(*said: str) -> list[Word]:
    """From "customer", "agent", a status of the bot, "status/act", "notice" (the desk speaks) or "left"; one a minute.

    "left" is what the customer is told who gave up their place in line.
    """
    found = []
    for seq, one in enumerate(said, 1):
        status, _, act = one.partition("/")
        if one == "left":
            found.append(Word(seq, "bot", "notice", "smalltalk", at(seq - 1)))
            continue
        author = {"customer": "customer", "agent": "agent", "notice": "agent"}.get(one, "bot")
        kind = "notice" if one == "notice" else "text"
        found.append(Word(seq, author, kind, status if author == "bot" else None, at(seq - 1), act or None))
    return found


THANKS = Courtesy("thank", "smalltalk", "nothing", "calm")
BYE = Courtesy("goodbye", "smalltalk", "nothing", "calm")


@pytest.mark.parametrize(
    ("said", "before", "outcome"),
    [
        (THANKS, ["customer", "answered", "customer", "smalltalk"], "confirmed"),
        (BYE, ["customer", "decided_no", "customer", "smalltalk"], "confirmed"),
        (BYE, ["customer", "asked_fact", "customer", "smalltalk"], "abandoned"),
        (THANKS, ["customer", "asked_fact", "customer", "smalltalk"], None),
        (THANKS, ["customer", "smalltalk"], None),
        (BYE, ["customer", "smalltalk"], None),
        (Courtesy("thank", "smalltalk", "fact", "calm"), ["customer", "answered", "customer", "smalltalk"], None),
        (Courtesy("thank", "smalltalk", "nothing", "angry"), ["customer", "answered", "customer", "smalltalk"], None),
        (Courtesy("goodbye", "smalltalk", "nothing", "annoyed"), ["customer", "answered", "customer"], "abandoned"),
        (Courtesy("thank", "answered", "nothing", "calm"), ["customer", "answered", "customer", "answered"], None),
        (Courtesy("greet", "smalltalk", "nothing", "calm"), ["customer", "answered"], None),
        (Courtesy(None, "smalltalk", "nothing", None), ["customer", "answered"], None),
        (THANKS, ["customer", "softened/complain", "customer", "smalltalk"], None),
        (BYE, ["customer", "softened/complain", "customer", "smalltalk"], None),
        (THANKS, ["customer", "softened/complain", "agent", "customer", "smalltalk"], "confirmed"),
    ],
)
def test_that_thanks_and_goodbyes_end_what_they_end(said: Courtesy, before: list[str], outcome: str | None) -> None:
    assert ending_by_courtesy(said, words(*before)) == outcome


@pytest.mark.parametrize(
    ("owner", "said", "outcome"),
    [
        ("bot", ["customer", "answered"], "silent"),
        ("bot", ["customer", "decided_no", "customer", "softened"], "silent"),
        ("bot", ["customer", "answered", "customer", "smalltalk"], "silent"),
        ("bot", ["customer", "asked_fact"], "abandoned"),
        ("bot", ["customer", "answered", "customer", "clarified"], "abandoned"),
        ("bot", ["customer", "needs_agent"], "abandoned"),
        ("bot", ["customer", "no_policy_found"], "abandoned"),
        ("bot", ["customer", "answered", "customer"], None),
        ("bot", ["customer", "escalated", "customer", "left"], "abandoned"),
        ("bot", ["customer", "answered", "customer", "escalated", "customer", "left"], "abandoned"),
        ("bot", ["customer", "escalated", "customer", "left", "customer"], None),
        ("bot", ["customer", "escalated", "customer", "left", "customer", "answered"], "silent"),
        ("agent:ann", ["customer", "agent"], "silent"),
        ("agent:ann", ["customer", "escalated", "customer", "agent"], "abandoned"),
        ("agent:ann", ["customer", "escalated", "agent", "customer", "agent"], "silent"),
        ("agent:ann", ["customer", "agent", "customer"], None),
        ("agent:ann", ["customer", "escalated"], "abandoned"),
        ("agent:ann", ["customer", "escalated", "notice", "customer", "notice"], None),
        ("agent:ann", ["customer", "escalated", "notice", "customer", "agent", "notice"], "abandoned"),
        ("agent:ann", ["customer", "answered", "notice"], "silent"),
        ("queue", ["customer", "escalated"], None),
        ("queue", ["customer", "escalated", "customer", "waiting"], None),
        ("closed", ["customer", "answered"], None),
        ("bot", [], None),
    ],
)
def test_that_silence_is_never_success_and_a_debt_is_never_closed(
    owner: str, said: list[str], outcome: str | None
) -> None:
    assert ending_by_silence(owner, words(*said)) == outcome


@pytest.mark.parametrize(
    ("said", "by"),
    [
        (["customer", "answered"], "bot"),
        (["customer", "escalated", "agent"], "people"),
        (["customer", "smalltalk", "customer", "escalated", "agent"], "people"),
        (["customer", "decided_no", "customer", "escalated", "agent"], "both"),
        (["customer", "no_policy_found"], "bot"),
        (["customer", "answered", "notice"], "bot"),
    ],
)
def test_that_it_is_known_whose_answers_the_customer_had(said: list[str], by: str) -> None:
    assert handled_by(words(*said)) == by


def test_that_greetings_alone_are_no_matter() -> None:
    assert is_only_courtesy(words("customer", "smalltalk", "customer", "smalltalk"))
    assert not is_only_courtesy(words("customer", "smalltalk", "customer", "answered"))
    assert not is_only_courtesy(words("customer"))


def test_that_a_complaint_is_open_until_a_person_answers() -> None:
    assert has_open_complaint(words("customer", "softened/complain"))
    assert not has_open_complaint(words("customer", "softened/complain", "agent"))
    assert has_open_complaint(words("customer", "agent", "customer", "softened/complain"))
    assert not has_open_complaint(words("customer", "answered"))


def test_that_the_bots_time_is_not_the_persons() -> None:
    said = words("customer", "decided_no", "customer", "escalated", "agent", "customer", "agent")
    handoff = Handoff("asked", at(3), at(3.5), at(4), None)
    measured = measure(said, [handoff], at(10), clock)
    assert measured.first_answer_seconds == 60
    assert (measured.waited_seconds, measured.person_answer_seconds) == (30, 60)
    assert (measured.handled_by, measured.handoff_reason) == ("both", "asked")
    assert (measured.first_answer_seq, measured.last_answer_seq) == (2, 7)


def test_that_a_person_s_first_answer_counts_from_when_people_were_asked() -> None:
    said = words("customer", "asked_fact", "customer", "escalated", "agent")
    measured = measure(said, [Handoff("asked", at(3), at(3), at(4), None)], at(9), clock)
    assert measured.first_answer_seconds == 60
    assert measured.handled_by == "people"


def test_that_waits_count_opening_time_only() -> None:
    said = words("customer", "escalated", "agent")
    measured = measure(said, [Handoff("asked", at(1), at(600), at(601), None)], at(700), lambda start, end: 5.0)
    assert (measured.waited_seconds, measured.person_answer_seconds) == (300, 300)


def test_that_several_waits_add_up_and_one_without_a_person_counts_to_its_end() -> None:
    said = words("customer", "escalated", "answered")
    spans = [Handoff("asked", at(1), at(3), None, at(4)), Handoff("complaint", at(5), None, None, None)]
    measured = measure(said, spans, at(8), clock)
    assert (measured.waited_seconds, measured.person_answer_seconds) == (300, None)
    assert measured.handoff_reason == "asked"


def test_that_without_a_handoff_there_is_no_wait() -> None:
    measured = measure(words("customer", "asked_fact"), [], at(9), clock)
    assert (measured.waited_seconds, measured.person_answer_seconds, measured.first_answer_seconds) == (None,) * 3
    assert (measured.handoff_reason, measured.first_answer_seq, measured.last_answer_seq) == (None,) * 3


@pytest.mark.parametrize(("days", "soon"), [(0, True), (7, True), (7.01, False)])
def test_that_a_word_within_seven_days_reopens(days: float, soon: bool) -> None:
    assert is_reopening(START, START + timedelta(days=days)) == soon


def test_that_the_next_matter_keeps_facts_and_forgets_the_argument() -> None:
    before = {
        "facts": {"condition": "used"},
        "policy": "returns",
        "said": ["a#0"],
        "pushbacks": 2,
        "awaiting": "consent",
    }
    before |= {"offered": ["exchange"], "tones": ["angry"], "unclear": 1, "choices": [1], "asked": "x", "declined": []}
    assert fresh_context(before) == {"facts": {"condition": "used"}, "policy": "returns", "said": ["a#0"]}


STATUSES = ["answered", "decided_no", "asked_fact", "smalltalk", "escalated", "no_policy_found", "softened/complain"]


@given(st.lists(st.sampled_from(["customer", "agent", *STATUSES]), max_size=12), st.sampled_from(["bot", "agent:a"]))
def test_that_every_story_has_one_ending_and_sane_figures(said: list[str], owner: str) -> None:
    story = words("customer", *said)
    assert ending_by_silence(owner, story) in (None, *OUTCOMES)
    if story[-1].author == "customer":
        assert ending_by_silence(owner, story) is None
    measured = measure(story, [], at(99), clock)
    assert measured.handled_by in ("bot", "people", "both")
    assert (measured.first_answer_seconds or 0) >= 0
    assert (measured.first_answer_seq or 0) <= (measured.last_answer_seq or 0)
