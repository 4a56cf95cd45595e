"""Opening hours, over weekends, holidays and clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plainly.desk import after_open_minutes, is_open, next_opening, open_minutes
from plainly.model import OpeningHours

LONDON = ZoneInfo("Europe/London")
WEEKDAYS = dict.fromkeys(range(5), ("09:00", "17:30")) | {5: ("10:00", "16:00")}
SHOP = OpeningHours(WEEKDAYS, "Europe/London", {date(2026, 12, 25): "Christmas Day", date(2026, 12, 26): "Boxing Day"})


def at(text: str, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-11-23T08:59:59", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T17:29:59", True),
        ("2026-11-23T17:30", False),
        ("2026-11-28T10:00", True),
        ("2026-11-29T12:00", False),
        ("2026-12-25T12:00", False),
    ],
)
def test_that_people_are_there_from_opening_until_closing(moment: str, opened: bool) -> None:
    assert is_open(SHOP, at(moment)) is opened


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23T07:00", "2026-11-23T09:00"),
        ("2026-11-23T12:00", "2026-11-23T12:00"),
        ("2026-11-23T17:30", "2026-11-24T09:00"),
        ("2026-11-28T16:00", "2026-11-30T09:00"),
        ("2026-12-24T18:00", "2026-12-28T09:00"),
    ],
)
def test_that_the_next_opening_skips_nights_sundays_and_holidays(moment: str, opens: str) -> None:
    assert next_opening(SHOP, at(moment)) == at(opens)


def test_that_a_visitor_elsewhere_sees_the_business_time() -> None:
    assert is_open(SHOP, at("2026-11-23T18:30", ZoneInfo("Asia/Tokyo")))
    assert next_opening(SHOP, at("2026-11-22T23:00", ZoneInfo("America/New_York"))) == at("2026-11-23T09:00")


def test_that_a_business_without_hours_never_opens() -> None:
    assert next_opening(OpeningHours({}, "Europe/London"), at("2026-11-23T12:00")) is None


def test_that_a_day_may_end_at_midnight() -> None:
    late = OpeningHours({0: ("18:00", "24:00")}, "Europe/London")
    assert is_open(late, at("2026-11-23T23:59:59"))
    assert not is_open(late, at("2026-11-24T00:00"))


@pytest.mark.parametrize(
    ("day", "minutes"), [("2026-03-29", 23 * 60), ("2026-10-25", 25 * 60), ("2026-11-01", 24 * 60)]
)
def test_that_days_of_a_clock_change_are_shorter_or_longer(day: str, minutes: int) -> None:
    always = OpeningHours(dict.fromkeys(range(7), ("00:00", "24:00")), "Europe/London")
    start = at(f"{day}T00:00")
    end = datetime.combine(start.date() + timedelta(days=1), start.time(), LONDON)
    assert open_minutes(always, start, end) == minutes


times = st.builds(lambda hour, minute: f"{hour:02}:{minute:02}", st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
spans = st.tuples(times, times).map(sorted).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: (pair[0], pair[1]))
weeks = st.dictionaries(st.integers(0, 6), spans, min_size=1)
zones = st.sampled_from(
    ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo"]
)
hours_of_any_shop = st.builds(OpeningHours, weeks, zones)
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)
NIGHT = OpeningHours(dict.fromkeys(range(7), ("01:15", "01:45")), "Europe/London")


@given(hours_of_any_shop, moments)
@example(NIGHT, datetime(2026, 3, 28, 23, tzinfo=UTC))
@example(NIGHT, datetime(2026, 10, 24, 23, tzinfo=UTC))
def test_that_the_next_opening_is_the_first_open_moment(hours: OpeningHours, now: datetime) -> None:
    opens = next_opening(hours, now)
    assert opens is not None
    assert opens >= now
    assert is_open(hours, opens)
    assert (opens == now) == is_open(hours, now)
    assert open_minutes(hours, now, opens) == 0


@given(hours_of_any_shop, moments, st.integers(0, 20_000), st.integers(0, 20_000))
def test_that_opening_time_adds_up(hours: OpeningHours, start: datetime, first: int, second: int) -> None:
    middle = start + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    whole = open_minutes(hours, start, end)
    assert whole == pytest.approx(open_minutes(hours, start, middle) + open_minutes(hours, middle, end))
    assert 0 <= whole <= first + second


@pytest.mark.parametrize(
    ("start", "minutes", "then"),
    [
        ("2026-11-23T12:00", 15, "2026-11-23T12:15"),
        ("2026-11-23T17:20", 15, "2026-11-24T09:05"),
        ("2026-11-28T15:50", 15, "2026-11-30T09:05"),
        ("2026-12-24T17:25", 15, "2026-12-28T09:10"),
        ("2026-11-23T17:15", 15, "2026-11-23T17:30"),
        ("2026-11-23T07:00", 0, "2026-11-23T09:00"),
    ],
)
def test_that_minutes_of_a_promise_run_in_opening_time_only(start: str, minutes: int, then: str) -> None:
    assert after_open_minutes(SHOP, at(start), minutes) == at(then)


def test_that_a_promise_of_a_business_that_never_opens_has_no_end() -> None:
    assert after_open_minutes(OpeningHours({}, "Europe/London"), at("2026-11-23T12:00"), 5) is None


@given(hours_of_any_shop, moments, st.integers(1, 2_000))
def test_that_so_many_open_minutes_have_passed_at_the_end_of_a_promise(
    hours: OpeningHours, start: datetime, minutes: int
) -> None:
    end = after_open_minutes(hours, start, minutes)
    if end is None:  # a quarter of an hour on Mondays does not make 15 hours in 400 days
        assert open_minutes(hours, start, start + timedelta(days=399)) < minutes
        return
    assert open_minutes(hours, start, end) == pytest.approx(minutes)
    assert open_minutes(hours, start, end - timedelta(seconds=30)) < minutes
