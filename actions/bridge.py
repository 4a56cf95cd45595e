"""Between Rasa and Plainly: the only module that knows trackers and cases."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import live
from plainly.model import Case, Reply
from plainly.turn.wire import case_from_json, reply_to_json

logger = logging.getLogger(__name__)


def case_from(tracker: Tracker) -> Case:
    """The case of this turn: what was said, how Rasa took it, and what the gateway sent along."""
    message = tracker.latest_message
    intent = message["intent"]
    return case_from_json(
        message["metadata"]["case"],
        text=message["text"] or "",
        act=intent["name"],
        confidence=float(intent["confidence"]),
    )


def reply_to(case: Case, move: str) -> Reply:
    """The engine's reply; when the move fails, its apology, which offers a person."""
    engine = live.engine()
    try:
        return engine.reply(case, move)
    except Exception:
        logger.exception("The move %r failed; the customer gets an apology and is offered a person.", move)
        return engine.reply(case, "apologise")


class MoveAction(Action, ABC):
    """An action that makes one move. Its docstring says when the rules choose it."""

    @property
    @abstractmethod
    def move(self) -> str:
        """The name of the move in plainly/turn."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return f"action_{self.move}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Give the reply to the case."""
        reply = reply_to(case_from(tracker), self.move)
        dispatcher.utter_message(json_message={"reply": reply_to_json(reply)})
        return []
