"""A person: with words about what happens next, and never without the hand-over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plainly.model import DeskState, Escalate, Record
from plainly.turn.moves import MOVES
from tests.turn.conftest import NOW, Talk

ODD = [
    "",
    " ",
    "?",
    "🫖🫖🫖",
    "a" * 4000,
    "/restart",
    "<b>x</b>",
    "'; drop table --",
    "\u202eabc",
    "{window} {0} {}",
    "%s",
    "null",
]


def test_that_asking_for_a_person_says_the_place_and_the_usual_wait(talk: Talk) -> None:
    talk.desk = DeskState(open=True, waiting=2, wait_minutes=4)
    reply = talk.say("let me talk to a human", "hand_over")
    assert reply.status == "escalated"
    assert "number 3" in reply.text
    assert "4 minutes" in reply.text
    assert [effect.reason for effect in reply.effects if isinstance(effect, Escalate)] == ["asked"]


def test_that_no_wait_is_promised_when_there_is_nothing_to_go_by(talk: Talk) -> None:
    reply = talk.say("agent please", "hand_over")
    assert "minute" not in reply.text


def test_that_out_of_hours_says_when_we_open_and_asks_for_a_way_to_reach_them(talk: Talk) -> None:
    talk.desk = DeskState(open=False, opens=NOW + timedelta(days=3))
    reply = talk.say("agent please", "hand_over")
    assert "Monday 23 November at 11:00" in reply.text
    assert "e-mail" in reply.text
    assert talk.context.awaiting == "contact"
    assert [effect for effect in reply.effects if isinstance(effect, Escalate)]


def test_that_a_wish_for_a_person_overrules_any_rule(talk: Talk) -> None:
    assert talk.say("I want to speak to a real person now", "answer").status == "escalated"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The toaster caught fire when I plugged it in", "safety"),
        ("I want to end my life", "vulnerable"),
    ],
)
def test_that_danger_brings_a_person_at_once(talk: Talk, text: str, reason: str) -> None:
    reply = talk.say(text, "decide")
    assert [effect.reason for effect in reply.effects if isinstance(effect, Escalate)] == [reason]
    assert "999" in reply.text


def test_that_a_complaint_is_kept_and_offered_to_a_person(talk: Talk) -> None:
    reply = talk.say("I want to complain, your driver was rude to me", "take_complaint")
    assert [effect.kind for effect in reply.effects if isinstance(effect, Record)] == ["complaint"]
    assert talk.context.awaiting == "consent"
    assert talk.tap("Yes, please").effects[0].reason == "complaint"  # type: ignore[union-attr]


def test_that_no_thanks_keeps_the_bot_here(talk: Talk) -> None:
    talk.say("I want to complain, your driver was rude to me", "take_complaint")
    reply = talk.tap("No, thanks")
    assert not reply.effects
    assert talk.context.awaiting == "nothing"


@pytest.mark.parametrize("move", sorted(MOVES))
@pytest.mark.parametrize("text", ODD)
def test_that_every_move_has_an_answer_to_anything(talk: Talk, move: str, text: str) -> None:
    assert talk.say(text, move).text
    talk.say("I bought a kettle 40 days ago, never opened it. Can I return it?", "decide")
    assert talk.say(text, move).text


def test_that_asking_for_a_person_in_words_counts_as_asked_though_one_was_offered(talk: Talk) -> None:
    talk.say("I want to complain, your driver was rude to me", "take_complaint")
    reply = talk.say("fine, get me your manager", "hand_over")
    assert [effect.reason for effect in reply.effects if isinstance(effect, Escalate)] == ["asked"]


def test_that_the_packet_tells_what_they_wanted_and_not_that_they_want_a_person(talk: Talk) -> None:
    talk.say("your courier left my sofa cushions in the rain and now they are ruined", "decide", "ask_eligibility")
    handed = talk.say("I want to talk to a real person", "hand_over", "ask_human")
    (effect,) = handed.effects
    assert isinstance(effect, Escalate)
    assert "sofa cushions in the rain" in str(effect.packet["wants"])


def test_that_a_person_who_comes_to_a_told_case_does_not_ask_for_it_again(talk: Talk) -> None:
    talk.say("My kettle came 10 days ago, can I return it?", "decide")
    draft = talk.say("hello??", "small_talk", "greet", audience="agent")
    assert "I've read everything above" in draft.text
    assert "How can I help" not in draft.text


def test_that_after_a_no_we_ask_once_how_the_rule_works_out_and_keep_the_answer(talk: Talk) -> None:
    talk.say("I bought a kettle 40 days ago, never opened it. Can I return it?", "decide")
    asked = talk.say("no thanks", "keep_going")
    assert "How did our return rules work out for you?" in asked.text
    assert talk.context.awaiting == "opinion"
    told = talk.say("it makes Christmas presents hard", "take_feedback", "inform")
    (effect,) = told.effects
    assert isinstance(effect, Record)
    assert (effect.kind, effect.data["policy"]) == ("open_question", "returns")
    assert "How did our" not in talk.say("no thanks", "keep_going").text


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("how long do refunds take?", "answered"),
        ("sorry, it came 20 days ago", "decided_yes"),
        ("nope", "smalltalk"),
    ],
)
def test_that_what_is_no_opinion_is_answered_as_what_it_is(talk: Talk, words: str, status: str) -> None:
    talk.say("I bought a kettle 40 days ago, never opened it. Can I return it?", "decide")
    talk.say("no thanks", "keep_going")
    reply = talk.say(words, "take_feedback", "inform")
    assert reply.status == status
    assert not reply.effects


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("I was in hospital for weeks", "14 days"),
        ("the handle came off", "fault"),
        ("my lamp parcel has not arrived", "parcel"),
    ],
)
def test_that_a_new_trouble_is_not_filed_as_an_opinion(talk: Talk, words: str, heard: str) -> None:
    talk.say("I bought a kettle 40 days ago, never opened it. Can I return it?", "decide")
    talk.say("no thanks", "keep_going")
    reply = talk.say(words, "take_feedback", "inform")
    assert heard in reply.text
    assert not reply.effects


def test_that_an_opinion_is_no_longer_awaited_after_other_words(talk: Talk) -> None:
    talk.say("I bought a kettle 40 days ago, never opened it. Can I return it?", "decide")
    talk.say("no thanks", "keep_going")
    talk.say("thank you", "small_talk", "thank")
    assert talk.context.awaiting == "nothing"


def test_that_praise_leaves_the_offer_of_a_person_open(talk: Talk) -> None:
    talk.say("I bought a kettle 40 days ago, never opened it. Can I return it?", "decide")
    for _ in range(3):
        talk.say("that's not fair", "soften")
    talk.say("you have been very helpful", "take_feedback")
    assert talk.context.awaiting == "consent"


def test_that_who_goes_on_in_another_language_gets_a_person(talk: Talk) -> None:
    talk.say("Wie lange kann ich etwas zurückgeben?", "answer")
    reply = talk.say("Ja bitte, holen Sie jemanden dazu", "answer")
    assert [effect.reason for effect in reply.effects if isinstance(effect, Escalate)] == ["not_understood"]


def test_that_closed_doors_leave_links_and_send_nobody_to_other_customers(talk: Talk) -> None:
    talk.desk = DeskState(open=False, opens=NOW + timedelta(hours=20))
    reply = talk.say("can I talk to a person?", "hand_over")
    assert "[contact form](/contact)" in reply.text
    assert "forum" not in reply.text
