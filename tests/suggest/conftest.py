"""The shipped folder without search and language tools: all that staff's side needs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plainly.kb import load
from plainly.model import Context, Example, KnowledgeBase, KnownFact
from plainly.suggest.ground import Granted, Ground, decided

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    found = load(ROOT / "policies_kb").kb
    assert found is not None
    return found


def ground_of(kb: KnowledgeBase, case: str, *granted: str, said: tuple[str, ...] = ()) -> Ground:
    """The ground of "policy.decision.outcome", with the facts of the first worked example that comes out so."""
    policy, _, rest = case.partition(".")
    if not rest:
        return Ground(kb, TODAY, Context(policy=policy), {}, said=said)
    decision, _, outcome = rest.partition(".")
    given = example_of(kb, policy, decision, outcome)
    facts = {name: KnownFact(name, value) for name, value in given.given.items()}
    found = decided(kb, f"{policy}.{decision}", facts, given.as_of)
    assert found is not None, case
    assert found.outcome == outcome, case
    context = Context(policy=policy, decision=found.table, facts=facts, outcome=outcome)
    levers = tuple(Granted(policy, lever) for lever in granted)
    return Ground(kb, given.as_of, context, facts, found, frozenset({policy}), said, levers)


def example_of(kb: KnowledgeBase, policy: str, decision: str, outcome: str) -> Example:
    fitting = [one for one in kb.policies[policy].examples if one.expect.get(decision) == outcome]
    return next((one for one in fitting if one.as_of == TODAY), fitting[0])
