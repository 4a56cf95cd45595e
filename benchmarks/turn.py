"""One whole turn, gateway to Rasa to action and back, beside a stock Rasa starter bot in the same run."""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Iterator
from statistics import median

from benchmarks.report import Options, Section, ms, p95
from benchmarks.starter import MESSAGES, Starter
from benchmarks.talk import running, turns

WARM_UP = 12
ROUND = 10
NAMES = {
    "plainly": "Plainly: gateway, Rasa, action, answer stored",
    "stock": "stock `rasa init` bot, no action server",
    "action": "the same with custom actions",
}


def run(options: Options) -> Section:
    rounds = 4 if options.quick else 20
    with running() as stack, Starter("stock") as stock, Starter("action") as action:
        for supervisor in (stack, stock, action):
            supervisor.wait_ready(300)
        sources = {"plainly": turns(stack.url), "stock": starter_turns(stock), "action": starter_turns(action)}
        seconds = interleaved(sources, rounds)
    return _told(seconds)


def interleaved(sources: dict[str, Iterator[float]], rounds: int) -> dict[str, list[float]]:
    """Takes the sources by turns, so that what else the machine does meets them alike."""
    for source in sources.values():
        list(itertools.islice(source, WARM_UP))
    found: dict[str, list[float]] = {name: [] for name in sources}
    for number in range(rounds):
        names = list(sources) if number % 2 == 0 else list(reversed(sources))
        for name in names:
            found[name] += itertools.islice(sources[name], ROUND)
    return found


def starter_turns(bot: Starter) -> Iterator[float]:
    """Seconds of one turn after another: a new conversation after each pass through the messages."""
    while True:
        sender = uuid.uuid4().hex
        for text in MESSAGES:
            begin = time.perf_counter()
            bot.say(sender, text)
            yield time.perf_counter() - begin


def _told(seconds: dict[str, list[float]]) -> Section:
    section = Section("One turn")
    base = median(seconds["stock"])
    rows = [
        (NAMES[name], len(times), ms(median(times)), ms(p95(times)), f"{median(times) / base:.2f}")
        for name, times in seconds.items()
    ]
    section.table(("bot", "turns", "median", "95 %", "median to stock"), rows)
    return section.add(
        "One customer at a time over the public API (send, then long poll), the bots by turns in rounds of "
        f"{ROUND}. Goal: median at most 60 ms, 95 % at most 150 ms."
    )
