"""Conditions, dated parameters, derived values, proofs: the smaller doors of the room."""

from __future__ import annotations

import doctest
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plainly.decide import DecideError, canonical, derive, is_true, parameters, proofs, value_at
from plainly.decide import values as values_module
from plainly.model import (
    AllOf,
    AnyOf,
    Between,
    Condition,
    Derived,
    Duration,
    KnowledgeBase,
    Not,
    ParameterRef,
    Scalar,
    Test,
    Value,
)
from tests.decide.tables import TODAY, days, fact, kb_of, known, parameter, returns, rule

KB = returns()
USED = Test("condition", "is", "used")
RECENT = Test("arrived", "within", Duration(33, "day"))


@pytest.mark.parametrize(
    ("condition", "facts", "held"),
    [
        (USED, {"condition": "used"}, True),
        (USED, {"condition": "opened"}, False),
        (USED, {}, None),
        (AllOf(()), {}, True),
        (AnyOf((USED, RECENT)), {"condition": "used"}, True),
        (AnyOf((USED, RECENT)), {"condition": "opened"}, None),
        (AllOf((USED, RECENT)), {"condition": "opened"}, False),
        (AnyOf((USED, Not(USED))), {}, True),
        (RECENT, {"arrived": Between(date(2026, 10, 15), date(2026, 10, 25))}, None),
        (RECENT, {"arrived": Between(date(2026, 10, 20), date(2026, 10, 25))}, True),
        (RECENT, {"arrived": date(2026, 10, 18)}, False),
        (Test("arrived", "within", ParameterRef("window")), {"arrived": date(2026, 10, 22)}, True),
    ],
)
def test_that_a_condition_is_true_false_or_open(
    condition: Condition, facts: dict[str, Value], held: bool | None
) -> None:
    assert is_true(KB, "p", condition, known(**facts), TODAY) is held


def test_that_a_condition_on_a_value_not_known_yet_stays_open() -> None:
    late = Test("arrived", "within", ParameterRef("window"))
    assert is_true(KB, "p", late, known(arrived=date(2020, 1, 1)), date(2020, 1, 5)) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("45.00"), "45"),
        (Decimal("45.50"), "45.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0"), "0"),
        (Duration(1, "day"), "1 day"),
        (Duration(2, "week"), "2 weeks"),
        (date(2026, 2, 1), "2026-02-01"),
        (True, "yes"),
        (False, "no"),
        ("opened", "opened"),
        (Between(Decimal(1), Decimal(2)), "1..2"),
    ],
)
def test_that_a_value_has_one_text(value: Value, text: str) -> None:
    assert canonical(value) == text


def test_that_the_docs_of_values_tell_the_truth() -> None:
    assert doctest.testmod(values_module).failed == 0


def test_that_the_value_of_the_day_is_the_latest_begun() -> None:
    window = KB.policies["p"].parameters["window"]
    assert value_at(window, date(2025, 10, 31)).value == days(14)
    assert value_at(window, date(2025, 11, 1)).value == days(30)
    with pytest.raises(DecideError, match="its first value is from 2023-01-01"):
        value_at(window, date(2022, 12, 31))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, days(30)),
        ({"arrived": date(2025, 1, 1)}, days(14)),
        ({"arrived": Between(date(2025, 1, 1), date(2025, 2, 1))}, days(14)),
        ({"arrived": Between(date(2025, 10, 25), date(2025, 11, 5))}, None),
        ({"arrived": date(2020, 1, 1)}, None),
    ],
)
def test_that_the_wording_gets_the_value_that_counts(facts: dict[str, Value], expected: Duration | None) -> None:
    found = parameters(KB, "p", "d", known(**facts), TODAY)
    assert (found["window"].value if "window" in found else None) == expected


def deriving(**derived: Derived) -> KnowledgeBase:
    limit = parameter("limit", (date(2023, 1, 1), days(30)))
    fee = parameter("fee", (date(2023, 1, 1), Decimal(15)))
    facts = (fact("arrived", "date"), fact("ended", "date"), fact("spent", "money"), fact("age", "duration"))
    kb = kb_of(facts, (rule("all", "yes"),), (limit, fee), counts_from="arrived")
    return replace(kb, policies={"p": replace(kb.policies["p"], derived=derived)})


@pytest.mark.parametrize(
    ("derived", "value"),
    [
        (Derived("x", "plus", "arrived", "$limit"), date(2026, 12, 1)),
        (Derived("x", "minus", "arrived", "$limit"), date(2026, 10, 2)),
        (Derived("x", "minus", "ended", "arrived"), days(9)),
        (Derived("x", "share", "spent", "$fee"), Decimal("3.75")),
        (Derived("x", "times", "spent", "$fee"), Decimal(375)),
        (Derived("x", "times", "$limit", "spent"), days(750)),
        (Derived("x", "least", "spent", "$fee"), Decimal(15)),
        (Derived("x", "most", "spent", "$fee"), Decimal(25)),
        (Derived("x", "minus", "$limit", "age"), days(16)),
        (Derived("x", "plus", "spent", "arrived"), None),
        (Derived("x", "plus", "x", "spent"), None),
        (Derived("x", "plus", "nothing", "spent"), None),
    ],
)
def test_that_values_are_worked_out_for_the_wording(derived: Derived, value: Scalar | None) -> None:
    facts = known(arrived=date(2026, 11, 1), ended=date(2026, 11, 10), spent=Decimal(25), age=Duration(2, "week"))
    assert derive(deriving(x=derived), "p", facts, TODAY).get("x") == value


def test_that_what_is_not_exactly_known_is_not_worked_out() -> None:
    kb = deriving(x=Derived("x", "plus", "arrived", "$limit"))
    assert derive(kb, "p", {}, TODAY) == {}
    assert derive(kb, "p", known(arrived=Between(date(2026, 11, 1), date(2026, 11, 4))), TODAY) == {}


def test_that_the_model_policy_has_no_gap_no_overlap_and_no_dead_row() -> None:
    found = proofs(KB, "p.d")
    assert (found.gaps, found.overlaps, found.unreachable_rows) == ((), (), ())
    assert found.unreachable_outcomes == ()


def test_that_a_missed_boundary_is_a_gap_with_a_witness() -> None:
    limit = parameter("limit", (date(2023, 1, 1), Decimal(10)), (date(2026, 1, 1), Decimal(20)))
    rows = (
        rule("small", "yes", Test("price", "less_than", ParameterRef("limit"))),
        rule("big", "no", Test("price", "more_than", ParameterRef("limit"))),
    )
    found = proofs(kb_of((fact("price", "money"),), rows, (limit,)), "p.d")
    assert [(gap.facts, gap.today, gap.rows) for gap in found.gaps] == [
        ({"price": Decimal(10)}, date(2023, 1, 1), ()),
        ({"price": Decimal(20)}, date(2026, 1, 1), ()),
    ]


def test_that_an_overlap_names_its_rows_even_when_they_agree() -> None:
    rows = (rule("a", "yes", Test("gift", "is", True)), rule("b", "yes"), rule("c", "no", USED, overrides="b"))
    kb = kb_of((fact("gift", "yes_no"), fact("condition", "choice", "used", "new")), rows)
    found = proofs(kb, "p.d")
    assert {overlap.rows for overlap in found.overlaps} == {("a", "b"), ("a", "c")}
    assert all(overlap.facts["gift"] is True for overlap in found.overlaps)


def test_that_a_gap_only_in_an_old_period_is_found() -> None:
    old, new = days(14), days(30)
    first = parameter("first", (date(2023, 1, 1), old), (date(2025, 11, 1), new))
    second = parameter("second", (date(2023, 1, 1), new))
    rows = (
        rule("in", "yes", Test("arrived", "within", ParameterRef("first"))),
        rule("out", "no", Test("arrived", "beyond", ParameterRef("second"))),
    )
    found = proofs(kb_of((fact("arrived", "date"),), rows, (first, second), counts_from="arrived"), "p.d")
    assert len(found.gaps) == 1
    arrived = found.gaps[0].facts["arrived"]
    assert isinstance(arrived, date)
    assert arrived < date(2025, 11, 1)
    assert 14 < (found.gaps[0].today - arrived).days <= 30


def test_that_a_row_no_case_reaches_is_named() -> None:
    rows = (
        rule("all", "yes"),
        rule("never", "no", Test("gift", "is", True), Test("gift", "is", False)),
    )
    found = proofs(kb_of((fact("gift", "yes_no"),), rows), "p.d")
    assert found.unreachable_rows == ("never",)
    assert set(found.unreachable_outcomes) == {"no", "partly", "other", "needs_agent"}
