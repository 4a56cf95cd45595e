"""What a decision says of small, telling cases."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from plainly.decide import DecideError, decide, proofs
from plainly.model import Between, Citation, Duration, ParameterRef, Test, Value
from tests.decide.tables import TODAY, days, fact, kb_of, known, parameter, returns, rule

KB = returns()


def ago(count: int) -> date:
    return TODAY - timedelta(days=count)


@pytest.mark.parametrize(
    ("facts", "outcome", "row"),
    [
        ({"category": "general", "condition": "unopened", "arrived": ago(30)}, "yes", "in_time"),
        ({"category": "general", "condition": "unopened", "arrived": ago(31)}, "no", "late"),
        ({"category": "general", "condition": "used"}, "partly", "was_used"),
        ({"category": "custom"}, "needs_agent", "custom"),
        ({"category": "hygiene", "condition": "opened", "arrived": ago(5)}, "other", "bedding"),
        ({"category": "hygiene", "condition": "opened", "arrived": ago(50)}, "other", "bedding_late"),
        ({"category": "hygiene", "condition": "opened"}, "other", None),
        ({"category": "general", "condition": "opened", "arrived": ago(-3)}, "yes", "in_time"),
    ],
)
def test_that_a_case_is_settled(facts: dict[str, Value], outcome: str, row: str | None) -> None:
    decision = decide(KB, "p.d", known(**facts), TODAY)
    assert (decision.outcome, decision.rule, decision.missing) == (outcome, row, ())
    assert decision.receipt is not None


def test_that_the_window_is_the_one_of_the_day_it_arrived() -> None:
    facts = known(category="general", condition="opened", arrived=date(2025, 10, 11))
    decision = decide(KB, "p.d", facts, date(2025, 10, 31))
    assert decision.outcome == "no"
    assert [(used.value, used.start) for used in decision.trace.parameters] == [(days(14), date(2023, 1, 1))]


def test_that_both_exceptions_cite_the_health_rule_when_the_date_is_missing() -> None:
    decision = decide(KB, "p.d", known(category="hygiene", condition="opened"), TODAY)
    assert decision.citations == (Citation("p", "2.1"),)


def test_that_an_open_case_asks_and_names_what_is_missing() -> None:
    decision = decide(KB, "p.d", known(category="general"), TODAY)
    assert decision.outcome is None
    assert decision.receipt is None
    assert decision.missing == ("arrived", "condition")
    assert decision.asks == "condition"


def test_that_a_fact_of_another_table_changes_nothing() -> None:
    facts: dict[str, Value] = {"category": "general", "condition": "unopened", "arrived": ago(3)}
    assert decide(KB, "p.d", known(**facts), TODAY) == decide(KB, "p.d", known(**facts, shoe=Decimal(42)), TODAY)


@pytest.mark.parametrize(("low", "high", "outcome"), [(28, 20, "yes"), (40, 35, "no"), (33, 27, None), (31, 30, None)])
def test_that_about_a_month_is_asked_for_only_near_the_limit(low: int, high: int, outcome: str | None) -> None:
    facts = known(category="general", condition="unopened", arrived=Between(ago(low), ago(high)))
    decision = decide(KB, "p.d", facts, TODAY)
    assert decision.outcome == outcome
    assert decision.asks == (None if outcome else "arrived")


def test_that_a_date_before_the_first_value_goes_to_a_person_and_says_why() -> None:
    facts = known(category="general", condition="unopened", arrived=date(2022, 5, 1))
    with pytest.raises(
        DecideError, match="window has no value on 2022-05-01: its first value is from 2023-01-01"
    ) as it:
        decide(KB, "p.d", facts, TODAY)
    assert it.value.code == "no_value_at_date"
    assert it.value.data == {"parameter": "window", "date": "2022-05-01", "first": "2023-01-01"}


def test_that_a_date_before_the_first_value_does_not_matter_when_no_limit_does() -> None:
    facts = known(category="hygiene", condition="opened", arrived=date(2022, 5, 1))
    assert decide(KB, "p.d", facts, TODAY).outcome == "other"
    assert decide(KB, "p.d", known(category="custom", arrived=date(2022, 5, 1)), TODAY).outcome == "needs_agent"


def test_that_a_rough_date_before_the_first_value_goes_to_a_person_too() -> None:
    facts = known(category="general", condition="unopened", arrived=Between(date(2022, 5, 1), date(2022, 6, 1)))
    with pytest.raises(DecideError, match="window has no value"):
        decide(KB, "p.d", facts, TODAY)


def test_that_an_expected_value_is_never_guessed() -> None:
    window = parameter("limit", (date(2023, 1, 1), days(14)), (date(2026, 12, 1), None))
    row = rule("in", "yes", Test("arrived", "within", ParameterRef("limit")))
    other = rule("out", "no", Test("arrived", "beyond", ParameterRef("limit")))
    kb = kb_of((fact("arrived", "date", future=True),), (row, other), (window,), counts_from="arrived")
    assert decide(kb, "p.d", known(arrived=date(2026, 11, 30)), TODAY).outcome == "yes"
    with pytest.raises(DecideError, match="a change from 2026-12-01 is expected but not known"):
        decide(kb, "p.d", known(arrived=date(2026, 12, 1)), TODAY)


def test_that_today_picks_the_value_when_the_table_counts_from_nothing() -> None:
    limit = parameter("limit", (date(2023, 1, 1), Decimal(10)), (date(2026, 11, 1), Decimal(20)))
    rows = (
        rule("small", "yes", Test("price", "at_most", ParameterRef("limit"))),
        rule("big", "no", Test("price", "more_than", ParameterRef("limit"))),
    )
    kb = kb_of((fact("price", "money"),), rows, (limit,))
    assert decide(kb, "p.d", known(price=Decimal(15)), TODAY).outcome == "yes"
    assert decide(kb, "p.d", known(price=Decimal(15)), date(2026, 10, 31)).outcome == "no"
    with pytest.raises(DecideError, match="limit has no value on 2022-01-01"):
        decide(kb, "p.d", {}, date(2022, 1, 1))


def test_that_overlapping_rows_are_never_picked_from() -> None:
    rows = (rule("a", "yes", Test("gift", "is", True)), rule("b", "yes", Test("late", "is", True)))
    kb = kb_of((fact("gift", "yes_no"), fact("late", "yes_no")), rows)
    with pytest.raises(DecideError, match="the rows a and b all fit") as it:
        decide(kb, "p.d", known(gift=True, late=True), TODAY)
    assert it.value.code == "rules_overlap"
    with pytest.raises(DecideError, match="no row fits"):
        decide(kb, "p.d", known(gift=False, late=False), TODAY)


def test_that_the_first_row_wins_where_the_table_says_so() -> None:
    rows = (rule("a", "yes", Test("gift", "is", True)), rule("b", "no"))
    kb = kb_of((fact("gift", "yes_no"),), rows, hit="first")
    assert decide(kb, "p.d", known(gift=True), TODAY).rule == "a"
    assert decide(kb, "p.d", known(gift=False), TODAY).rule == "b"


def test_that_exceptions_to_exceptions_stand_in_turn() -> None:
    rows = (
        rule("base", "no"),
        rule("gift", "yes", Test("gift", "is", True), overrides="base"),
        rule("gift_late", "partly", Test("late", "is", True), overrides="gift"),
    )
    kb = kb_of((fact("gift", "yes_no"), fact("late", "yes_no")), rows)
    cases = {(False, False): "no", (False, True): "no", (True, False): "yes", (True, True): "partly"}
    for (gift, late), outcome in cases.items():
        assert decide(kb, "p.d", known(gift=gift, late=late), TODAY).outcome == outcome
    found = decide(kb, "p.d", known(gift=True, late=True), TODAY)
    assert [row.overridden_by for row in found.trace.rows] == ["gift", "gift_late", None]
    assert decide(kb, "p.d", known(gift=False), TODAY).missing == ()


def test_that_the_nearest_yes_is_the_smallest_change_the_customer_can_make() -> None:
    rows = (
        rule("full", "yes", Test("spent", "at_least", Decimal(50)), Test("receipt", "is", True)),
        rule("little", "no", Test("spent", "less_than", Decimal(50))),
        rule("bare", "partly", Test("spent", "at_least", Decimal(50)), Test("receipt", "is", False)),
    )
    facts = (fact("spent", "money", changeable=True), fact("receipt", "yes_no", changeable=True))
    kb = kb_of(facts, rows)
    nearest = decide(kb, "p.d", known(spent=Decimal(45), receipt=False), TODAY).nearest_yes
    assert nearest is not None
    assert nearest.changes == {"spent": Decimal(50), "receipt": True}
    assert (nearest.outcome, nearest.rule) == ("yes", "full")
    nearest = decide(kb, "p.d", known(spent=Decimal(45), receipt=True), TODAY).nearest_yes
    assert nearest is not None
    assert nearest.changes == {"spent": Decimal(50)}
    fixed = kb_of((fact("spent", "money"), fact("receipt", "yes_no", changeable=True)), rows)
    assert decide(fixed, "p.d", known(spent=Decimal(45), receipt=True), TODAY).nearest_yes is None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"condition": "eaten"}, "not a value of condition, which is a choice: one of unopened, opened, used"),
        ({"arrived": Decimal(3)}, "not a value of arrived"),
        ({"arrived": Decimal("NaN")}, "not a value of arrived"),
        ({"condition": True}, "not a value of condition"),
    ],
)
def test_that_a_value_of_the_wrong_kind_is_refused(facts: dict[str, Value], words: str) -> None:
    with pytest.raises(DecideError, match=words):
        decide(KB, "p.d", known(**facts), TODAY)


@pytest.mark.parametrize(
    ("path", "words"),
    [("p.x", "no decision 'p.x'; did you mean 'p.d'"), ("q.d", "no policy 'q'"), ("", "no policy ''")],
)
def test_that_an_unknown_decision_is_named(path: str, words: str) -> None:
    with pytest.raises(DecideError, match=words):
        decide(KB, path, {}, TODAY)


@pytest.mark.parametrize("day", [date.min, date.max, date(9999, 12, 30)])
def test_that_the_ends_of_the_calendar_do_not_break_it(day: date) -> None:
    facts = known(category="general", condition="unopened", arrived=day)
    if day == date.min:
        with pytest.raises(DecideError):
            decide(KB, "p.d", facts, TODAY)
    else:
        assert decide(KB, "p.d", facts, TODAY).outcome == "yes"


def test_that_months_go_by_the_calendar() -> None:
    rows = (
        rule("in", "yes", Test("bought", "within", Duration(6, "month"))),
        rule("out", "no", Test("bought", "beyond", Duration(6, "month"))),
    )
    kb = kb_of((fact("bought", "date"),), rows)
    assert decide(kb, "p.d", known(bought=date(2026, 5, 21)), TODAY).outcome == "yes"
    assert decide(kb, "p.d", known(bought=date(2026, 5, 20)), TODAY).outcome == "no"
    assert decide(kb, "p.d", known(bought=date(2025, 8, 31)), date(2026, 2, 28)).outcome == "yes"
    assert proofs(kb, "p.d").gaps == ()


def test_that_the_receipt_changes_with_the_facts_and_not_with_their_order() -> None:
    facts: dict[str, Value] = {"category": "general", "condition": "unopened", "arrived": ago(3)}
    one = decide(KB, "p.d", known(**facts), TODAY).receipt
    other = decide(KB, "p.d", known(**dict(reversed(facts.items()))), TODAY).receipt
    later = decide(KB, "p.d", known(**{**facts, "arrived": ago(4)}), TODAY).receipt
    assert one == other
    assert one is not None
    assert later is not None
    assert one.id != later.id
    assert one.facts == {"arrived": "2026-11-18", "category": "general", "condition": "unopened"}
