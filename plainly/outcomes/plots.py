"""The geometry of plots: where each bar and point goes. What draws them knows no figures, only places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640.0, 200.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 8.0, 10.0, 26.0
_GAP = 0.25
_NICE = (1, 2, 2.5, 5, 10)
_NICE_WHOLE = (1, 2, 5, 10)


@dataclass(frozen=True)
class Bar:
    """One piece of a bar, in the plot's own units. `place` is which group it stands for, from 0."""

    x: float
    y: float
    width: float
    height: float
    place: int
    column: int


@dataclass(frozen=True)
class Tick:
    """A line across with its value."""

    y: float
    value: float


@dataclass(frozen=True)
class Plot:
    """What to draw: pieces of bars, lines as points, ticks, and where the columns' labels go."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[tuple[float, float] | None, ...], ...]
    ticks: tuple[Tick, ...]
    columns: tuple[float, ...]


def stacked(columns: Sequence[Sequence[int]]) -> Plot:
    """A bar for each column, its groups upon one another."""
    ticks, top = _scale(max((sum(column) for column in columns), default=0), whole=True)
    bars = []
    for number, column in enumerate(columns):
        below = 0
        for place, count in enumerate(column):
            if count:
                y = _height_of(below + count, top)
                size = _height_of(below, top) - y
                bars.append(Bar(_x(number, len(columns)), y, _bar(len(columns)), size, place, number))
            below += count
    return Plot(tuple(bars), (), ticks, _middles(len(columns)))


def lines(series: Sequence[Sequence[float | None]], top: float | None = None) -> Plot:
    """A line for each series; None where there is no value, and the line has a gap."""
    known = [value for one in series for value in one if value is not None]
    ticks, highest = _scale(top or max(known, default=0), whole=False)
    count = max((len(one) for one in series), default=0)
    middles = _middles(count)
    placed = tuple(
        tuple(
            None if value is None else (middles[number], _height_of(value, highest)) for number, value in enumerate(one)
        )
        for one in series
    )
    return Plot((), placed, ticks, middles)


def every(count: int, most: int) -> int:
    """Label one column in this many, so that at most `most` have one."""
    return max(1, -(-count // most))


def _scale(highest: float, *, whole: bool) -> tuple[tuple[Tick, ...], float]:
    """At most five lines at round values, the top one at or above the highest value."""
    step = max(1.0, _nice(highest / 4, _NICE_WHOLE)) if whole else _nice(highest / 4, _NICE)
    count = max(1, -(-round(highest / step * 1e6) // 1_000_000))
    top = count * step
    return tuple(Tick(_height_of(number * step, top), number * step) for number in range(count + 1)), top


def _nice(least: float, among: Sequence[float]) -> float:
    """The smallest round number that is not below `least`."""
    step, power = max(least, 1e-9), 1.0
    while power * 10 <= step:
        power *= 10
    while power > step:
        power /= 10
    return next(power * nice for nice in among if power * nice >= step * (1 - 1e-9))


def _height_of(value: float, top: float) -> float:
    room = HEIGHT - TOP - BOTTOM
    return round(TOP + room * (1 - min(value / top, 1)), 2)


def _room(count: int) -> float:
    return (WIDTH - LEFT - RIGHT) / max(count, 1)


def _x(number: int, count: int) -> float:
    return round(LEFT + (number + _GAP / 2) * _room(count), 2)


def _bar(count: int) -> float:
    return round((1 - _GAP) * _room(count), 2)


def _middles(count: int) -> tuple[float, ...]:
    return tuple(round(LEFT + (number + 0.5) * _room(count), 2) for number in range(count))
