"""A decision is told in the order of a good reply, and asked for when facts are missing."""

from __future__ import annotations

import pytest

from plainly.model import Citation, Escalate
from tests.turn.conftest import Talk

KETTLE = "I bought a kettle 40 days ago, never opened it. Can I return it?"


def test_that_the_verdict_comes_first_then_the_rule_with_the_customers_own_figure(talk: Talk) -> None:
    reply = talk.say(KETTLE, "decide")
    assert reply.status == "decided_no"
    roles = [part.role for part in reply.parts]
    assert roles[0] == "verdict"
    assert roles.index("rule") < roles.index("why")
    assert "30 days" in reply.text
    assert "40 days ago" in reply.text
    assert reply.citations[0] == Citation("returns", "2.1")
    assert "Returns 2.1" in reply.text


def test_that_a_no_comes_with_a_way_forward_and_a_way_to_a_person(talk: Talk) -> None:
    labels = {button.label for button in talk.say(KETTLE, "decide").buttons}
    assert {"Swap it", "Store credit", "Talk to a person"} <= labels


@pytest.mark.parametrize(
    "text", ["my coffee machine broke!!! this is rubbish", "the coffee maker I got from you stopped working, rubbish"]
)
def test_that_a_coffee_machine_is_not_taken_for_the_coffee_box(talk: Talk, text: str) -> None:
    reply = talk.say(text, "decide")
    assert reply.context.decision == "faulty_goods.what_we_do"
    assert "box" not in reply.context.facts


def test_that_a_parcels_delay_is_counted_from_the_day_it_was_due(talk: Talk) -> None:
    reply = talk.say("My standard parcel should have come on 5 November and it's still not here", "decide")
    assert reply.decision is not None
    assert reply.context.decision == "delivery.late_parcel"
    assert "15 days late" in reply.text


def test_that_every_decision_carries_a_receipt(talk: Talk) -> None:
    reply = talk.say(KETTLE, "decide")
    assert reply.decision is not None
    assert reply.decision.receipt is not None
    assert reply.decision.receipt.outcome == "too_late"
    assert reply.context.receipt == reply.decision.receipt.id


def test_that_no_class_of_ours_is_put_into_a_customers_mouth(talk: Talk) -> None:
    reply = talk.say("My kettle arrived 10 days ago and is unopened. Can I return it?", "decide")
    assert reply.decision is not None
    assert reply.decision.outcome == "accepted"
    assert "category" in reply.decision.trace.facts
    understood = next(part.text for part in reply.parts if part.role == "understood")
    assert "unopened" in understood
    assert "item" not in understood


def test_that_what_was_understood_is_said_back(talk: Talk) -> None:
    assert "unopened" in talk.say(KETTLE, "decide").text


def test_that_a_calm_customer_gets_no_acknowledgement(talk: Talk) -> None:
    assert "acknowledge" not in [part.role for part in talk.say(KETTLE, "decide").parts]


def test_that_an_angry_customers_own_situation_is_named_first(talk: Talk) -> None:
    reply = talk.say(
        "I bought a kettle 40 days ago, it's STILL IN THE BOX and you won't take it back?? ridiculous", "decide"
    )
    first = min(reply.parts, key=lambda part: reply.text.find(part.text))
    assert first.role == "acknowledge"
    assert "unopened" in first.text


def test_that_a_missing_fact_is_asked_for_with_buttons(talk: Talk) -> None:
    reply = talk.say("My kettle came 10 days ago, can I return it?", "decide")
    assert reply.status == "asked_fact"
    assert reply.asked == "condition"
    assert {"Unopened", "Used"} <= {button.label for button in reply.buttons}


def test_that_a_tapped_answer_settles_the_decision(talk: Talk) -> None:
    talk.say("My kettle came 10 days ago, can I return it?", "decide")
    assert talk.tap("Unopened").status == "decided_yes"


def test_that_a_typed_answer_settles_the_decision(talk: Talk) -> None:
    talk.say("My kettle came 10 days ago, can I return it?", "decide")
    assert talk.say("it's still sealed", "decide", "inform").status == "decided_yes"


def test_that_not_knowing_gets_the_rule_and_a_person_not_a_guess(talk: Talk) -> None:
    talk.say("My kettle came 10 days ago, can I return it?", "decide")
    reply = talk.tap("I'm not sure")
    assert reply.status == "answered"
    assert reply.decision is None
    assert "Yes, please" in {button.label for button in reply.buttons}


def test_that_a_question_missed_twice_gets_the_rule_and_a_person(talk: Talk) -> None:
    talk.say("the thing came but it is wrong", "decide")
    asked = talk.context.asked
    assert asked
    again = talk.say("no not the wrong item, it is the colour", "decide", "correct")
    assert (again.status, again.asked) == ("asked_fact", asked)
    given_up = talk.say("i think it was a lamp", "decide", "inform")
    assert given_up.status == "answered"
    assert given_up.citations
    assert "Yes, please" in {button.label for button in given_up.buttons}


def test_that_words_without_a_subject_belong_to_the_case_under_discussion(talk: Talk) -> None:
    talk.say("My kettle came 10 days ago, can I return it?", "decide")
    reply = talk.say("so can i or cant i", "answer")
    assert (reply.status, reply.asked) == ("asked_fact", "condition")
    assert "other question" not in reply.text


def test_that_an_unmade_choice_gives_way_to_the_likeliest_policy(talk: Talk) -> None:
    assert talk.say("my toaster broke", "answer").status == "clarified"
    reply = talk.say("what can I do", "offer_alternatives")
    assert (reply.status, talk.context.policy) == ("asked_fact", "faulty_goods")
    talk.say("it just stopped working, I didn't drop it", "decide", "inform")
    assert talk.context.asked != "cause"


def test_that_another_policy_asked_for_instead_is_decided_for_the_same_case(talk: Talk) -> None:
    refused = talk.say("I opened the duvet that came 3 weeks ago, but never used it. Can I return it?", "decide")
    assert refused.status == "decided_no"
    instead = talk.say("what if I exchange it instead?", "offer_alternatives")
    assert (instead.status, talk.context.policy) == ("decided_no", "exchanges")


@pytest.mark.parametrize("move", ["small_talk", "out_of_scope", "take_feedback", "tell_change", "offer_alternatives"])
def test_that_a_whole_case_is_decided_however_its_sort_was_heard(talk: Talk, move: str) -> None:
    reply = talk.say("hello, a kettle delivered 40 days ago and still in its box, can I return it?", move)
    assert reply.status == "decided_no"


def test_that_a_greeting_stays_a_greeting(talk: Talk) -> None:
    assert talk.say("hello there", "small_talk").status == "smalltalk"


@pytest.mark.parametrize("move", ["small_talk", "out_of_scope", "take_feedback"])
def test_that_an_open_question_is_put_again_after_small_talk(talk: Talk, move: str) -> None:
    asked = talk.say("My kettle came 10 days ago, can I return it?", "decide")
    reply = talk.say("what a lovely shop you have", move)
    assert reply.text.endswith("Is it unopened, opened, or used?")
    assert (reply.asked, reply.buttons) == ("condition", asked.buttons)
    assert talk.say("unopened", "decide", "inform").status == "decided_yes"


def test_that_a_fact_alone_belongs_to_the_rule_just_told(talk: Talk) -> None:
    talk.say("How long do I have to return something?", "answer")
    reply = talk.say("I bought it on Black Friday last year", "decide", "inform")
    assert (reply.status, reply.asked, talk.context.policy) == ("asked_fact", "condition", "returns")


def test_that_a_short_question_between_rules_gets_its_clause_and_no_interview(talk: Talk) -> None:
    talk.say("A lamp came 3 weeks ago, opened, not used. Can I return it?", "decide")
    talk.say("and when will I see my money?", "tell_deadline")
    reply = talk.say("could I bring it to a shop instead?", "decide", "ask_eligibility")
    assert (reply.status, reply.citations[0].policy) == ("answered", "returns")


def test_that_a_question_of_another_rule_beside_a_case_is_answered_too(talk: Talk) -> None:
    reply = talk.say("My gift card has run out, bought in March 2024, and can I cancel my coffee box?", "decide")
    assert reply.decision is not None
    assert reply.decision.policy == "gift_cards"
    assert "subscriptions" in [cited.policy for cited in reply.citations]
    assert "you bought it in March 2024" in reply.text


def test_that_a_rule_told_beside_a_settled_case_leaves_it_settled(talk: Talk) -> None:
    talk.say("My kettle came 40 days ago, unopened, can I return it?", "decide")
    told = talk.say("who pays for the return parcel?", "answer")
    assert (told.status, talk.context.outcome) == ("answered", "too_late")
    assert "Check my case" not in [button.label for button in told.buttons]


def test_that_a_plain_fact_after_a_no_is_not_taken_for_pushback(talk: Talk) -> None:
    refused = talk.say("Do you match the price of a marketplace seller?", "decide")
    assert refused.status == "decided_no"
    again = talk.say("bought it 5 days ago from you", "soften", "pushback")
    assert (again.status, talk.context.pushbacks) == ("decided_no", 0)


def test_that_words_that_ask_nothing_are_asked_after_before_a_person_is_offered(talk: Talk) -> None:
    first = talk.say("helo i got a thing from u and its not rite", "decide")
    assert first.status == "clarified"
    second = talk.say("hm dunno", "decide", "inform")
    third = talk.say("blah", "decide", "inform")
    assert second.status == third.status == "no_policy_found"
    assert second.text.split(".")[0] != third.text.split(".")[0]


def test_that_a_goodbye_is_not_held_up_by_a_question(talk: Talk) -> None:
    talk.say("My kettle came 10 days ago, can I return it?", "decide")
    assert "?" not in talk.say("bye now", "small_talk", "goodbye").text


def test_that_an_offer_stands_through_small_talk(talk: Talk) -> None:
    talk.say("My kettle came 40 days ago, unopened, can I return it?", "decide")
    talk.say("that's unfair", "soften", "pushback")
    talk.say("come on", "soften", "pushback")
    talk.say("thanks", "small_talk", "thank")
    (handed,) = talk.say("yes", "hand_over", "affirm").effects
    assert isinstance(handed, Escalate)
    assert handed.reason == "second_refusal"


def test_that_why_do_you_ask_gets_the_reason_and_the_question_again(talk: Talk) -> None:
    talk.say("My kettle came 10 days ago, can I return it?", "decide")
    reply = talk.say("why do you ask?", "explain_why")
    assert reply.status == "asked_fact"
    assert reply.asked == "condition"


def test_that_a_rough_date_near_the_limit_is_asked_for_exactly(talk: Talk) -> None:
    talk.say("I got the kettle about a month ago and never opened it. Can I return it?", "decide")
    assert talk.context.asked == "delivered_on"


def test_that_a_rough_date_far_from_the_limit_is_good_enough(talk: Talk) -> None:
    reply = talk.say("I got the kettle about a week ago and never opened it. Can I return it?", "decide")
    assert reply.status == "decided_yes"


def test_that_a_correction_reopens_the_decision_and_is_said_back(talk: Talk) -> None:
    talk.say(KETTLE, "decide")
    reply = talk.say("sorry, it arrived 20 days ago, not 40", "decide", "correct")
    assert reply.status == "decided_yes"
    assert "20 days ago" in reply.text or "10 December" in reply.text


def test_that_a_fact_which_changes_nothing_is_said_to_change_nothing(talk: Talk) -> None:
    talk.say(KETTLE, "decide")
    reply = talk.say("it was for my kitchen in Leeds, I paid £45", "decide", "inform")
    assert reply.status == "decided_no"


def test_that_a_purchase_before_the_first_rule_goes_to_a_person(talk: Talk) -> None:
    reply = talk.say("A kettle that arrived on 3 March 1999, never opened. Can I return it?", "decide")
    assert reply.status == "needs_agent"
    assert "Yes, please" in {button.label for button in reply.buttons}


def test_that_the_agents_draft_offers_no_person(talk: Talk) -> None:
    reply = talk.say("My made to measure curtains are still in the box. Can I return them?", "decide", audience="agent")
    assert reply.status == "needs_agent"
    assert "Yes, please" not in {button.label for button in reply.buttons}


def test_that_not_understanding_a_question_of_ours_gets_its_reason_and_the_question_again(talk: Talk) -> None:
    asked = talk.say("My kettle came 10 days ago, can I return it?", "decide").asked
    reply = talk.say("i dont understand", "tell_more")
    assert reply.asked == asked
    assert reply.status == "asked_fact"


def test_that_a_case_told_in_pieces_is_put_together(talk: Talk) -> None:
    assert talk.say("the pillow", "answer", "inform").status == "clarified"
    reply = talk.say("it smells", "answer", "inform")
    assert (reply.status, talk.context.policy) == ("asked_fact", "faulty_goods")


def test_that_pieces_which_point_nowhere_bring_in_a_person(talk: Talk) -> None:
    talk.say("it's about my kettle", "answer", "inform")
    talk.say("green and round", "answer", "inform")
    assert talk.context.awaiting == "consent"


def test_that_facts_of_another_rule_leave_an_open_question(talk: Talk) -> None:
    assert talk.say("can I send back a kettle I got from you?", "decide").status == "asked_fact"
    talk.say("it has a fault", "decide", "inform")
    assert talk.context.policy == "faulty_goods"


def test_that_a_fact_without_a_rule_of_its_own_stays_with_the_open_question(talk: Talk) -> None:
    talk.say("can I send back a kettle I got from you?", "decide")
    talk.say("I paid by card", "decide", "inform")
    assert talk.context.policy == "returns"


def test_that_the_wish_in_a_case_is_no_second_question(talk: Talk) -> None:
    reply = talk.say("I bought a kettle, it came 32 days ago, still sealed. Can I get a refund?", "decide")
    assert reply.decision is not None
    assert "other question" not in reply.text


def test_that_a_fact_misread_as_small_talk_decides_the_rule_just_told(talk: Talk) -> None:
    talk.say("is phone support ending?", "answer")
    reply = talk.say("my toaster is 9 years old", "out_of_scope", "out_of_scope")
    assert (reply.status == "out_of_scope", talk.context.policy) == (False, "phone_support_ending")


def test_that_a_fact_told_again_is_no_progress_and_a_question_is_not_put_for_ever(talk: Talk) -> None:
    talk.say("my parcel hasn't come", "decide")
    assert talk.context.asked == "late_by"
    replies = [talk.say("it still hasn't come, I tell you", "decide", "inform") for _ in range(2)]
    assert "still need this" in replies[0].text
    assert talk.context.awaiting == "consent"
