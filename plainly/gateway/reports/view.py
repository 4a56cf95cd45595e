"""Puts a figure together for the page: its headline, its plot, and its table, where every number is a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from plainly.gateway.reports.words import label, link, number, percent, say, step_label
from plainly.outcomes.figures import FIGURES, Amount, Amounts, Cases, Figure, Share, Shares, amounts, between, shares
from plainly.outcomes.periods import Period
from plainly.outcomes.plots import Plot, every, lines, stacked

_MOST_LABELS = 8
_COLOURS = 8


@dataclass(frozen=True)
class Cell:
    """One number, and where its conversations are; no link where there is nothing to show."""

    text: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    label: str
    cells: tuple[Cell, ...]
    is_total: bool = False


@dataclass(frozen=True)
class Key:
    """One entry of the legend: `colour` picks the class that draws it."""

    label: str
    colour: int


@dataclass(frozen=True)
class Shown:
    """A figure as the page shows it."""

    key: str
    title: str
    means: str
    headline: Cell
    under: str
    plot: Plot
    legend: tuple[Key, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    marks: tuple[str, ...]
    tips: tuple[tuple[str, ...], ...]


def show_figures(cases: Cases, period: Period) -> list[Shown]:
    """All figures of a period."""
    steps = [_Step(first, last, period, cases) for first, last in period.steps()]
    return [
        _show_share(figure, cases, period, steps)
        if isinstance(figure, Share)
        else _show_amount(figure, cases, period, steps)
        for figure in FIGURES
    ]


class _Step:
    """One step of the period with its own cases."""

    def __init__(self, first: date, last: date, period: Period, cases: Cases) -> None:
        self.period = period.narrowed(first, last)
        self.cases = between(cases, self.period.start, self.period.end)
        self.label = step_label(first, last, period.step)


def _show_share(figure: Share, cases: Cases, period: Period, steps: Sequence[_Step]) -> Shown:
    total = shares(figure, cases)
    groups = [group for group in total.groups if group in figure.groups or total.groups[group]]
    found = [shares(figure, step.cases) for step in steps]
    counts = [[len(one.groups.get(group, ())) for group in groups] for one in found]
    names = tuple(label(figure.key, group) for group in groups)
    rows = [_share_row(figure, one, step.period, groups, step.label) for one, step in zip(found, steps, strict=True)]
    return Shown(
        key=figure.key,
        title=say(f"{figure.key}.title"),
        means=say(f"{figure.key}.means"),
        headline=_share_headline(figure, total, period),
        under=say(f"{figure.key}.headline") + ("" if figure.is_number else f": {total.part} / {total.whole}"),
        plot=stacked(counts),
        legend=tuple(Key(name, place % _COLOURS) for place, name in enumerate(names)),
        columns=(say("page.all"), *names),
        rows=(*rows, _share_row(figure, total, period, groups, "", is_total=True)),
        marks=_marks(steps),
        tips=tuple(
            tuple(f"{step.label}: {name}, {count}" for name, count in zip(names, column, strict=True))
            for step, column in zip(steps, counts, strict=True)
        ),
    )


def _share_headline(figure: Share, total: Shares, period: Period) -> Cell:
    if figure.is_number:
        return Cell(number(total.whole), link(figure.key, period) if total.whole else "")
    return Cell(percent(total.share), link(figure.key, period, "headline") if total.part else "")


def _share_row(
    figure: Figure, found: Shares, period: Period, groups: Sequence[str], name: str, *, is_total: bool = False
) -> Row:
    cells = [Cell(str(found.whole), link(figure.key, period) if found.whole else "")]
    for group in groups:
        count = len(found.groups.get(group, ()))
        note = percent(count / found.whole) if is_total and found.whole else ""
        cells.append(Cell(str(count), link(figure.key, period, group) if count else "", note))
    return Row(name, tuple(cells), is_total)


def _show_amount(figure: Amount, cases: Cases, period: Period, steps: Sequence[_Step]) -> Shown:
    total = amounts(figure, cases)
    found = [amounts(figure, step.cases) for step in steps]
    series, names = _series(figure, found)
    rows = [_amount_row(figure, one, step.period, step.label) for one, step in zip(found, steps, strict=True)]
    main = total.average if figure.unit == "points" else total.middle
    return Shown(
        key=figure.key,
        title=say(f"{figure.key}.title"),
        means=say(f"{figure.key}.means"),
        headline=Cell(number(main, figure.unit), link(figure.key, period) if total.cases else ""),
        under=f"{say('amount.average' if figure.unit == 'points' else 'amount.middle')}, {len(total.cases)}",
        plot=lines(series, figure.top),
        legend=tuple(Key(name, place) for place, name in enumerate(names)),
        columns=tuple(say(f"amount.{name}") for name in ("count", "middle", "average", "high")),
        rows=(*rows, _amount_row(figure, total, period, "", is_total=True)),
        marks=_marks(steps),
        tips=tuple(
            tuple(f"{step.label}: {name}, {number(value, figure.unit)}" for step, value in zip(steps, one, strict=True))
            for name, one in zip(names, series, strict=True)
        ),
    )


def _series(figure: Amount, found: Sequence[Amounts]) -> tuple[list[list[float | None]], tuple[str, ...]]:
    if figure.unit == "points":
        return [[one.average for one in found]], (say("amount.average"),)
    middle, high = [one.middle for one in found], [one.high for one in found]
    return [middle, high], (say("amount.middle"), say("amount.high"))


def _amount_row(figure: Amount, found: Amounts, period: Period, name: str, *, is_total: bool = False) -> Row:
    href = link(figure.key, period) if found.cases else ""
    values = (found.middle, found.average, found.high)
    cells = [Cell(str(len(found.cases)), href), *(Cell(number(value, figure.unit), href) for value in values)]
    return Row(name, tuple(cells), is_total)


def _marks(steps: Sequence[_Step]) -> tuple[str, ...]:
    """What stands under the columns: so many that they stay apart."""
    gap = every(len(steps), _MOST_LABELS)
    return tuple(step.label if place % gap == 0 else "" for place, step in enumerate(steps))
