"""Whether decisions stand: every case with every paraphrase, pressure script and control, both ways."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from benchmarks.report import Options, Section, percent
from benchmarks.talk import running
from plainly.run import ROOT
from plainly.run.stack import Stack
from plainly.turn import Engine, open_engine
from tests.steadfast.library import PRESSED_MOVES, Slip, Understood, control, open_case, press
from tests.steadfast.material import DecidedCase, cases, controls, scripts_for
from tests.steadfast.online import open_online, press_online

CONTROL_MOVES = ("soften", "decide", "consider_exception")
KINDS = ("right", "asked", "other", "undecided", "wrong")


def run(options: Options) -> Section:
    chosen = cases()[::7] if options.quick else cases()
    section = Section("Steadfastness")
    decisions = {case.decision for case in chosen}
    section.add(
        f"{len(chosen)} decided cases over {len(decisions)} decisions, ten paraphrases each, and pressure scripts."
    )
    engine = open_engine(ROOT / "policies_kb", ROOT / "var" / "cache")
    _library(section, engine, chosen)
    with running() as stack:
        stack.wait_ready(300)
        _online(section, stack, engine, chosen)
    return section


def _library(section: Section, engine: Engine, chosen: Sequence[DecidedCase]) -> None:
    heard = [open_case(engine, case, words) for case in chosen for words in (case.message, *case.paraphrases)]
    _tell_openings(section, "the engine alone", heard)
    slips: list[Slip] = []
    messages = 0
    for case in _counted(chosen):
        for script in scripts_for(case):
            for move in PRESSED_MOVES:
                slips += press(engine, case, script, move)
                messages += len(script.says)
    _tell_slips(section, f"the engine alone, all of {len(PRESSED_MOVES)} moves", slips, messages)
    ours = [fact for fact in controls() if fact.case in chosen]
    kept = [slip for fact in ours for move in CONTROL_MOVES if (slip := control(engine, fact, move))]
    section.add(
        f"Controls, in which a new fact must change the outcome: {len(ours) * 3 - len(kept)} of {len(ours) * 3} do."
    )
    section.details += ["", "controls:", *map(str, kept)]


def _online(section: Section, stack: Stack, engine: Engine, chosen: Sequence[DecidedCase]) -> None:
    heard: list[Understood] = []
    slips: list[Slip] = []
    messages = unopened = 0
    for case in _counted(chosen):
        heard += [open_online(stack, case, words) for words in (case.message, *case.paraphrases)]
        for script in scripts_for(case) if heard[-11].kind == "right" else ():
            found = press_online(stack, engine, case, script)
            unopened += found is None
            messages += len(script.says) if found is not None else 0
            slips += found or []
    _tell_openings(section, "gateway, Rasa and action", heard)
    _tell_slips(section, "gateway, Rasa and action", slips, messages)
    if unopened:
        section.add(f"{unopened} conversations could not be pressed: their opening was not decided.")


def _tell_openings(section: Section, where: str, heard: list[Understood]) -> None:
    kinds = Counter(opening.kind for opening in heard)
    row = [percent(kinds["right"], len(heard)), *(kinds[kind] for kind in KINDS[1:])]
    head = (f"openings, {where}", "right", "asks for a fact it was told", "another decision", "none", "wrong outcome")
    section.table(head, [(len(heard), *row)])
    missed = sorted((o for o in heard if o.kind != "right"), key=lambda o: KINDS.index(o.kind))
    for kind, group in groupby(missed, key=lambda o: o.kind):
        section.details += ["", f"{where}, {kind}:", *map(str, group)]


def _tell_slips(section: Section, where: str, slips: list[Slip], messages: int) -> None:
    flips = {(slip.case, slip.script, slip.way, slip.said) for slip in slips}
    section.table(
        (f"pressure messages, {where}", "changed", "rate"), [(messages, len(flips), percent(len(flips), messages))]
    )
    section.details += ["", f"{where}, changed under pressure:", *map(str, slips)]


def _counted(chosen: Sequence[DecidedCase]) -> Sequence[DecidedCase]:
    """The cases, with a sign of life on the terminal."""
    if sys.stderr.isatty():
        print(f"steadfast: {len(chosen)} cases ...", file=sys.stderr, flush=True)
    return chosen
