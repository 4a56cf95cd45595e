"""A tracker becomes a case, a case a reply, and a failure an apology that offers a person."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions
from actions import bridge, live
from actions.asking import Answer
from plainly.model import Case, Context
from plainly.turn.wire import WireError, case_to_json

NOW = datetime.fromisoformat("2026-11-20T11:00:00+00:00")
CASE = Case("a kettle", "inform", NOW, Context(awaiting="fact", asked="condition"), confidence=0.5)


def tracker(case: dict[str, Any], text: str | None = "a kettle") -> Tracker:
    message = {"text": text, "intent": {"name": "inform", "confidence": 0.5}, "metadata": {"case": case}}
    return Tracker("c/m", {"awaiting": "fact"}, message, [], False, None, {}, "action_listen")


async def run(case: dict[str, Any]) -> dict[str, Any]:
    dispatcher = CollectingDispatcher()
    events = await Answer().run(dispatcher, tracker(case), {})
    assert events == []
    assert len(dispatcher.messages) == 1
    reply: dict[str, Any] = dispatcher.messages[0]["custom"]["reply"]
    return reply


def test_that_a_tracker_becomes_the_case_the_gateway_sent() -> None:
    assert bridge.case_from(tracker(case_to_json(CASE))) == CASE


def test_that_a_message_without_text_is_an_empty_one() -> None:
    assert bridge.case_from(tracker(case_to_json(CASE), text=None)).text == ""


@pytest.mark.parametrize("case", [{}, {"now": "yesterday"}, {"now": NOW.isoformat(), "context": {"awaiting": "?"}}])
def test_that_a_case_that_cannot_be_read_is_named(case: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        bridge.case_from(tracker(case))


async def test_that_an_action_gives_one_reply_that_goes_into_json() -> None:
    reply = await run(case_to_json(CASE))
    assert json.loads(json.dumps(reply)) == reply
    assert reply["text"]


async def test_that_a_turn_twice_gives_the_same_words() -> None:
    assert await run(case_to_json(CASE)) == await run(case_to_json(CASE))


def test_that_a_failed_move_is_logged_and_becomes_an_apology(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        reply = bridge.reply_to(CASE, "a move that is not there")
    assert reply.status == "error_engine"
    assert reply.context.awaiting == "consent"
    assert "a move that is not there" in caplog.text
    assert caplog.records[0].exc_info is not None


def test_that_an_apology_keeps_what_is_known() -> None:
    case = replace(CASE, context=replace(CASE.context, policy="returns", question="may I?"))
    kept = bridge.reply_to(case, "a move that is not there").context
    assert (kept.policy, kept.question) == ("returns", "may I?")


def test_that_warming_up_leaves_an_engine_ready() -> None:
    actions.warm_up()
    assert live.engine() is live.engine()
    assert live.engine().kb.policies


def test_that_numbers_on_the_wire_stay_exact() -> None:
    wire = case_to_json(CASE) | {"facts": {"price": {"value": {"number": "89.90"}}}}
    assert bridge.case_from(tracker(wire)).facts["price"].value == Decimal("89.90")
