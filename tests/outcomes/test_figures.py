"""Figures sort every case into one group, so that no share passes 100 % and each number knows its conversations."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainly.errors import PlainlyError
from plainly.outcomes.figures import (
    BY_KEY,
    FIGURES,
    NONE,
    Amount,
    Cases,
    Ended,
    Granted,
    Reply,
    Share,
    Suggested,
    amounts,
    between,
    how_it_ended,
    how_the_promise_went,
    nine_of_ten,
    shares,
)
from plainly.outcomes.periods import STEPS, Period, read_period
from plainly.outcomes.plots import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, every, lines, stacked
from plainly.wording.phrases import phrases

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")

moments = st.datetimes(min_value=NOW.replace(day=1, tzinfo=None), max_value=NOW.replace(day=30, tzinfo=None)).map(
    lambda at: at.replace(tzinfo=UTC)
)
ended = st.builds(
    Ended,
    conversation=st.sampled_from(["a", "b", "c"]),
    seq=st.integers(1, 9),
    at=moments,
    number=st.integers(1, 3),
    outcome=st.sampled_from(["confirmed", "resolved", "silent", "abandoned"]),
    handled_by=st.sampled_from(["bot", "people", "both", None]),
    handoff_reason=st.sampled_from([None, "asked", "complaint", "something_new"]),
    waited=st.none() | st.floats(0, 1e5),
    person_answer=st.none() | st.floats(0, 1e5),
    reopened_at=st.none() | moments,
    asked=st.booleans(),
    score=st.none() | st.integers(1, 5),
    solved=st.none() | st.booleans(),
)
everything = st.builds(
    Cases,
    ended=st.lists(ended, max_size=20),
    replies=st.lists(st.builds(Reply, st.just("a"), st.just(1), moments, st.booleans()), max_size=5),
    suggested=st.lists(
        st.builds(Suggested, st.just("a"), st.just(1), moments, st.sampled_from(["sent", "edited", "left"])), max_size=5
    ),
    granted=st.lists(st.builds(Granted, st.just("a"), st.just(1), moments, by=st.sampled_from(["bot", "people"]))),
)


@given(everything)
def test_that_no_share_passes_the_whole_and_groups_add_up_to_it(cases: Cases) -> None:
    for figure in FIGURES:
        if isinstance(figure, Share):
            found = shares(figure, cases)
            sizes = [len(group) for group in found.groups.values()]
            assert sum(sizes) == found.whole == len(figure.of(cases))
            assert found.part <= found.whole
            assert found.share is None or 0 <= found.share <= 1
            assert sorted(case.conversation for group in found.groups.values() for case in group) == sorted(
                case.conversation for case in figure.of(cases)
            )


@given(everything)
def test_that_steps_add_up_to_the_period(cases: Cases) -> None:
    period = Period(date(2026, 11, 1), date(2026, 11, 30), "week", LONDON)
    parts = [period.narrowed(*step) for step in period.steps()]
    for figure in FIGURES:
        whole = figure.of(between(cases, period.start, period.end))
        assert sum(len(figure.of(between(cases, part.start, part.end))) for part in parts) == len(whole)


@given(everything)
def test_that_amounts_stay_between_their_ends(cases: Cases) -> None:
    for figure in FIGURES:
        if isinstance(figure, Amount):
            found = amounts(figure, cases)
            values = [figure.value(case) for case in found.cases]
            for told in (found.middle, found.average, found.high):
                assert (told is None) == (not values)
                assert told is None or min(values) - 1e-6 <= told <= max(values) + 1e-6


def case(**given: object) -> Ended:
    return Ended("c", 1, NOW, 1, **{"outcome": "confirmed", "handled_by": "bot", **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "group"),
    [
        ({}, "solved_bot"),
        ({"handled_by": "both"}, "solved_people"),
        ({"outcome": "resolved", "handled_by": "people"}, "solved_people"),
        ({"outcome": "silent"}, "silent"),
        ({"outcome": "abandoned"}, "abandoned"),
        ({"solved": False}, "not_solved"),
        ({"outcome": "resolved", "solved": False}, "not_solved"),
        ({"outcome": "silent", "solved": False}, "not_solved"),
        ({"solved": True}, "solved_bot"),
    ],
)
def test_that_the_customer_s_word_goes_first_and_silence_is_not_success(given: dict[str, object], group: str) -> None:
    assert how_it_ended(case(**given)) == group


def test_that_a_handoff_that_was_solved_counts_once_in_each_figure() -> None:
    both = Cases(ended=[case(handoff_reason="asked", handled_by="people")])
    resolution, handoff = (shares(figure, both) for figure in FIGURES[:2] if isinstance(figure, Share))
    assert (resolution.share, handoff.share) == (1, 1)
    assert {group: len(found) for group, found in resolution.groups.items() if found} == {"solved_people": 1}


def test_that_nothing_has_no_share() -> None:
    for figure in FIGURES:
        if isinstance(figure, Share):
            assert shares(figure, Cases()).share is None
        else:
            assert amounts(figure, Cases()).middle is None


@pytest.mark.parametrize(("count", "high"), [(1, 1), (2, 2), (10, 9), (11, 10), (100, 90)])
def test_that_nine_in_ten_do_not_pass_the_upper_end(count: int, high: int) -> None:
    assert nine_of_ten(list(range(1, count + 1))) == high


def test_that_every_figure_and_group_has_its_words() -> None:
    words = phrases("en")
    for figure in BY_KEY.values():
        assert words.has(f"reports.{figure.key}.title")
        assert words.has(f"reports.{figure.key}.means")
        for group in (*(figure.groups if isinstance(figure, Share) else ()),):
            assert words.has(f"reports.{figure.key}.{group}"), group
        if isinstance(figure, Share):
            assert words.has(f"reports.{figure.key}.headline")
    assert NONE == "none"


# --- days ------------------------------------------------------------------------------------


def read(first: str = "", last: str = "", step: str = "") -> Period:
    return read_period(first, last, step, today=date(2026, 11, 24), zone=LONDON)


@pytest.mark.parametrize(
    ("given", "first", "last", "step"),
    [
        ((), "2026-10-28", "2026-11-24", "day"),
        (("2026-11-01",), "2026-11-01", "2026-11-24", "day"),
        (("", "2026-11-10"), "2026-10-14", "2026-11-10", "day"),
        (("2026-09-01", "2026-11-24"), "2026-09-01", "2026-11-24", "week"),
        (("2025-11-24", "2026-11-24"), "2025-11-24", "2026-11-24", "month"),
        (("2026-11-01", "2026-11-24", "week"), "2026-11-01", "2026-11-24", "week"),
        (("2025-11-24", "2026-11-24", "day"), "2025-11-24", "2026-11-24", "month"),
        (("", "", "hour"), "2026-10-28", "2026-11-24", "day"),
    ],
)
def test_that_a_query_names_days(given: tuple[str, ...], first: str, last: str, step: str) -> None:
    period = read(*given)
    assert (period.first.isoformat(), period.last.isoformat(), period.step) == (first, last, step)


@pytest.mark.parametrize(
    "given",
    [("yesterday",), ("2026-02-30",), ("2026-11-24", "2026-11-23"), ("2020-01-01", "2026-01-01"), ("0001-01-01",),
     ("9999-12-31", "9999-12-31")],
)  # fmt: skip
def test_that_days_that_are_none_are_refused(given: tuple[str, ...]) -> None:
    with pytest.raises(PlainlyError) as caught:
        read(*given)
    assert caught.value.code == "wrong_period"


@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(0, 799), st.sampled_from(STEPS))
def test_that_steps_cover_each_day_once(first: date, days: int, step: str) -> None:
    last = first + timedelta(days=days)
    period = read(first.isoformat(), last.isoformat(), step)
    covered = [one + timedelta(days=n) for one, until in period.steps() for n in range((until - one).days + 1)]
    assert covered == [first + timedelta(days=n) for n in range(days + 1)]
    assert len(period.steps()) <= 64


def test_that_days_are_the_business_s_own() -> None:
    summer = Period(date(2026, 3, 29), date(2026, 3, 29), "day", LONDON)
    assert summer.end.astimezone(UTC) - summer.start.astimezone(UTC) == timedelta(hours=23)
    assert summer.start.astimezone(UTC).isoformat() == "2026-03-29T00:00:00+00:00"


# --- plots -----------------------------------------------------------------------------------


@given(st.lists(st.lists(st.integers(0, 500), min_size=3, max_size=3), max_size=64))
def test_that_bars_stand_upon_one_another_inside_the_plot(columns: list[list[int]]) -> None:
    plot = stacked(columns)
    assert len(plot.bars) == sum(1 for column in columns for count in column if count)
    assert 2 <= len(plot.ticks) <= 6
    assert all(tick.value == int(tick.value) for tick in plot.ticks)
    for bar in plot.bars:
        assert LEFT <= bar.x <= bar.x + bar.width <= WIDTH
        assert TOP - 0.1 <= bar.y <= bar.y + bar.height <= HEIGHT - BOTTOM + 0.1
    for number in range(len(columns)):
        pieces = [bar for bar in plot.bars if bar.column == number]
        for lower, upper in itertools.pairwise(pieces):
            assert upper.y + upper.height == pytest.approx(lower.y, abs=0.02)


@given(st.lists(st.none() | st.floats(0, 1e6), max_size=64), st.none() | st.just(5.0))
def test_that_lines_have_gaps_and_stay_inside(series: list[float | None], top: float | None) -> None:
    plot = lines([series], top)
    assert len(plot.lines[0]) == len(series)
    for point, value in zip(plot.lines[0], series, strict=True):
        assert (point is None) == (value is None)
        assert point is None or TOP - 0.1 <= point[1] <= HEIGHT - BOTTOM + 0.1


@pytest.mark.parametrize(("count", "gap"), [(1, 1), (8, 1), (9, 2), (28, 4), (62, 8)])
def test_that_labels_stay_apart(count: int, gap: int) -> None:
    assert every(count, 8) == gap


@pytest.mark.parametrize(
    ("answer", "promised", "group"),
    [(300.0, 300.0, "kept"), (301.0, 300.0, "missed"), (None, 300.0, NONE)],
)
def test_that_a_promise_is_kept_only_by_an_answer_in_time(answer: float | None, promised: float, group: str) -> None:
    case = Ended("c", 1, NOW, 1, "resolved", handoff_reason="asked", person_answer=answer, promised=promised)
    assert how_the_promise_went(case) == group
    figure = BY_KEY["promise"]
    assert isinstance(figure, Share)
    assert len(figure.of(Cases(ended=[case, Ended("d", 1, NOW, 1, "silent", promised=300.0)]))) == 1
