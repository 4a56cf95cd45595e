"""Every conversation in the folders beside this file goes as it is written."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from plainly.run.stack import Stack
from tests.conversations.customer import Customer, Mismatch, play, play_staff
from tests.conversations.staff import Staff

HERE = Path(__file__).parent
TURN_KEYS = {
    "customer", "tap", "status", "says", "not_says", "cites", "buttons", "replies", "owner", "kill", "error",
    "decision_same", "kill_during", "answers", "staff",
}  # fmt: skip


def scripts() -> list[Any]:
    """All conversations, named by their folder and sentence."""
    return [
        pytest.param(script, id=f"{path.parent.name}: {script['conversation']}")
        for path in sorted(HERE.rglob("*.yml"))
        for script in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.stack
@pytest.mark.parametrize("script", scripts())
def test_that_the_conversation_goes_as_written(script: dict[str, Any], stack: Stack) -> None:
    with Customer(stack.url) as customer, ExitStack() as opened:
        staff = opened.enter_context(Staff(stack)) if any("staff" in turn for turn in script["turns"]) else None
        for number, turn in enumerate(script["turns"], 1):
            assert not set(turn) - TURN_KEYS, f"unknown keys {set(turn) - TURN_KEYS}"
            try:
                if "staff" in turn and staff is not None:
                    play_staff(customer, turn, staff)
                else:
                    play(customer, turn, stack.kill)
            except Mismatch as wrong:
                problem = f"turn {number}: {wrong}\n\n{customer.transcript()}"
                break
        else:
            problem = ""
    stack.wait_ready()  # what was killed is back before the next conversation
    assert not problem, problem


def test_that_there_are_conversations_for_every_behaviour() -> None:
    folders = {path.parent.name for path in HERE.rglob("*.yml")}
    wanted = {
        "asking", "deciding", "corrections", "digressions", "several_asks", "pushback", "not_covered", "handoff",
        "bad_input", "restarts", "back_from_people",
    }  # fmt: skip
    assert wanted <= folders
    assert len(scripts()) >= 60
