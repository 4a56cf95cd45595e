"""An action server that says back what reached it, and misbehaves when told to: `python echo_server.py PORT`."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

MOVES = (
    "answer", "choose", "consider_exception", "decide", "explain_why", "hand_over", "keep_going",
    "offer_alternatives", "out_of_scope", "small_talk", "soften", "take_complaint", "take_feedback",
    "tell_change", "tell_deadline", "tell_how", "tell_more",
)  # fmt: skip

runs: dict[str, int] = {}


class Echo(Action):  # type: ignore[misc]  # rasa-sdk ships without types
    """One class serves every name: the executor takes instances as well."""

    def __init__(self, move: str = "echo") -> None:
        self._move = move

    def name(self) -> str:
        return f"action_{self._move}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        message = tracker.latest_message
        text = message["text"]
        runs[tracker.sender_id] = runs.get(tracker.sender_id, 0) + 1
        if "be slow" in text:
            await asyncio.sleep(0.5)
        if "be endless" in text:
            await asyncio.sleep(60)
        if "be broken" in text:
            raise RuntimeError("told to be broken")
        if "be bare" in text:
            dispatcher.utter_message(text="bare words")
        elif "be silent" not in text:
            dispatcher.utter_message(json_message={"reply": self._reply(tracker)})
        return []

    def _reply(self, tracker: Tracker) -> dict[str, Any]:
        message = tracker.latest_message
        return {
            "move": self._move,
            "text": message["text"],
            "act": message["intent"]["name"],
            "case": message["metadata"]["case"],
            "awaiting": tracker.get_slot("awaiting"),
            "events": len(tracker.events),
            "runs": runs[tracker.sender_id],
        }


def main(port: int) -> None:
    executor = ActionExecutor()
    for move in MOVES:
        executor.register_action(Echo(move))
    app = create_app(executor)
    app.prepare(host="127.0.0.1", port=port, single_process=True, access_log=False, motd=False)
    app.serve_single(primary=app)


if __name__ == "__main__":
    main(int(sys.argv[1]))
