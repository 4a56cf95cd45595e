"""What comes after a first answer: a question the answer holds already, another trouble, a "why" of its own."""

from __future__ import annotations

import pytest

from tests.turn.conftest import Talk

LEAKS = "I bought a kettle 12 days ago and it leaks"
CARD = "I got a gift card for Christmas 2 years ago, is it still ok?"


@pytest.mark.parametrize(
    ("move", "question"),
    [
        ("decide", "can I choose the refund"),
        ("answer", "can I have the money instead of a new one?"),
        ("tell_how", "so what do I get"),
        ("choose", "can I choose the refund"),
    ],
)
def test_that_a_question_the_decision_answered_gets_the_decision_again(talk: Talk, move: str, question: str) -> None:
    assert talk.say(LEAKS, "decide").status == "decided_yes"
    again = talk.say(question, move)
    assert "you can have your money back or a new one: you choose" in again.text
    assert again.context.outcome == "refund_or_swap"


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("what does the guarantee cover?", "3.5"),
        ("how long does it take?", "4.4"),
    ],
)
def test_that_a_question_past_the_decision_gets_its_clause(talk: Talk, question: str, clause: str) -> None:
    talk.say(LEAKS, "decide")
    told = talk.say(question, "answer")
    assert [(one.policy, one.clause) for one in told.citations] == [("faulty_goods", clause)]


def test_that_another_trouble_of_the_same_policy_is_not_the_old_answer_again(talk: Talk) -> None:
    first = talk.say(CARD, "decide")
    assert "until 25 December 2026" in first.text
    lost = talk.say("i lost the card but i have the email", "decide", "inform")
    assert (lost.status, lost.context.decision) == ("asked_fact", "gift_cards.can_replace")


def test_that_a_why_about_the_rule_is_answered_and_our_question_put_again(talk: Talk) -> None:
    asked = talk.say("I buy mugs from you on account. My invoice is 20 days late, what happens?", "decide")
    assert asked.context.awaiting == "fact"
    why = talk.say("Why do you charge interest at all?", "explain_why")
    assert "The law lets a firm charge interest" in why.text
    assert (why.context.awaiting, why.context.asked) == ("fact", asked.context.asked)
    assert talk.engine.kb.facts[asked.context.asked or ""].ask in why.text
    assert "I ask because of this" in talk.say("why?", "explain_why").text


def test_that_a_case_told_to_a_rule_is_worked_out(talk: Talk) -> None:
    talk.say("what is your returns policy?", "answer")
    told = talk.say("it was a rug, 20 days ago, opened not used", "answer", "nlu_fallback")
    assert told.status == "decided_yes"
    assert "it arrived 20 days ago" in told.text


def test_that_a_question_about_a_whole_policy_gets_it_in_short(talk: Talk) -> None:
    for policy in talk.engine.kb.policies.values():
        told = Talk(talk.engine).say(f"What is your {policy.title.lower()} policy?", "answer")
        assert policy.summary in told.text, told.text


def test_that_what_it_costs_is_told_by_the_clause_about_cost(talk: Talk) -> None:
    told = talk.say("how much would it cost me to send it back?", "decide")
    assert (told.status, told.citations[0].clause) == ("answered", "2.4")
    assert "We pay for the return parcel" in told.text


def test_that_a_wish_to_know_gets_the_rule_and_not_the_steps_of_something_else(talk: Talk) -> None:
    talk.say("do you delete my data if I ask?", "answer")
    told = talk.say("i want to know who you sell my data to", "tell_how")
    assert "We never sell your data" in told.text
    assert "Open" in talk.say("how do I ask for my data?", "tell_how").text


def test_that_a_question_about_what_is_discussed_is_not_called_foreign(talk: Talk) -> None:
    talk.say("can i change the address on my order", "decide")
    for words in ("it hasnt been sent yet i think", "I ordered an hour ago"):
        talk.say(words, "decide", "inform")
    told = talk.say("and can I add a cushion to it?", "out_of_scope", "out_of_scope")
    assert told.status == "no_policy_found"
    assert [button.choice for button in told.buttons][-2:] == ["person:not_understood", ""]
    assert talk.say("what's the weather like?", "out_of_scope", "out_of_scope").status == "out_of_scope"


def test_that_a_question_is_never_waved_goodbye(talk: Talk) -> None:
    talk.say(LEAKS, "decide")
    told = talk.say("does she have to phone you then? i thought you said phones are going", "small_talk", "goodbye")
    assert told.status == "no_policy_found"
    assert talk.say("ok, see you later?", "small_talk", "goodbye").status == "smalltalk"


def test_that_how_we_deal_with_complaints_is_told_once(talk: Talk) -> None:
    soaked = "your delivery driver left my parcel in the rain and EVERYTHING is soaked. ABSOLUTELY useless"
    first = talk.say(soaked, "take_complaint", "complain")
    assert "This is how we deal with complaints" in first.text
    second = talk.say("I want a full refund today, not in 14 days", "take_complaint", "complain")
    assert "complaints" not in second.text
    assert second.context.policy == "refunds"


def test_that_who_asks_for_a_human_gets_one_whatever_else_they_say_we_are(talk: Talk) -> None:
    assert talk.say("you're a robot aren't you. get me a human", "small_talk", "bot_challenge").status == "escalated"


@pytest.mark.parametrize("question", ["are you human?", "am I talking to a real person", "human or bot?"])
def test_that_asking_what_we_are_calls_nobody(talk: Talk, question: str) -> None:
    assert talk.say(question, "small_talk", "bot_challenge").status == "smalltalk"
