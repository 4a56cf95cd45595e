"""Promises of more time, money or an exception, held against what was granted and what the rules give by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plainly.model import Lever, Policy
from plainly.suggest.cautions import Caution
from plainly.suggest.claims import clauses, lexicon, sentences
from plainly.suggest.figures import Figure, figures
from plainly.suggest.ground import Ground
from plainly.suggest.known_figures import amount_figures
from plainly.suggest.levers import offers
from plainly.wording.outcome import outcome_parts, say_lever
from plainly.wording.phrases import phrases

_LIMITED = {"time": ("grace_days", "later_start", "one_off"), "credit": ("credit", "one_off")}


def promises(text: str, ground: Ground, role: str) -> Iterator[Caution]:
    """The promises that no lever covers, or that go beyond the one that was granted."""
    for sentence in sentences(text):
        for clause in clauses(sentence):
            kind = _promised(clause)
            if kind is None:
                continue
            says = _why_open(ground, role, kind, clause)
            if says:
                yield Caution("promise", sentence, says)


def _promised(clause: str) -> str | None:
    """The kind of lever a clause promises: time, credit or exception."""
    words = lexicon()
    clause = words.patterns["cut_away"].sub(" ", clause)
    if clause.endswith("?") or words.says("not_given", clause) or words.says("agenda", clause):
        return None
    giver = words.says("giver", clause)
    if giver is None or words.says("gives", clause[giver.start() :]) is None:
        return None
    return next((kind for kind, pattern in words.given.items() if pattern.search(clause[giver.start() :])), None)


def _why_open(ground: Ground, role: str, kind: str, clause: str) -> str:
    """What is wrong with a promise; empty when a lever that was granted, or the rules themselves, cover it."""
    said = [figure for figure in figures(clause) if figure.kind == ("time" if kind == "time" else "money")]
    given = [(policy, lever) for policy, lever in ground.all_granted() if _is_of_kind(lever, kind)]
    if given:
        return _beyond(ground, given, said)
    if kind != "exception" and _is_in_the_rules(ground, kind, clause):
        return ""
    open_to = [offer for offer in offers(ground, role) if offer.allowed and _is_of_kind(offer.lever, kind)]
    if open_to:
        first = open_to[0]
        return phrases().line("suggest.says.not_granted", label=first.lever.label, say=first.say)
    return phrases().line("suggest.says.not_allowed")


def _is_of_kind(lever: Lever, kind: str) -> bool:
    return kind == "exception" or lever.kind in _LIMITED[kind]


def _beyond(ground: Ground, given: list[tuple[Policy, Lever]], said: list[Figure]) -> str:
    limits = [figure for _, lever in given for figure in amount_figures(ground, lever)]
    over = [
        figure for figure in said if limits and all(figure.low > one.high for one in limits if one.kind == figure.kind)
    ]
    if not over:
        return ""
    policy, lever = given[0]
    return phrases().line("suggest.says.beyond", amount=say_lever(ground.telling(policy), lever))


def _is_in_the_rules(ground: Ground, kind: str, clause: str) -> bool:
    """Some outcomes give credit or more time by themselves: then the outcome's own figures must hold."""
    decision, policy = ground.settled, ground.policy
    if decision is None or policy is None or decision.verdict not in ("yes", "partly"):
        return False
    parts = outcome_parts(ground.telling(policy), decision, ("verdict", "rule", "next", "more"))
    told = " ".join(part.text for part in parts)
    known = figures(told)
    named = [figure for figure in figures(clause) if figure.kind in ("money", "percent", "time")]
    gives = lexicon().given["time"].search(told) if kind == "time" else re.search(r"credit|voucher|gift card", told)
    return bool(gives) and all(any(figure.is_like(one) for one in known) for figure in named)
