"""What goes over the wire comes back as it was."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainly.model import Between, Button, Case, Context, DeskState, Duration, Escalate, Grant, KnownFact, Record, Value
from plainly.turn.wire import (
    WireError,
    case_from_json,
    case_to_json,
    context_from_json,
    context_to_json,
    effect_from_json,
    effect_to_json,
    value_from_json,
    value_to_json,
)

numbers = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9)
durations = st.builds(Duration, st.integers(0, 10_000), st.sampled_from(["hour", "day", "week", "month", "year"]))
exact = st.one_of(numbers, st.dates(), durations, st.booleans(), st.text(max_size=30))
rough = st.one_of(st.builds(Between, numbers, numbers), st.builds(Between, st.dates(), st.dates()))
values = st.one_of(exact, rough)
names = st.text(alphabet="abcdefgh_", min_size=1, max_size=12)
facts = st.dictionaries(names, values, max_size=4).map(
    lambda found: {name: KnownFact(name, value, "customer", "said so", (0, 3)) for name, value in found.items()}
)
buttons = st.builds(
    Button, st.text(max_size=24), st.just("inform"), st.dictionaries(names, exact, max_size=2), st.text()
)
contexts = st.builds(
    Context,
    policy=st.none() | names,
    facts=facts,
    awaiting=st.sampled_from(["nothing", "fact", "consent", "choice", "contact", "offer"]),
    choices=st.lists(buttons, max_size=3).map(tuple),
    pushbacks=st.integers(0, 9),
    said=st.lists(st.text(max_size=9), max_size=4).map(tuple),
    question=st.text(max_size=50),
)


def through(data: object) -> object:
    """What JSON makes of it."""
    return json.loads(json.dumps(data))


@given(values)
def test_that_a_value_keeps_its_type(value: Value) -> None:
    back = value_from_json(through(value_to_json(value)))
    assert back == value
    assert type(back) is type(value)


@given(contexts)
def test_that_a_context_comes_back_as_it_was(context: Context) -> None:
    assert context_from_json(through(context_to_json(context))) == context  # type: ignore[arg-type]


@given(contexts, facts, st.booleans())
def test_that_a_case_comes_back_as_it_was(context: Context, known: dict[str, KnownFact], is_open: bool) -> None:
    now = datetime.fromisoformat("2026-11-21T10:00:00+00:00")
    case = Case(
        "hello", "greet", now, context, known, "policy:x", 0.5, DeskState(is_open, now, 2, 4), {"a.b": 1}, "agent"
    )
    back = case_from_json(through(case_to_json(case)), text="hello", act="greet", confidence=0.5)  # type: ignore[arg-type]
    assert back == case


@pytest.mark.parametrize(
    "effect",
    [
        Escalate("asked", {"wants": "a person"}),
        Grant("returns", "goodwill_days", "3 days", "too late"),
        Record("gap", {"question": "?"}),
    ],
)
def test_that_an_effect_comes_back_as_it_was(effect: Escalate | Grant | Record) -> None:
    assert effect_from_json(through(effect_to_json(effect))) == effect  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data",
    [
        None,
        3,
        [],
        {},
        {"number": "many"},
        {"date": "soon"},
        {"unit": "parsec", "amount": 1},
        {"unit": "day"},
        {"date": None},
    ],
)
def test_that_a_value_which_cannot_be_read_is_refused(data: object) -> None:
    with pytest.raises(WireError, match="is not a fact's value"):
        value_from_json(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"now": "later"},
        {"now": 3},
        {"now": "2026-11-21", "context": []},
        {"now": "2026-11-21", "context": {"awaiting": "tea"}},
    ],
)
def test_that_a_case_which_cannot_be_read_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(WireError):
        case_from_json(data, text="", act="greet")


def test_that_money_keeps_its_pence() -> None:
    assert value_from_json(value_to_json(Decimal("45.50"))) == Decimal("45.50")
    assert value_from_json({"date": "2026-10-12"}) == date(2026, 10, 12)
