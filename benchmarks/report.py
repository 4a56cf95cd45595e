"""What the benchmarks have in common: a section of the report, and the numbers in it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from plainly.run import ROOT

VAR = ROOT / "var" / "bench"
PUBLISHED = ROOT / "docs" / "figures.md"


@dataclass(frozen=True)
class Options:
    """What the command line asks for. `data` is the folder of open data, when there is one."""

    data: Path | None = None
    quick: bool = False


@dataclass
class Section:
    """One benchmark's part of the report, in Markdown. `details` are kept in var/bench, not published."""

    title: str
    lines: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    def add(self, *lines: str) -> Section:
        self.lines.extend(lines)
        return self

    def table(self, head: Sequence[str], rows: Sequence[Sequence[object]]) -> Section:
        self.lines += ["", _row(head), _row(["---"] * len(head)), *(_row(row) for row in rows), ""]
        return self

    @property
    def text(self) -> str:
        return "\n".join([f"## {self.title}", "", *self.lines]).rstrip() + "\n"


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return quantiles(values, n=20, method="inclusive")[18]


def ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


def spread(seconds: Sequence[float]) -> tuple[str, str]:
    """Median and 95th percentile in words."""
    return ms(median(seconds)), ms(p95(seconds))


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def machine() -> str:
    """What it ran on, as a class of machine."""
    load = os.getloadavg()[0]
    return f"{len(os.sched_getaffinity(0))} cores, load {load:.1f} at the end"
