"""What the figures mean. Each sorts the cases of a period into groups, every case into exactly one.

So the shares of a figure add up to the whole, none can pass 100 %, and each number knows the cases behind it.
Their words are in `plainly/wording/<language>/reports.yml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import mean, median
from typing import Any

NONE = "none"
"""The group of the cases that lack what a figure looks for."""


@dataclass(frozen=True)
class Case:
    """Something counted: a moment in a conversation. `seq` is the message it begins with."""

    conversation: str
    seq: int
    at: datetime


@dataclass(frozen=True)
class Ended(Case):
    """A matter that ended in the period, with what its customer said of it.

    `promised` is how soon a person's first answer should have come, in seconds of opening time as all waits are.
    """

    number: int
    outcome: str
    handled_by: str | None = None
    handoff_reason: str | None = None
    policy: str | None = None
    started_at: datetime | None = None
    ended_by: str | None = None
    waited: float | None = None
    first_answer: float | None = None
    person_answer: float | None = None
    first_answer_seq: int | None = None
    last_answer_seq: int | None = None
    reopened_at: datetime | None = None
    promised: float | None = None
    asked: bool = False
    score: int | None = None
    solved: bool | None = None
    words: str | None = None


@dataclass(frozen=True)
class Reply(Case):
    """A reply of staff; whether it went out although the engine says otherwise."""

    overridden: bool = False


@dataclass(frozen=True)
class Suggested(Case):
    """A customer's message staff saw drafts for, and what became of them: sent, edited, discarded or left."""

    used: str = "left"


@dataclass(frozen=True)
class Granted(Case):
    """A lever that was spent. `by` is bot or people."""

    policy: str = ""
    lever: str = ""
    amount: str = ""
    by: str = "bot"


@dataclass(frozen=True)
class Cases:
    """All that happened in a period."""

    ended: Sequence[Ended] = ()
    replies: Sequence[Reply] = ()
    suggested: Sequence[Suggested] = ()
    granted: Sequence[Granted] = ()


@dataclass(frozen=True)
class Share:
    """A figure that sorts its cases into `groups`; `counted` are those that make its headline.

    Where every group counts, the headline `is_number`: how many there were.
    """

    key: str
    of: Callable[[Cases], Sequence[Any]]
    sort: Callable[[Any], str]
    groups: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    is_number: bool = False


@dataclass(frozen=True)
class Amount:
    """A figure with a value for each of its cases: minutes or points, told by their middle and their upper end."""

    key: str
    of: Callable[[Cases], Sequence[Any]]
    value: Callable[[Any], float]
    unit: str
    top: float | None = None


Figure = Share | Amount


def how_it_ended(case: Ended) -> str:
    """The group of an ending. What the customer says of it goes before what we think."""
    if case.solved is False:
        return "not_solved"
    if case.outcome in ("silent", "abandoned"):
        return case.outcome
    return "solved_bot" if case.handled_by == "bot" else "solved_people"


def how_the_promise_went(case: Ended) -> str:
    """The group of a matter for which a person's answer was promised."""
    if case.person_answer is None or case.promised is None:
        return NONE
    return "kept" if case.person_answer <= case.promised else "missed"


FIGURES: tuple[Figure, ...] = (
    Share(
        "resolution",
        lambda cases: cases.ended,
        how_it_ended,
        ("solved_bot", "solved_people", "silent", "abandoned", "not_solved"),
        ("solved_bot", "solved_people"),
    ),
    Share("handoff", lambda cases: cases.ended, lambda case: case.handoff_reason or NONE),
    Amount(
        "wait",
        lambda cases: [one for one in cases.ended if one.waited is not None],
        lambda one: one.waited / 60,
        "minutes",
    ),
    Amount(
        "person_answer",
        lambda cases: [one for one in cases.ended if one.person_answer is not None],
        lambda one: one.person_answer / 60,
        "minutes",
    ),
    Share(
        "promise",
        lambda cases: [one for one in cases.ended if one.handoff_reason and one.promised is not None],
        how_the_promise_went,
        ("kept", "missed"),
        ("kept",),
    ),
    Amount("rating", lambda cases: [one for one in cases.ended if one.score], lambda one: one.score, "points", 5),
    Share(
        "rated",
        lambda cases: [one for one in cases.ended if one.asked],
        lambda case: f"score_{case.score}" if case.score else NONE,
        ("score_5", "score_4", "score_3", "score_2", "score_1"),
    ),
    Share(
        "suggestions",
        lambda cases: cases.suggested,
        lambda case: case.used,
        ("sent", "edited", "discarded", "left"),
        ("sent", "edited"),
    ),
    Share(
        "overrides",
        lambda cases: cases.replies,
        lambda case: "overridden" if case.overridden else NONE,
        ("overridden",),
    ),
    Share("grants", lambda cases: cases.granted, lambda case: case.by, ("bot", "people"), is_number=True),
    Share("reopened", lambda cases: cases.ended, lambda case: "reopened" if case.reopened_at else NONE, ("reopened",)),
)
BY_KEY: Mapping[str, Figure] = {figure.key: figure for figure in FIGURES}


@dataclass(frozen=True)
class Shares:
    """A figure of kind Share over some cases: the cases by group, in the order they are shown."""

    groups: Mapping[str, tuple[Case, ...]]
    counted: frozenset[str]
    whole: int = field(default=0)

    @property
    def part(self) -> int:
        """How many of the whole make the headline."""
        return sum(len(cases) for group, cases in self.groups.items() if group in self.counted)

    @property
    def share(self) -> float | None:
        """The headline as a part of the whole, 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Amounts:
    """A figure of kind Amount over some cases. `high` is what nine of ten do not pass."""

    cases: tuple[Case, ...]
    middle: float | None
    average: float | None
    high: float | None


def shares(figure: Share, cases: Cases) -> Shares:
    """The cases of a figure by group. Groups the figure does not name come after those it does, by their name."""
    found: dict[str, list[Case]] = {group: [] for group in figure.groups}
    for case in figure.of(cases):
        found.setdefault(figure.sort(case), []).append(case)
    ordered = [*figure.groups, *sorted(set(found) - {*figure.groups, NONE}), *([NONE] if NONE in found else [])]
    counted = figure.counted or tuple(group for group in ordered if group != NONE)
    return Shares(
        {group: tuple(found[group]) for group in ordered}, frozenset(counted), sum(len(one) for one in found.values())
    )


def amounts(figure: Amount, cases: Cases) -> Amounts:
    """The values of a figure, told by their middle, their average and their upper end."""
    counted = tuple(figure.of(cases))
    values = sorted(float(figure.value(case)) for case in counted)
    if not values:
        return Amounts((), None, None, None)
    return Amounts(counted, median(values), mean(values), nine_of_ten(values))


def nine_of_ten(values: Sequence[float]) -> float:
    """The smallest of the sorted values that at least nine in ten do not pass."""
    return values[max(0, -(-9 * len(values) // 10) - 1)]


def between(cases: Cases, start: datetime, end: datetime) -> Cases:
    """The cases from `start` until just before `end`."""
    return Cases(
        ended=_within(cases.ended, start, end),
        replies=_within(cases.replies, start, end),
        suggested=_within(cases.suggested, start, end),
        granted=_within(cases.granted, start, end),
    )


def _within[Kind: Case](cases: Iterable[Kind], start: datetime, end: datetime) -> tuple[Kind, ...]:
    return tuple(case for case in cases if start <= case.at < end)
