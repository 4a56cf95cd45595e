"""What customers say to Plainly in the speed benchmarks: conversations of mixed messages."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from benchmarks.report import VAR
from plainly.run import ROOT
from plainly.run.stack import Stack
from plainly.run.training import train_if_needed
from tests.conversations.customer import Customer
from tests.steadfast.material import cases, scripts

ENVIRONMENT = {"PLAINLY_NOW": "2026-11-20T11:00:00", "PLAINLY_RATE_LIMIT": "0"}
SMALL_TALK = ("hello", "hi there", "thanks", "thank you, bye", "are you a robot?")
ASKS = (
    "why do you have that rule?",
    "what else can I do?",
    "tell me more",
    "how do I do that?",
    "has that changed lately?",
)


def conversations() -> Iterator[tuple[str, ...]]:
    """Mixed conversations, hardly a sentence twice: a vector that is remembered would flatter the figures."""
    pressure = itertools.cycle([words for family in scripts().values() for script in family for words in script.says])
    openings = [text for place in range(10) for case in cases() for text in case.paraphrases[place : place + 1]]
    asks, small = itertools.cycle(ASKS), itertools.cycle(SMALL_TALK)
    for opening in openings:
        yield next(small), opening, next(pressure), next(asks), next(pressure)


def running() -> Stack:
    """The whole assistant with a fresh database, not yet started."""
    train_if_needed(ROOT)
    VAR.mkdir(parents=True, exist_ok=True)
    for old in VAR.glob("stack-*"):
        rmtree(old, ignore_errors=True)
    return Stack(var=Path(mkdtemp(prefix="stack-", dir=VAR)), env=ENVIRONMENT)


def turns(url: str) -> Iterator[float]:
    """Seconds of one turn after another, over 590 conversations: from sending to having the whole answer."""
    for messages in conversations():
        with Customer(url) as customer:
            for text in messages:
                begin = time.perf_counter()
                customer.send({"text": text}).raise_for_status()
                replies = customer.hear()
                yield time.perf_counter() - begin
                if not replies or replies[-1]["status"].startswith("error"):
                    raise RuntimeError(f"no good answer to {text!r}: {replies}")
                if customer.owner != "bot":
                    break
