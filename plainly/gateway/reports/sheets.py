"""The reports as CSV: one sheet of figures, one of episodes. A cell never begins as a formula does."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from plainly.gateway.reports.words import say
from plainly.outcomes.figures import FIGURES, Cases, Ended, Share, amounts, between, shares
from plainly.outcomes.periods import Period

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIGURE_COLUMNS = ("figure", "title", "from", "to", "group", "count", "whole", "share", "middle", "average", "high")
EPISODE_COLUMNS = tuple(field.name for field in fields(Ended))


def figures_sheet(cases: Cases, period: Period) -> str:
    """A line for each step and group of each figure, and for the whole period."""
    return _sheet(FIGURE_COLUMNS, _figure_lines(cases, period))


def _figure_lines(cases: Cases, period: Period) -> Iterable[Sequence[Any]]:
    for first, last in [*period.steps(), (period.first, period.last)]:
        part = period.narrowed(first, last)
        within = between(cases, part.start, part.end)
        for figure in FIGURES:
            head = (figure.key, say(f"{figure.key}.title"), first, last)
            if isinstance(figure, Share):
                found = shares(figure, within)
                for group, counted in found.groups.items():
                    share = round(len(counted) / found.whole, 4) if found.whole else ""
                    yield (*head, group, len(counted), found.whole, share, "", "", "")
            else:
                value = amounts(figure, within)
                told = (_rounded(value.middle), _rounded(value.average), _rounded(value.high))
                yield (*head, "", len(value.cases), len(value.cases), "", *told)


def episodes_sheet(cases: Cases, period: Period) -> str:
    """A line for each matter that ended. Moments are in the business's time zone, waits in seconds of opening time."""
    return _sheet(
        EPISODE_COLUMNS, ([_moment(getattr(one, name), period) for name in EPISODE_COLUMNS] for one in cases.ended)
    )


def _moment(value: Any, period: Period) -> Any:
    return value.astimezone(period.zone).isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _rounded(value: float | None) -> Any:
    return "" if value is None else round(value, 2)


def _sheet(columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_safe(value) for value in line] for line in lines)
    return out.getvalue()


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
