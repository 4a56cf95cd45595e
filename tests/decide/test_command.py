"""`plainly decide`: the contract's JSON, from facts as people type them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from encoder import SentenceEncoder
from plainly.errors import PlainlyError
from plainly.kb import load
from plainly.retrieve import Index
from plainly.suggest.deciding import decided
from plainly.turn import Engine

NOW = datetime(2026, 11, 21, 12, tzinfo=ZoneInfo("Europe/London"))


@cache
def engine() -> Engine:
    whole = load(Path(__file__).parents[2] / "policies_kb").kb
    assert whole is not None
    kb = replace(whole, policies={"returns": whole.policies["returns"]})
    encoder = SentenceEncoder()
    return Engine(kb, Index.build(kb, encoder), encoder)


def decide(**facts: Any) -> dict[str, Any]:
    return decided(engine(), "returns.can_return", facts, NOW)


def test_that_a_settled_case_tells_its_rows_facts_and_dated_values() -> None:
    result = decide(delivered_on="2026-10-12", condition="unopened", category="general")
    assert (result["status"], result["outcome"], result["verdict"]) == ("decided_no", "too_late", "no")
    assert result["because"] == [
        {
            "row": "late",
            "clauses": ["2.1"],
            "facts": {"category": "general", "condition": "unopened", "delivered_on": "2026-10-12"},
            "values": [{"parameter": "return_window", "value": "30 days", "since": "2025-11-01", "clause": "2.1"}],
        }
    ]
    assert {"policy": "returns", "clause": "2.1"} in result["citations"]
    assert result["receipt"]["facts"]["delivered_on"] == "2026-10-12"
    assert "30 days" in result["text"]


def test_that_an_open_case_asks() -> None:
    result = decide(category="general", delivered_on="2026-11-01")
    assert (result["status"], result["outcome"], result["asks"]) == ("asked_fact", None, "condition")
    assert result["missing"] == ["condition"]
    assert result["receipt"] is None


def test_that_a_range_and_a_typed_value_are_read() -> None:
    assert (
        decide(delivered_on="2026-11-01..2026-11-10", condition="opened", category="general")["outcome"] == "accepted"
    )
    assert decide(delivered_on={"date": "2026-11-01"}, condition="opened", category="general")["outcome"] == "accepted"


def test_that_a_case_the_rules_leave_to_a_person_needs_one() -> None:
    result = decide(condition="unopened", category="made_to_order")
    assert (result["status"], result["outcome"], result["verdict"]) == ("needs_agent", "needs_agent", "agent")


def test_that_a_date_without_a_value_needs_a_person_with_the_reason() -> None:
    result = decide(delivered_on="1990-01-01", condition="opened", category="general")
    assert result["status"] == "needs_agent"
    assert result["because"][0]["code"] == "no_value_at_date"
    assert result["because"][0]["parameter"] == "return_window"


@pytest.mark.parametrize(
    ("path", "facts", "words"),
    [
        ("returns.can_retur", {}, "did you mean 'returns.can_return'"),
        ("nothing.at_all", {}, "no policy 'nothing'"),
        ("returns.can_return", {"conditon": "opened"}, 'Did you mean "condition"'),
        ("returns.can_return", {"condition": "opend"}, 'Did you mean "opened"'),
        ("returns.can_return", {"delivered_on": "soon"}, "delivered_on"),
        ("returns.can_return", {"delivered_on": ["2026-11-01"]}, "delivered_on"),
        ("returns.can_return", {"delivered_on": {"date": "tomorrow"}}, ""),
        ("returns.can_return", {"delivered_on": {"number": "3"}}, "not a value of delivered_on"),
    ],
)
def test_that_what_is_not_known_is_named(path: str, facts: dict[str, Any], words: str) -> None:
    with pytest.raises(PlainlyError) as it:
        decided(engine(), path, facts, NOW)
    assert words in it.value.message
