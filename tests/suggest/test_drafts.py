"""Drafts for staff: what the bot would have said, as a person says it, and only what truly differs beside it."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from plainly.model import Case, Citation, Context, Example, KnowledgeBase, KnownFact
from plainly.suggest.contradictions import check_reply
from plainly.suggest.drafts import Drafted, Proposal, drafts, read_proposal
from plainly.suggest.ground import Ground, decided
from plainly.suggest.placeholders import unfilled
from plainly.suggest.rules import Rules
from plainly.turn import Engine
from plainly.turn.wire import reply_to_json
from tests.suggest.conftest import ROOT, ground_of

ZONE = ZoneInfo("Europe/London")
BOTS_OWN = re.compile(r"\b(pass (this|it) (to|on)|bring in a person|passed you|in line|one of these)\b", re.IGNORECASE)


@cache
def kb_for_ids() -> tuple[Example, ...]:
    from plainly.kb import load

    found = load(ROOT / "policies_kb").kb
    assert found is not None
    return tuple(example for policy in found.policies.values() for example in policy.examples)


def told(kb: KnowledgeBase, example: Example) -> tuple[Ground, Proposal]:
    """A worked example as a case that the engine has just answered."""
    path = f"{example.policy}.{next(iter(example.expect))}"
    now = datetime.combine(example.as_of, time(11), ZONE)
    facts = {name: KnownFact(name, value, "record") for name, value in example.given.items()}
    reply = Rules(kb).decide(path, facts, now)
    ground = Ground(kb, example.as_of, reply.context, facts, decided(kb, path, facts, example.as_of))
    return ground, read_proposal(reply_to_json(reply))


@pytest.mark.parametrize("example", kb_for_ids(), ids=lambda example: f"{example.policy}: {example.name}"[:90])
def test_that_every_worked_case_has_drafts_nobody_need_warn_of(kb: KnowledgeBase, example: Example) -> None:
    ground, proposal = told(kb, example)
    found = drafts(ground, proposal, "agent")
    assert 1 <= len(found) <= 3
    assert len({draft.text for draft in found}) == len(found)
    for draft in found:
        assert unfilled(draft.text) == []
        assert check_reply(draft.text, ground) == (), draft.text


def said_to_staff(
    engine: Engine, text: str, move: str, act: str, context: Context | None = None
) -> tuple[Drafted, ...]:
    now = datetime(2026, 11, 21, 11, tzinfo=ZONE)
    case = Case(text, act, now, context or Context(), audience="agent")
    reply = engine.reply(case, move)
    assert not [effect for effect in reply_to_json(reply)["effects"] if effect["do"] != "record"]
    facts = {**reply.context.facts}
    ground = Ground(
        engine.kb, now.date(), reply.context, facts, decided(engine.kb, reply.context.decision, facts, now.date())
    )
    return drafts(ground, read_proposal(reply_to_json(reply), 0.9), "agent")


LATE = Context(
    policy="returns",
    decision="returns.can_return",
    outcome="too_late",
    facts={
        "delivered_on": KnownFact("delivered_on", date(2026, 10, 12)),
        "condition": KnownFact("condition", "unopened"),
        "category": KnownFact("category", "general"),
    },
)


@pytest.mark.parametrize(
    ("text", "move", "act"),
    [
        ("that's not fair", "soften", "pushback"),
        ("can you make an exception?", "consider_exception", "ask_exception"),
        ("I was in hospital for weeks", "consider_exception", "ask_exception"),
        ("let me talk to a human", "hand_over", "ask_human"),
        ("I want to complain about this", "take_complaint", "complain"),
        ("what else can I do?", "offer_alternatives", "ask_alternatives"),
        ("no thanks", "keep_going", "deny"),
        ("are you a robot?", "small_talk", "bot_challenge"),
        ("hello", "small_talk", "greet"),
        ("what's the weather like?", "out_of_scope", "out_of_scope"),
        ("it sparks and smells of burning", "decide", "inform"),
        ("my solicitor will write to you, I'm taking you to court", "answer", "complain"),
        ("do you rent out helicopters?", "answer", "ask_policy"),
        ("blargh", "answer", "nlu_fallback"),
        ("why is that?", "explain_why", "ask_why"),
        ("has this changed?", "tell_change", "ask_change"),
        ("tell me more", "tell_more", "ask_more"),
    ],
)
@pytest.mark.parametrize("context", [Context(), LATE], ids=["new", "late"])
def test_that_drafts_are_in_a_persons_mouth(engine: Engine, text: str, move: str, act: str, context: Context) -> None:
    for draft in said_to_staff(engine, text, move, act, context):
        assert not BOTS_OWN.search(draft.text), draft.text
        assert not unfilled(draft.text)


def test_that_a_wish_for_a_person_is_answered_by_the_person(engine: Engine) -> None:
    first, *others = said_to_staff(engine, "a human please", "hand_over", "ask_human", LATE)
    assert first.status == "with_agent"
    assert {draft.kind for draft in others} == {"way", "rule"}


def test_that_the_nearest_way_forward_names_what_an_agent_may_grant(kb: KnowledgeBase) -> None:
    ground = ground_of(kb, "returns.can_return.too_late")
    proposal = Proposal("No.", "decided_no", (), 1.0)
    way = next(draft for draft in drafts(ground, proposal, "agent") if draft.kind == "way")
    assert "add up to 14 days" in way.text
    assert Citation("returns", "5.2") in way.citations


def test_that_a_lever_above_the_role_is_not_put_into_its_mouth(kb: KnowledgeBase) -> None:
    ground = ground_of(kb, "exchanges.can_swap.not_as_new")
    proposal = Proposal("No.", "decided_no", (), 1.0)
    texts = " ".join(draft.text for draft in drafts(ground, proposal, "agent"))
    assert "A supervisor can swap" not in texts


def test_that_two_drafts_that_say_the_same_become_one(kb: KnowledgeBase) -> None:
    ground = ground_of(kb, "returns.can_return.accepted")
    rule = drafts(ground, Proposal("x", "decided_yes", (), 1.0), "agent")[1].text
    assert len(drafts(ground, Proposal(rule, "decided_yes", (), 1.0), "agent")) == 1


def test_that_a_draft_with_a_gap_is_never_shown(kb: KnowledgeBase) -> None:
    ground = ground_of(kb, "returns.can_return.accepted")
    found = drafts(ground, Proposal("Dear {name}, yes.", "smalltalk", (), 1.0), "agent")
    assert found == ()


def test_that_a_draft_is_no_surer_than_the_act_it_answers(kb: KnowledgeBase) -> None:
    reply = Rules(kb).decide("returns.can_return", {}, datetime(2026, 11, 21, 11, tzinfo=ZONE))
    assert read_proposal(reply_to_json(reply), 0.4).confidence == 0.4
