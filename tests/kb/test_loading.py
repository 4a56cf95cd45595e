"""What a valid folder becomes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plainly.kb import load
from plainly.model import (
    AllOf,
    Clause,
    Duration,
    KnowledgeBase,
    ParameterRef,
    Place,
    Policy,
    Test,
    Variant,
)
from tests.kb.folders import BASE, copy_of_base


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    loaded = load(BASE)
    assert loaded.kb is not None
    return loaded.kb


@pytest.fixture(scope="module")
def lending(kb: KnowledgeBase) -> Policy:
    return kb.policies["lending"]


def test_that_clauses_carry_their_number_section_and_line(lending: Policy) -> None:
    assert list(lending.clauses) == ["1.1", "1.2", "2", "3.1", "3.2"]
    words = "You can keep a thing for 28 days. Until the end of 2025 it was 21 days."
    assert lending.clauses["1.1"] == Clause("lending", "1.1", "How long", words, "Time")
    assert lending.clauses["1.1"].place == Place("lending/policy.md", 46)


def test_that_parameters_are_dated_and_typed(lending: Policy) -> None:
    values = lending.parameters["loan_time"].values
    assert [(value.start, value.value) for value in values] == [
        (date(2024, 1, 1), Duration(21, "day")),
        (date(2026, 1, 1), Duration(28, "day")),
        (date(2028, 1, 1), None),
    ]
    assert values[2].expected
    assert lending.parameters["fine_limit"].values[0].value == Decimal(5)


def test_that_rules_become_condition_trees(lending: Policy) -> None:
    late = lending.decisions["can_renew"].rules[2]
    assert late.when == AllOf(
        (
            Test("kind", "in", ("book", "film")),
            Test("awaited", "is", operand=False),
            Test("borrowed_on", "beyond", ParameterRef("loan_time")),
        )
    )
    assert late.clauses == ("1.1",)
    assert lending.decisions["can_renew"].rules[5].overrides == "in_time"


def test_that_a_yes_no_fact_has_two_read_backs(kb: KnowledgeBase) -> None:
    fact = kb.facts["awaited"]
    assert (fact.say_yes, fact.say_no, fact.policy) == ("somebody waits for it", "nobody waits for it", "lending")


def test_that_a_choice_without_label_is_named_after_its_value(kb: KnowledgeBase) -> None:
    assert [option.label for option in kb.facts["kind"].options] == ["A book", "Film", "Map"]


def test_that_wording_parts_keep_their_variants(lending: Policy) -> None:
    rule = lending.wordings["can_renew.too_late"].parts["rule"]
    assert rule[1] == Variant("You can keep a film for {loan_time}.", "kind", "film")
    assert rule[0].fact is None
    assert lending.wordings["can_renew.owes"].grade_note == "The words are short."


def test_that_examples_hold_exact_values(lending: Policy) -> None:
    example = lending.examples[1]
    assert example.given == {
        "borrowed_on": date(2026, 11, 14),
        "kind": "film",
        "awaited": False,
        "owed": Decimal("1.50"),
    }
    assert example.expect == {"can_renew": "one_week"}


def test_that_a_folder_has_three_levels(kb: KnowledgeBase) -> None:
    assert kb.policies["lending"].level == "decided"
    assert kb.policies["rooms"].level == "quoted"


def test_that_the_website_s_pages_come_along() -> None:
    assert load(BASE).pages == ("/", "/help/renewing", "/help/e-books", "/help/reminders.pdf")


def test_that_a_version_changes_with_the_policy_s_own_words_only(tmp_path: Path) -> None:
    folder = copy_of_base(tmp_path)
    before = load(folder).kb
    path = folder / "rooms" / "policy.md"
    path.write_text(path.read_text(encoding="utf-8").replace("quiet", "silent"), encoding="utf-8")
    after = load(folder).kb
    assert before
    assert after
    assert before.version != after.version
    assert before.policies["rooms"].version != after.policies["rooms"].version
    assert before.policies["lending"].version == after.policies["lending"].version


def test_that_a_version_changes_with_a_shared_fact_the_rules_use(tmp_path: Path) -> None:
    folder = copy_of_base(tmp_path)
    before = load(folder).kb
    path = folder / "facts.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("[atlas]", "[atlas, chart]"), encoding="utf-8")
    after = load(folder).kb
    assert before
    assert after
    assert before.policies["lending"].version != after.policies["lending"].version
    assert before.policies["rooms"].version == after.policies["rooms"].version


def test_that_the_order_of_lines_in_a_folder_does_not_depend_on_the_machine(tmp_path: Path) -> None:
    first, second = load(BASE).kb, load(copy_of_base(tmp_path)).kb
    assert first == second


def test_that_hidden_files_and_notes_for_people_are_left_alone(tmp_path: Path) -> None:
    folder = copy_of_base(tmp_path)
    for name in (
        ".draft.yml",
        "README.md",
        "TODO.md",
        "lending/TODO.md",
        "lending/.policy.md.swp",
        "lending/rules.yml~",
    ):
        (folder / name).write_text("anything\n", encoding="utf-8")
    assert load(folder).problems == ()


@pytest.mark.parametrize(
    ("written", "amount", "unit"),
    [("7 days", Duration(7, "day"), ""), ("10 GBP", Decimal(10), ""), ("3 renewals", Decimal(3), "renewals")],
)
def test_that_a_lever_may_be_time_money_or_a_count_of_what_facts_count(
    tmp_path: Path, written: str, amount: Decimal | Duration, unit: str
) -> None:
    folder = copy_of_base(tmp_path)
    policy = folder / "lending" / "policy.md"
    policy.write_text(policy.read_text("utf-8").replace("amount: 7 days", f"amount: {written}"), "utf-8")
    facts = folder / "facts.yml"
    counted = "renewals: {type: number, unit: renewals, ask: How many renewals?, why: We count them., say: '{value}'}\n"
    facts.write_text(facts.read_text("utf-8") + counted, "utf-8")
    loaded = load(folder)
    assert loaded.kb is not None, loaded.problems
    lever = loaded.kb.policies["lending"].levers["extra_week"]
    assert (lever.amount, lever.unit) == (amount, unit)
