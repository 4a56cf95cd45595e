"""Rules are explained with their clause; what no policy says is said so."""

from __future__ import annotations

import pytest

from plainly.model import Citation, Record
from tests.turn.conftest import Talk


def test_that_a_question_gets_its_clause_with_the_number(talk: Talk) -> None:
    reply = talk.say("How long do I have to return something?", "answer")
    assert reply.status == "answered"
    assert reply.citations[0] == Citation("returns", "2.1")
    assert "30 days" in reply.text


def test_that_the_ten_best_passages_come_with_every_answer(talk: Talk) -> None:
    for question in ("How long do I have to return something?", "Do you sell live chickens?"):
        assert len(talk.say(question, "answer").passages) == 10


def test_that_a_second_question_in_the_message_is_answered_too(talk: Talk) -> None:
    reply = talk.say("How long do I have to return something, and do gift cards run out?", "answer")
    assert {"returns", "gift_cards"} <= {citation.policy for citation in reply.citations}


@pytest.mark.parametrize("question", ["Can you help me write a poem about cheese?", "Who won the cup final in 1987?"])
def test_that_what_no_policy_says_is_said_so_and_noted(talk: Talk, question: str) -> None:
    reply = talk.say(question, "answer")
    assert reply.status == "no_policy_found"
    assert not reply.citations
    assert [effect.kind for effect in reply.effects if isinstance(effect, Record)] == ["gap"]
    assert "Yes, please" in {button.label for button in reply.buttons}


def test_that_a_bare_why_is_about_what_was_just_said(talk: Talk) -> None:
    talk.say("How long do I have to return something?", "answer")
    reply = talk.say("why is that the rule?", "explain_why")
    assert "Consumer Contracts Regulations 2013" in reply.text
    assert talk.context.policy == "returns"


def test_that_more_goes_on_where_the_answer_stopped(talk: Talk) -> None:
    talk.say("How long do I have to return something?", "answer")
    first = talk.say("tell me more", "tell_more")
    second = talk.say("tell me more", "tell_more")
    assert first.text != second.text
    assert {citation.policy for citation in (*first.citations, *second.citations)} == {"returns"}


def test_that_telling_more_names_related_policies(talk: Talk) -> None:
    talk.say("How long do I have to return something?", "answer")
    reply = talk.say("tell me more", "tell_more")
    assert {"policy:refunds", "policy:exchanges"} <= {button.choice for button in reply.buttons}


def test_that_a_change_is_told_with_its_date_and_reason(talk: Talk) -> None:
    reply = talk.say("what changed about returns?", "tell_change")
    assert "1 November 2025" in reply.text
    assert "30 days" in reply.text


def test_that_how_gets_numbered_steps(talk: Talk) -> None:
    reply = talk.say("how do I send something back?", "tell_how")
    assert "1. " in reply.text
    assert "2. " in reply.text


def test_that_a_chosen_policy_answers_the_question_asked_first(talk: Talk) -> None:
    talk.say("how long does it take?", "answer")
    reply = talk.say("", "choose", choice="policy:refunds")
    assert reply.citations[0].policy == "refunds"


def test_that_a_choice_from_an_older_folder_does_no_harm(talk: Talk) -> None:
    for choice in ("policy:gone", "alternative:gone.x", "lever:returns.gone", "decision:gone.x", "nonsense:1"):
        assert talk.say("x", "choose", choice=choice).text


def test_that_a_change_still_ahead_is_told_as_coming(talk: Talk) -> None:
    reply = talk.say("what changes about phone support for older products?", "tell_change")
    assert "From 1 March 2027" in reply.text


def test_that_the_step_in_force_is_told_before_the_one_ahead(talk: Talk) -> None:
    text = talk.say("what changes about phone support for older products?", "tell_change").text
    assert text.index("Since 1 September 2026") < text.index("From 1 March 2027")
    assert "Owners of products more than 5 years old" in text
    assert text.count("/training/") == 1


@pytest.mark.parametrize(
    ("words", "own"),
    [
        ("Wie lange kann ich etwas zurückgeben?", "auf Englisch"),
        ("je voudrais retourner ma bouilloire", "en anglais"),
        ("Можно ли вернуть лампу?", "по-английски"),
    ],
)
def test_that_other_languages_are_met_in_their_own_words_and_with_a_person(talk: Talk, words: str, own: str) -> None:
    reply = talk.say(words, "answer")
    assert own in reply.text
    assert "English" in reply.text
    assert talk.context.awaiting == "consent"
    assert talk.tap("Yes, please").status == "escalated"


def test_that_steps_are_told_once_and_then_the_rule_about_them(talk: Talk) -> None:
    talk.say("my kettle is faulty, how do I send it to you?", "tell_how")
    assert talk.last is not None
    assert "\n1. " in talk.last.text
    reply = talk.say("do I have to pay for sending it?", "tell_how")
    assert "\n1. " not in reply.text
    assert reply.citations


def test_that_an_answer_with_a_doubt_in_it_is_not_taken_for_confusion(talk: Talk) -> None:
    talk.say("my coffee machine broke, it is 14 months old", "decide")
    assert talk.context.asked
    reply = talk.say("no idea what the fault is, it just won't turn on", "decide", "inform")
    assert "more simply" not in reply.text


@pytest.mark.parametrize("text", ["no i opened it", "she has the receipt"])
def test_that_a_fact_without_a_subject_starts_no_interview(talk: Talk, text: str) -> None:
    reply = talk.say(text, "decide", "inform")
    assert reply.asked is None
    assert reply.context.decision is None


def test_that_a_thing_told_of_without_a_question_is_not_outside(talk: Talk) -> None:
    reply = talk.say("my grand daughter gave me a blanket and its too small", "out_of_scope")
    assert reply.context.decision == "exchanges.can_swap"
    lost = Talk(talk.engine).say("hello i am old and dont understand computers, i have a blanket", "out_of_scope")
    assert lost.status == "clarified"


def test_that_one_part_of_a_story_may_tell_what_it_is_about(talk: Talk) -> None:
    story = "hello i am old and dont understand computers. my grand daughter gave me a blanket and its too small"
    assert talk.say(story, "out_of_scope").context.decision == "exchanges.can_swap"
    for words in ("i think 3 weeks", "no i opened it, not used"):
        talk.say(words, "decide", "inform")
    stays = talk.say("she has the receipt", "decide", "inform")
    assert stays.context.decision == "exchanges.can_swap"
    assert talk.say("can i get the money", "decide").context.decision == "returns.can_return"


def test_that_how_it_is_done_stays_with_the_rule_unless_another_is_surely_meant(talk: Talk) -> None:
    talk.say("my kettle is 14 months old and won't turn on, I have the receipt", "decide")
    assert talk.say("ok fine. where do i send it", "tell_how").context.policy == "faulty_goods"
    assert talk.say("how do I make a complaint about you?", "tell_how").context.policy == "complaints"
