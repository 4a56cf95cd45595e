"""What customers say to Plainly in the speed benchmarks: conversations of mixed messages."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

from plainly.run import ROOT
from plainly.run.stack import Stack
from plainly.run.training import train_if_needed
from tests.conversations.customer import Customer

ENVIRONMENT = {"PLAINLY_NOW": "2026-11-20T11:00:00", "PLAINLY_RATE_LIMIT": "0"}
CONVERSATIONS = (
    (
        "hello",
        "I bought a kettle 40 days ago and it's still in the box. Can I return it?",
        "that's not fair, I always shop with you",
        "why do you have that rule?",
        "what else can I do?",
        "thanks",
    ),
    (
        "how long does a refund take?",
        "I paid by card and you got it back four days ago. When do I get my refund?",
        "sorry, it was last Monday",
        "tell me more",
        "ok thank you, bye",
    ),
    (
        "Can I still use a gift card?",
        "it was bought four years ago and I want to spend it",
        "every other shop would take it",
        "do you price match Argos?",
        "what's the weather like in Paris?",
        "are you a robot?",
    ),
    (
        "Can I cancel my monthly subscription before the next box? It renews in two days and I got your reminder.",
        "this is ridiculous, just stop the box",
        "how do I pause it?",
        "my parcel is three days late, standard delivery, it hasn't come. what do I get?",
        "has that changed lately?",
    ),
)


def running() -> Stack:
    """The whole assistant with a fresh database, not yet started."""
    from tempfile import mkdtemp

    from benchmarks.report import VAR

    train_if_needed(ROOT)
    VAR.mkdir(parents=True, exist_ok=True)
    from pathlib import Path

    return Stack(var=Path(mkdtemp(prefix="stack-", dir=VAR)), env=ENVIRONMENT)


def turns(url: str) -> Iterator[float]:
    """Seconds of one turn after another, without end: from sending to having the whole answer."""
    for messages in itertools.cycle(CONVERSATIONS):
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
