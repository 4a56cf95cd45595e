"""How soon somebody was promised an answer, and what is said of a wait that goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainly.desk import wait_left
from plainly.desk.promise import promise, promised_minutes
from plainly.model import OpeningHours

HOURS = OpeningHours(dict.fromkeys(range(5), ("09:00", "17:00")), "Europe/London")
MONDAY = datetime(2026, 11, 23, 16, 50, tzinfo=ZoneInfo("Europe/London"))
PROMISED = {"first": 20, "next": 10, "safety": 5}


@pytest.mark.parametrize(
    ("reason", "answered", "minutes"),
    [("asked", False, 20), ("safety", False, 5), ("safety", True, 10), (None, False, 20), ("asked", True, 10)],
)
def test_that_the_promise_goes_by_the_reason_until_the_first_answer(
    reason: str | None, answered: bool, minutes: int
) -> None:
    assert promised_minutes(PROMISED, reason, answered=answered) == minutes


@pytest.mark.parametrize("answered", [True, False])
def test_that_a_business_that_promises_nothing_is_never_late(answered: bool) -> None:
    assert promised_minutes({}, "asked", answered=answered) is None
    stands = promise(None, HOURS, MONDAY, MONDAY + timedelta(days=3))
    assert (stands.due_at, stands.late) == (None, "no")


@pytest.mark.parametrize(
    ("passed", "late"),
    [
        (timedelta(), "no"),
        (timedelta(minutes=10), "no"),
        (timedelta(hours=14), "no"),  # the night does not count
        (timedelta(hours=16, minutes=15), "soon"),
        (timedelta(hours=16, minutes=20), "soon"),
        (timedelta(hours=16, minutes=21), "late"),
    ],
)
def test_that_a_promise_is_soon_and_then_late_by_the_clock_of_the_business(passed: timedelta, late: str) -> None:
    stands = promise(20, HOURS, MONDAY, MONDAY + passed)
    assert stands.late == late
    assert stands.due_at == datetime(2026, 11, 24, 9, 10, tzinfo=ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("waits", "waited", "left"),
    [([], 0, None), ([4.0], 0, 4), ([4.0], 3.5, 1), ([4.0], 4.0, None), ([2, 10, 30], 5, 15), ([2, 2, 2], 1, 1)],
)
def test_that_the_wait_left_comes_from_those_who_waited_longer(
    waits: list[float], waited: float, left: int | None
) -> None:
    assert wait_left(waits, waited) == left


@given(st.lists(st.floats(0, 500), max_size=20), st.floats(0, 500))
def test_that_a_wait_is_told_only_when_somebody_waited_longer(waits: list[float], waited: float) -> None:
    left = wait_left(waits, waited)
    assert (left is None) == (not any(wait > waited for wait in waits))
    assert left is None or 1 <= left <= 501
