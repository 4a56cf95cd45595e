"""What holds for every table that is complete and unique, and for the shipped policies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plainly.decide import decide, proofs
from plainly.model import Between, KnowledgeBase, Rule, Scalar
from tests.decide.random_tables import cases
from tests.decide.tables import TODAY, completions, known, outcome_of

quietly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Case = tuple[KnowledgeBase, dict[str, Scalar]]
# Beyond this a brute-force check costs more than it shows.
_MANY = 3_000


def subset(data: st.DataObject, case: dict[str, Scalar]) -> dict[str, Scalar]:
    names = data.draw(st.lists(st.sampled_from(sorted(case)), unique=True))
    return {name: case[name] for name in names}


@quietly
@given(cases())
def test_that_a_whole_case_comes_out_as_the_format_says(case: Case) -> None:
    kb, facts = case
    assert decide(kb, "p.d", known(**facts), TODAY).outcome == outcome_of(kb, facts, TODAY)


@quietly
@given(cases(), st.data())
def test_that_a_decision_is_settled_exactly_when_every_completion_agrees(case: Case, data: st.DataObject) -> None:
    kb, whole = case
    facts = known(**subset(data, whole))
    decision = decide(kb, "p.d", facts, TODAY)
    ways = list(islice(completions(kb, facts, TODAY), _MANY))
    outcomes = {outcome_of(kb, way, TODAY) for way in ways}
    if len(ways) < _MANY:
        assert (len(outcomes) == 1) == (decision.outcome is not None)
    assert decision.outcome is None or outcomes == {decision.outcome}


@quietly
@given(cases(), st.data())
def test_that_only_facts_that_can_change_the_outcome_are_missing(case: Case, data: st.DataObject) -> None:
    kb, whole = case
    given_facts = subset(data, whole)
    decision = decide(kb, "p.d", known(**given_facts), TODAY)
    ways = list(islice(completions(kb, known(**given_facts), TODAY), _MANY))
    if len(ways) == _MANY:
        return
    matters = set()
    for name in set(kb.facts) - set(given_facts):
        groups: dict[tuple[Scalar, ...], set[object]] = {}
        for way in ways:
            rest = tuple(value for other, value in way.items() if other != name)
            groups.setdefault(rest, set()).add(outcome_of(kb, way, TODAY))
        if any(len(outcomes) > 1 for outcomes in groups.values()):
            matters.add(name)
    assert set(decision.missing) == matters
    assert decision.asks in {None, *matters}


@quietly
@given(cases())
def test_that_answering_what_is_asked_always_ends_in_the_same_outcome(case: Case) -> None:
    kb, whole = case
    facts: dict[str, Scalar] = {}
    for _ in range(len(whole) + 1):
        decision = decide(kb, "p.d", known(**facts), TODAY)
        if decision.outcome is not None:
            break
        assert decision.asks is not None
        assert decision.asks not in facts
        facts[decision.asks] = whole[decision.asks]
    assert decision.outcome == outcome_of(kb, whole, TODAY)


@quietly
@given(cases(), st.data())
def test_that_the_order_of_facts_changes_nothing(case: Case, data: st.DataObject) -> None:
    kb, whole = case
    facts = known(**subset(data, whole))
    shuffled = dict(data.draw(st.permutations(list(facts.items()))))
    assert decide(kb, "p.d", facts, TODAY) == decide(kb, "p.d", shuffled, TODAY)


@quietly
@given(cases(), st.data())
def test_that_the_nearest_yes_is_one_and_moves_only_what_can_be_moved(case: Case, data: st.DataObject) -> None:
    kb, whole = case
    facts = subset(data, whole)
    nearest = decide(kb, "p.d", known(**facts), TODAY).nearest_yes
    if nearest is None:
        return
    assert all(kb.facts[name].changeable for name in nearest.changes)
    assert all(facts.get(name) != value for name, value in nearest.changes.items())
    after = decide(kb, "p.d", {**known(**facts), **known(**nearest.changes)}, TODAY)
    assert after.outcome == nearest.outcome
    assert after.verdict in {"yes", "partly"}


@quietly
@given(cases(), st.data())
def test_that_a_rough_value_is_settled_only_when_every_value_in_it_agrees(case: Case, data: st.DataObject) -> None:
    kb, whole = case
    ranged = [name for name, value in whole.items() if kb.facts[name].type in {"number", "money", "date"}]
    if not ranged:
        return
    name = data.draw(st.sampled_from(ranged))
    low = whole[name]
    steps = data.draw(st.integers(0, 20))
    inside = [later(low, step) for step in range(steps + 1)]
    rough = {**known(**whole), **known(**{name: Between(inside[0], inside[-1])})}
    decision = decide(kb, "p.d", rough, TODAY)
    outcomes = {outcome_of(kb, {**whole, name: value}, TODAY) for value in inside}
    if decision.outcome is None:
        assert decision.asks == name
    else:
        assert outcomes == {decision.outcome}
    if kb.facts[name].type == "date":
        assert (len(outcomes) == 1) == (decision.outcome is not None)


@quietly
@given(cases())
def test_that_the_proofs_find_nothing_wrong_with_a_sound_table(case: Case) -> None:
    kb, _ = case
    found = proofs(kb, "p.d")
    assert (found.gaps, found.overlaps) == ((), ())


@quietly
@given(cases(), st.data())
def test_that_a_row_taken_out_leaves_a_gap_with_a_witness(case: Case, data: st.DataObject) -> None:
    kb, _ = case
    table = kb.table("p.d")
    plain = [rule for rule in table.rules if not rule.overrides]
    gone = data.draw(st.sampled_from(plain))
    if gone.id in proofs(kb, "p.d").unreachable_rows or len(plain) == 1:
        return
    broken = with_rules(kb, tuple(rule for rule in table.rules if gone.id not in {rule.id, rule.overrides}))
    found = proofs(broken, "p.d")
    for witness in found.gaps:
        for way in islice(completions(broken, known(**witness.facts), witness.today), 200):
            assert outcome_of(broken, way, witness.today) == ()
    taken = any(rule.overrides == gone.id for rule in table.rules)
    assert found.gaps or taken


def later(value: Scalar, step: int) -> Decimal | date:
    if isinstance(value, Decimal):
        return value + step
    assert isinstance(value, date)
    return value + timedelta(days=step)


def with_rules(kb: KnowledgeBase, rules: tuple[Rule, ...]) -> KnowledgeBase:
    policy = kb.policies["p"]
    table = replace(policy.decisions["d"], rules=rules)
    return replace(kb, policies={"p": replace(policy, decisions={"d": table})})
