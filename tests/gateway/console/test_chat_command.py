"""`plainly chat`: whatever is written to the customer is shown in the terminal, once and in order."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import IO
from uuid import uuid4

import pytest

from plainly.store import Store
from plainly.store.conversations import locked
from tests.gateway.console.desks import Agent
from tests.gateway.processes import ROOT, GatewayProcess

PROMPT = "you: "


class Terminal:
    """`plainly chat` with somebody typing."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-u", "-m", "plainly.cli", "chat", "--url", url]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True)
        self.read()

    def types(self, words: str) -> str:
        """What the terminal shows between these words and the next prompt."""
        _of(self.process.stdin).write(words + "\n")
        _of(self.process.stdin).flush()
        return self.read()

    def read(self) -> str:
        """All that comes until the next prompt, or the end."""
        shown = ""
        while not shown.endswith(PROMPT):
            letter = _of(self.process.stdout).read(1)
            if not letter:
                break
            shown += letter
        return shown.removesuffix(PROMPT)

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def _of(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


Open = Callable[[], Terminal]


@pytest.fixture
def terminal(gateway: GatewayProcess) -> Iterator[Terminal]:
    terminal = Terminal(gateway.url)
    yield terminal
    terminal.end()


def test_that_an_answer_and_its_numbered_buttons_are_shown(terminal: Terminal) -> None:
    shown = terminal.types("buttons please")
    assert "Turn 1: buttons please" in shown
    assert "  1. Unopened\n  2. Talk to a person\n" in shown
    assert "Turn 2: Unopened" in terminal.types("1")


def test_that_a_refused_message_is_told_and_the_next_one_may_follow(terminal: Terminal) -> None:
    assert terminal.types("x" * 4001).startswith("This message has 4,001 characters")
    assert "Turn 1: hello" in terminal.types("hello")


def test_that_what_an_agent_wrote_meanwhile_comes_before_the_answer(
    terminal: Terminal, sam: Agent, tables: Store
) -> None:
    order = uuid4().hex
    terminal.types(f"my order is {order}")
    assert "escalate asked" in terminal.types("escalate asked")
    (conversation,) = sam.listed("queue", q=order)
    sam.does(conversation, "claim")
    sam.writes(conversation, "I am looking at it now.")
    sam.writes(conversation, "It is on its way.")
    sam.does(conversation, "hand-back")
    shown = terminal.types("thank you")
    assert (
        shown.index("Sam: I am looking at it now.") < shown.index("Sam: It is on its way.") < shown.index("thank you")
    )
    assert shown.count("looking at it now") == 1
    with tables.write() as session:
        assert locked(session, conversation).owner == "bot"


def test_that_a_waiting_customer_who_writes_again_is_asked_again(terminal: Terminal) -> None:
    terminal.types("escalate asked")
    assert "You keep your place in line." in terminal.types("are you there?")
    assert terminal.types("hello??").strip() == ""


def test_that_an_empty_line_ends_it(terminal: Terminal) -> None:
    terminal.types("")
    assert terminal.process.wait() == 0


def test_that_an_assistant_that_is_not_there_is_one_sentence() -> None:
    command = [sys.executable, "-m", "plainly.cli", "chat", "--url", "http://127.0.0.1:9"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith("plainly: The assistant at http://127.0.0.1:9 does not answer")
