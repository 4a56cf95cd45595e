"""Tables that cannot be proven are said, not passed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from plainly.check.room import Room
from plainly.check.tables import check_tables, say_witness
from plainly.decide import Witness
from plainly.kb import load
from plainly.kb.problems import Problems
from plainly.model import AllOf, Between, Duration, KnowledgeBase, Test, Value
from tests.kb.folders import BASE


def base() -> KnowledgeBase:
    kb = load(BASE).kb
    assert kb
    return kb


def test_that_a_table_that_cannot_be_proven_is_an_error() -> None:
    kb = base()
    policy = kb.policies["lending"]
    table = policy.decisions["can_renew"]
    wrong = replace(table.rules[0], when=AllOf((Test("kind", "within", Duration(1, "day")),)))
    broken = replace(table, rules=(wrong, *table.rules[1:]))
    kb = replace(kb, policies={**kb.policies, "lending": replace(policy, decisions={"can_renew": broken})})
    problems = Problems()
    check_tables(Room(kb, problems, date(2026, 11, 21)))
    assert [problem.code for problem in problems.found] == ["cannot_prove"]


def test_that_a_witness_is_written_as_in_examples() -> None:
    facts: dict[str, Value] = {"borrowed_on": Between(date(2026, 1, 1), date(2026, 1, 2)), "awaited": False}
    said = say_witness(Witness(facts, date(2026, 2, 1), ()), base())
    assert said == "awaited = no, borrowed_on = 2026-01-01..2026-01-02 (seen on 2026-02-01)"
