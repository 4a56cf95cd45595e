"""One turn through Rasa: name the speech act, let the rules pick the action, catch its reply."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from urllib.parse import urljoin

import aiohttp
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, DEFAULT_INTENTS
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from rasa_parts.refusal import Refusal
from rasa_parts.requests import TurnRequest

CHANNEL = "plainly"
_WORD_JOINER = "\u2060"
_PROBE_SECONDS = 1.0
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
    """The acts a button may carry: Rasa's own, such as restart, are not among them."""
    return frozenset(agent.domain.intents) - frozenset(DEFAULT_INTENTS)


async def name_act(agent: Agent, text: str) -> dict[str, Any]:
    """What the trained model makes of a text, as Rasa's parse data."""
    # Rasa takes a leading slash, spaces aside, for a command. Customers give none.
    safe = f"{_WORD_JOINER}{text}" if text.strip().startswith("/") else text
    parsed: dict[str, Any] = await agent.processor.parse_message(UserMessage(safe))
    ranking = [
        {"act": str(one["name"]), "confidence": round(float(one["confidence"]), 4)}
        for one in parsed.get("intent_ranking", [])
    ]
    best = next((one["confidence"] for one in ranking if one["act"] not in DEFAULT_INTENTS), 0.0)
    return {
        "text": text,
        "intent": {"name": parsed["intent"]["name"], "confidence": best},
        "intent_ranking": ranking,
        "entities": [],
    }


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
    intent = parsed["intent"]
    return {
        "message_id": turn.message_id,
        "act": intent["name"],
        "confidence": intent["confidence"],
        "reply": out.reply,
    }


def _tapped(act: str, label: str) -> dict[str, Any]:
    return {"text": label, "intent": {"name": act, "confidence": 1.0}, "intent_ranking": [], "entities": []}


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
            return answer.status < 500
    except (aiohttp.ClientError, OSError, asyncio.TimeoutError):
        return False
