"""The shipped policies, as far as the rules go: worked cases, proofs, and what a case may ask."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plainly.decide import decide, proofs, witness_of
from plainly.kb import load
from plainly.model import DecisionTable, Example, KnowledgeBase
from tests.decide.random_tables import values
from tests.decide.tables import TODAY, known

FOLDER = Path(__file__).parents[2] / "policies_kb"


@cache
def folder() -> KnowledgeBase:
    loaded = load(FOLDER)
    assert loaded.kb is not None, [str(problem) for problem in loaded.problems if problem.severity == "error"]
    return loaded.kb


def tables() -> list[DecisionTable]:
    loaded = load(FOLDER).kb
    return [table for policy in loaded.policies.values() for table in policy.decisions.values()] if loaded else []


def examples() -> list[Example]:
    loaded = load(FOLDER).kb
    return [example for policy in loaded.policies.values() for example in policy.examples] if loaded else []


def test_that_the_shipped_folder_loads_and_has_decisions() -> None:
    assert folder().policies
    assert tables()


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_that_a_worked_case_comes_out_as_written(example: Example) -> None:
    for name, outcome in example.expect.items():
        decision = decide(folder(), f"{example.policy}.{name}", known(**example.given), example.as_of)
        assert decision.outcome == (None if outcome == "unknown" else outcome)
        if outcome == "unknown":
            assert example.asks in {None, decision.asks}
        else:
            assert example.by in {None, decision.rule}
            assert set(example.cites) <= {citation.clause for citation in decision.citations}


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.id)
def test_that_every_case_has_exactly_one_row(table: DecisionTable) -> None:
    found = proofs(folder(), table.id)
    assert (found.gaps, found.overlaps, found.unreachable_rows) == ((), (), ())


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.id)
def test_that_an_empty_case_is_asked_about(table: DecisionTable) -> None:
    decision = decide(folder(), table.id, {}, TODAY)
    assert decision.outcome is None
    assert decision.asks in decision.missing


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.id)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_that_asked_paths_end_and_the_nearest_yes_is_one(table: DecisionTable, data: st.DataObject) -> None:
    kb = folder()
    facts = known()
    for _ in range(12):
        decision = decide(kb, table.id, facts, TODAY)
        if decision.outcome is not None:
            break
        assert decision.asks is not None
        assert decision.asks not in facts
        facts = {**facts, **known(**{decision.asks: data.draw(values(kb.facts[decision.asks]))})}
    assert decision.outcome is not None
    nearest = decision.nearest_yes
    if nearest is not None:
        after = decide(kb, table.id, {**facts, **known(**nearest.changes)}, TODAY)
        assert after.outcome == nearest.outcome
        assert all(kb.facts[name].changeable for name in nearest.changes)


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.id)
def test_that_every_outcome_has_a_case_that_comes_out_so(table: DecisionTable) -> None:
    for outcome in {rule.then for rule in table.rules}:
        witness = witness_of(folder(), table, outcome, TODAY)
        assert witness is not None, outcome
        decision = decide(folder(), table.id, known(**witness.facts), TODAY)
        assert (decision.outcome, decision.rule) == (outcome, witness.rows[0])
