"""One turn through Rasa: name the speech act, let the rules pick the action, catch its reply."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from urllib.parse import urljoin

import aiohttp
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    USER_INTENT_BACK,
    USER_INTENT_RESTART,
    USER_INTENT_SESSION_START,
)
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY

from rasa_parts.refusal import Refusal
from rasa_parts.requests import TurnRequest

CHANNEL = "plainly"
_WORD_JOINER = "\u2060"
_PROBE_SECONDS = 1.0
_NOT_SPEECH = frozenset(
    (USER_INTENT_BACK, USER_INTENT_RESTART, USER_INTENT_SESSION_START, DEFAULT_NLU_FALLBACK_INTENT_NAME)
)
logger = logging.getLogger(__name__)


class ReplyCatcher(OutputChannel):
    """Where an action's reply lands."""

    def __init__(self) -> None:
        self.reply: dict[str, Any] | None = None

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return CHANNEL

    async def send_custom_json(self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any) -> None:
        """Keep the reply."""
        self.reply = json_message.get("reply")

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Bare text carries no sources and no context: nobody may see it."""
        logger.error("An action said text instead of giving a reply; it is dropped.")


def speech_acts(agent: Agent) -> frozenset[str]:
    """The acts a button may carry: Rasa's own commands, such as restart, are not among them."""
    return frozenset(agent.domain.intents) - _NOT_SPEECH


async def name_act(agent: Agent, text: str) -> dict[str, Any]:
    """What the trained model makes of a text, as Rasa's parse data."""
    # Rasa takes a leading slash, spaces aside, for a command. Customers give none.
    safe = f"{_WORD_JOINER}{text}" if text.strip().startswith("/") else text
    parsed: dict[str, Any] = await agent.processor.parse_message(UserMessage(safe))
    ranking = [one for one in parsed[INTENT_RANKING_KEY] if one["name"] not in _NOT_SPEECH]
    # An unsure model says so in the name; how unsure it is, the confidence tells.
    named = {"name": parsed[INTENT]["name"], "confidence": ranking[0]["confidence"]}
    return {"text": text, INTENT: named, INTENT_RANKING_KEY: ranking, "entities": []}


async def run_turn(agent: Agent, turn: TurnRequest) -> dict[str, Any]:
    """The answer to a turn. Raises Refusal when there is none."""
    parsed = _tapped(turn.act, turn.text) if turn.act else await name_act(agent, turn.text)
    out = ReplyCatcher()
    await agent.tracker_store.save(_fresh_tracker(agent, turn))
    try:
        await agent.processor.handle_message(
            UserMessage(
                turn.text,
                out,
                turn.key,
                parse_data=parsed,
                input_channel=CHANNEL,
                message_id=turn.message_id,
                metadata={"case": turn.case},
            )
        )
    finally:
        await agent.tracker_store.retrieve(turn.key)
    if not isinstance(out.reply, dict):
        raise await _why_no_reply(agent)
    named = parsed[INTENT]
    return {
        "message_id": turn.message_id,
        "act": named["name"],
        "confidence": round(named["confidence"], 4),
        "reply": out.reply,
    }


def _tapped(act: str, label: str) -> dict[str, Any]:
    return {"text": label, INTENT: {"name": act, "confidence": 1.0}, INTENT_RANKING_KEY: [], "entities": []}


def _fresh_tracker(agent: Agent, turn: TurnRequest) -> DialogueStateTracker:
    events = [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(),
        SlotSet("awaiting", turn.awaiting),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]
    return DialogueStateTracker.from_events(turn.key, events, agent.domain.slots, domain=agent.domain)


async def _why_no_reply(agent: Agent) -> Refusal:
    """Rasa logs a failed action and goes on; ask the action server itself what is wrong."""
    if await _actions_answer(agent):
        return Refusal(503, "no_reply", "The action gave no reply. See the logs of Rasa and the action server.")
    return Refusal(503, "actions_unavailable", "The action server does not answer.")


async def _actions_answer(agent: Agent) -> bool:
    endpoint = agent.action_endpoint
    if endpoint is None or not endpoint.url:
        return False
    timeout = aiohttp.ClientTimeout(total=_PROBE_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(urljoin(endpoint.url, "/health")) as answer,
        ):
            return bool(answer.status < 500)
    except (aiohttp.ClientError, OSError, asyncio.TimeoutError):
        return False
