"""What a policy page adds to the rules: worked examples and levers, in the engine's own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plainly.decide import decide
from plainly.errors import PlainlyError
from plainly.model import Alternative, Citation, Example, KnowledgeBase, KnownFact, Policy
from plainly.wording.outcome import outcome_parts, say_lever
from plainly.wording.phrases import phrases
from plainly.wording.slots import Telling
from plainly.wording.templates import fill

MOST_EXAMPLES = 6


@dataclass(frozen=True)
class ToldExample:
    """A worked example as a reader sees it. `text` is the verdict and the rule, as of its own day."""

    name: str
    verdict: str
    verdict_label: str
    text: str
    as_of: date


def told_examples(kb: KnowledgeBase, policy: Policy) -> list[ToldExample]:
    """The worked examples a policy lets be told, at most six, those with different outcomes first."""
    told = [found for example in policy.examples if example.tell for found in [_tell(kb, policy, example)] if found]
    outcomes: set[str] = set()
    first: list[ToldExample] = []
    again: list[ToldExample] = []
    for outcome, example in told:
        (again if outcome in outcomes else first).append(example)
        outcomes.add(outcome)
    return (first + again)[:MOST_EXAMPLES]


def _tell(kb: KnowledgeBase, policy: Policy, example: Example) -> tuple[str, ToldExample] | None:
    """The example's first decision in words, with its outcome; None when it comes to no outcome."""
    facts = {name: KnownFact(name, value, source="record") for name, value in example.given.items()}
    path = f"{policy.id}.{next(iter(example.expect))}"
    try:
        decision = decide(kb, path, facts, example.as_of)
    except PlainlyError:
        # `plainly check` reports it; a reader of the page misses one example.
        return None
    if decision.outcome is None or decision.verdict is None:
        return None
    telling = Telling(kb, policy, facts, example.as_of, path, near=False)
    text = " ".join(part.text for part in outcome_parts(telling, decision, ("verdict", "rule")))
    label = phrases().line(f"pages.verdict.{decision.verdict}")
    told = ToldExample(example.name.rstrip("."), decision.verdict, label, text, example.as_of)
    return f"{path}:{decision.outcome}", told


def told_levers(kb: KnowledgeBase, policy: Policy, today: date) -> dict[str, str]:
    """What each lever of a policy offers, with its amount."""
    telling = Telling(kb, policy, {}, today)
    return {lever.id: say_lever(telling, lever) for lever in policy.levers.values()}


def told_alternatives(kb: KnowledgeBase, policy: Policy, today: date) -> dict[str, str]:
    """What each alternative of a policy is; one that names a day of the reader's own is told by its clause."""
    lookup = Telling(kb, policy, {}, today).lookup()
    told = {}
    for item in policy.alternatives.values():
        said = fill(item.say, lookup).rstrip(".")
        told[item.id] = f"You can {said}." if said else _clause_text(kb, policy, item)
    return {name: text for name, text in told.items() if text}


def _clause_text(kb: KnowledgeBase, policy: Policy, item: Alternative) -> str:
    if item.clause is None:
        return ""
    return kb.clause(Citation.of(policy.id, item.clause)).text
