"""A receipt is worth something because staff can check it: every real one matches, and none that was changed does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from plainly.decide import decide
from plainly.decide.receipt import identity
from plainly.model import Between, KnowledgeBase, KnownFact
from plainly.suggest.receipts import standing
from plainly.turn.wire import decision_to_json
from tests.suggest.conftest import ground_of

Json = dict[str, Any]


@pytest.fixture
def told(kb: KnowledgeBase) -> Json:
    """The receipt of a real "no"."""
    decision = ground_of(kb, "returns.can_return.too_late").decision
    assert decision is not None
    receipt: Json = decision_to_json(decision)["receipt"]
    return receipt


def signed(told: Json, **changed: Any) -> Json:
    """A receipt with something changed, and an id that fits what it says now."""
    content = {**told, **changed}
    return {**content, "id": identity({name: said for name, said in content.items() if name != "id"})}


def test_that_the_receipt_of_every_worked_case_matches(kb: KnowledgeBase) -> None:
    checked = 0
    for policy in kb.policies.values():
        for example in policy.examples:
            facts = {name: KnownFact(name, value) for name, value in example.given.items()}
            for name in example.expect:
                receipt = decision_to_json(decide(kb, f"{policy.id}.{name}", facts, example.as_of))["receipt"]
                if receipt:
                    assert standing(kb, receipt) == "matches", (policy.id, example.name)
                    checked += 1
    assert checked > 100


def test_that_a_fact_known_roughly_is_checked_as_well(kb: KnowledgeBase) -> None:
    ground = ground_of(kb, "returns.can_return.too_late")
    assert ground.decision is not None
    known = ground.facts["delivered_on"].value
    assert isinstance(known, date)
    facts = {**ground.facts, "delivered_on": KnownFact("delivered_on", Between(known.replace(day=1), known))}
    receipt = decision_to_json(decide(kb, "returns.can_return", facts, ground.today))["receipt"]
    assert ".." in receipt["facts"]["delivered_on"]
    assert standing(kb, receipt) == "matches"


def test_that_a_receipt_that_was_changed_does_not_match(kb: KnowledgeBase, told: Json) -> None:
    assert standing(kb, {**told, "outcome": "accepted"}) == "altered"
    assert standing(kb, {**told, "facts": {**told["facts"], "delivered_on": "2026-11-20"}}) == "altered"
    assert standing(kb, {**told, "as_of": "2026-01-01"}) == "altered"
    assert standing(kb, signed(told, outcome="accepted")) == "altered"
    assert standing(kb, {}) == "altered"


def test_that_rules_that_changed_since_are_told_from_a_receipt_that_was_changed(kb: KnowledgeBase, told: Json) -> None:
    assert standing(kb, signed(told, version="0" * 16)) == "still"
    assert standing(kb, signed(told, version="0" * 16, outcome="accepted")) == "changed"


def test_that_a_rule_that_is_gone_cannot_be_checked(kb: KnowledgeBase, told: Json) -> None:
    assert standing(kb, signed(told, decision="no_such_decision")) == "gone"
    assert standing(kb, signed(told, facts={**told["facts"], "no_such_fact": "yes"})) == "gone"
    assert standing(kb, signed(told, facts={})) == "gone"
