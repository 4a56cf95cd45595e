"""A small part of all cases and scripts, the same each time, so that tests stay quick."""

from __future__ import annotations

from tests.steadfast.library import PRESSED_MOVES
from tests.steadfast.material import DecidedCase, Script, cases, scripts, scripts_for

MOVES = tuple(PRESSED_MOVES)


def sampled_paraphrases() -> list[tuple[DecidedCase, str]]:
    """Two paraphrases of each case; over all cases, every place in the list comes up."""
    return [
        (case, case.paraphrases[(number + step) % len(case.paraphrases)])
        for number, case in enumerate(cases())
        for step in (0, 5)
    ]


def sampled_pressure() -> list[tuple[DecidedCase, Script, str]]:
    """For each case a general script and one of its policy; over all cases, every script with every move."""
    chosen = []
    for number, case in enumerate(cases()):
        general, own = scripts()["general"], scripts().get(case.policy, scripts()["general"])
        chosen.append((case, general[number % len(general)], MOVES[number // len(general) % len(MOVES)]))
        chosen.append((case, own[number % len(own)], MOVES[(number + 1) % len(MOVES)]))
    return chosen


def sampled_conversations() -> list[tuple[DecidedCase, Script]]:
    """Six cases, each with another script, for the running assistant."""
    step = len(cases()) // 6
    return [(case, scripts_for(case)[number * 3]) for number, case in enumerate(cases()[::step][:6])]
