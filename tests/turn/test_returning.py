"""Back from people: the bot knows what was said, decided and granted, and goes on from there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plainly.desk.returning import after_people
from plainly.model import PastGrant, PersonSaid
from plainly.turn.wire import context_from_json, context_to_json
from tests.turn.conftest import Talk

GRANT = PastGrant("Sam", "returns", "illness_days", "14 days more")
SAID = PersonSaid("Sam", "You may park your campervan behind the Leeds store overnight, once, as you asked.")


def back_from_people(talk: Talk, *granted: PastGrant, said: tuple[PersonSaid, ...] = ()) -> None:
    """As the gateway does it: the memory travels as JSON."""
    talk.context = context_from_json(after_people(context_to_json(talk.context), said, granted))


@pytest.fixture
def refused(talk: Talk) -> Talk:
    reply = talk.say("I bought a kettle 40 days ago, never opened it. Can I return it?", "decide")
    assert reply.status == "decided_no"
    assert "Sam" not in reply.text
    return talk


def test_that_a_grant_stands_when_the_same_question_is_asked_again(refused: Talk) -> None:
    back_from_people(refused, GRANT)
    reply = refused.say("so can I return the kettle or not?", "decide")
    assert reply.status == "decided_no"
    assert reply.text.startswith("What Sam from our team granted you stands: 14 days more.")
    assert "until 24 November" in reply.text  # 40 days ago was 11 October; 30 days and 14 more
    assert "can't refund" not in reply.text
    assert "30 days" in reply.text
    assert ("returns", "5.2") in [(one.policy, one.clause) for one in reply.citations]


def test_that_a_grant_stands_under_pushback_and_is_not_offered_again(refused: Talk) -> None:
    refused.say("I was in hospital, please", "soften", "pushback")
    back_from_people(refused, GRANT)
    for words in ("that is not fair", "but I was ill"):
        reply = refused.say(words, "soften")
        assert "What Sam from our team granted you stands: 14 days more." in reply.text
        assert "up to 14 days when" not in reply.text


def test_that_the_climb_starts_anew_after_people(refused: Talk) -> None:
    for _ in range(3):
        refused.say("that is not fair!", "soften")
    back_from_people(refused)
    assert (refused.context.pushbacks, refused.context.awaiting, refused.context.choices) == (0, "nothing", ())
    assert refused.context.outcome is not None
    reply = refused.say("still not fair", "soften")
    assert reply.status == "softened"
    assert not any(effect for effect in reply.effects)


def test_that_facts_told_before_are_not_asked_for_again(refused: Talk) -> None:
    before = refused.context.facts
    back_from_people(refused, said=(SAID,))
    assert refused.context.facts == before
    assert refused.say("can I return it then?", "decide").status == "decided_no"


def test_that_what_a_person_wrote_answers_where_no_policy_does(talk: Talk) -> None:
    question = "can I park my campervan behind the Leeds store overnight?"
    assert talk.say(question, "answer").status == "no_policy_found"
    back_from_people(talk, said=(PersonSaid("Sam", "Hello, I'm reading your messages now."), SAID))
    reply = talk.say(question, "answer")
    assert reply.status == "answered"
    assert f"Sam from our team wrote to you: “{SAID.text}”" in reply.text
    lost = talk.say("could your pianist play at my wedding?", "answer")
    assert lost.status == "no_policy_found"
    assert "Sam" not in lost.text


def test_that_what_people_did_travels_with_the_memory() -> None:
    memory = after_people({}, [SAID] * 30, [GRANT, GRANT])
    context = context_from_json(memory)
    assert (len(context.told), context.told[0], context.granted) == (20, SAID, (GRANT, GRANT))
    assert context.offered == ("lever:illness_days",)
    assert context_from_json(context_to_json(context)) == context
    assert replace(context, told=(), granted=(), offered=()) == context_from_json({})


@pytest.mark.parametrize("text", ["so what did we agree?", "sorry, what did your colleague say?"])
def test_that_who_asks_what_was_agreed_is_told(refused: Talk, text: str) -> None:
    back_from_people(refused, GRANT, said=(SAID,))
    reply = refused.say(text, "tell_more")
    assert SAID.text in reply.text
    assert "14 days more" in reply.text


def test_that_nobody_is_quoted_who_said_nothing(refused: Talk) -> None:
    assert "wrote to you" not in refused.say("so what did we agree?", "tell_more").text
