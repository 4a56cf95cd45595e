"""A customer who talks to the shipped folder without Rasa."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from plainly.model import Case, Context, DeskState, KnownFact, Reply
from plainly.turn import Engine

NOW = datetime(2026, 11, 20, 11, tzinfo=ZoneInfo("Europe/London"))


@dataclass
class Talk:
    """One conversation: each message is answered from the context the last reply left."""

    engine: Engine
    context: Context = field(default_factory=Context)
    desk: DeskState = field(default_factory=DeskState)
    levers_left: dict[str, int] = field(default_factory=dict)
    last: Reply | None = None

    def say(self, text: str, move: str, act: str = "", **case: object) -> Reply:
        """Types a message that the dialogue rules answer with this move."""
        known = Case(
            text, act or ACTS.get(move, "inform"), NOW, self.context, desk=self.desk, levers_left=self.levers_left
        )
        return self._hear(self.engine.reply(replace(known, **case), move))  # type: ignore[arg-type]

    def tap(self, label: str) -> Reply:
        """Taps a button of the last reply."""
        assert self.last is not None
        button = next(button for button in self.last.buttons if button.label == label)
        facts = {name: KnownFact(name, value, "button") for name, value in button.facts.items()}
        move = {"inform": "decide", "affirm": "hand_over", "deny": "keep_going", "ask_human": "hand_over"}
        move |= {"ask_why": "explain_why", "ask_more": "tell_more", "choose": "choose"}
        if button.choice == "unsure":
            return self.say(label, "choose", button.act, choice=button.choice)
        return self.say(label, move[button.act], button.act, facts=facts, choice=button.choice)

    def _hear(self, reply: Reply) -> Reply:
        self.context, self.last = reply.context, reply
        return reply


ACTS = {
    "answer": "ask_policy",
    "decide": "ask_eligibility",
    "soften": "pushback",
    "consider_exception": "ask_exception",
    "explain_why": "ask_why",
    "tell_more": "ask_more",
    "tell_how": "ask_how_to",
    "tell_change": "ask_change",
    "tell_deadline": "ask_deadline",
    "offer_alternatives": "ask_alternatives",
    "hand_over": "ask_human",
    "take_complaint": "complain",
    "choose": "choose",
    "keep_going": "deny",
    "small_talk": "greet",
    "out_of_scope": "out_of_scope",
    "take_feedback": "give_feedback",
}


@pytest.fixture
def talk(engine: Engine) -> Talk:
    return Talk(engine)
