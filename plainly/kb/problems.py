"""What is wrong in a policy folder: where, what, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import fuzz, process

from plainly.kb.codes import CODES
from plainly.model import Place

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `code` is for programs and never changes (docs/checking.md)."""

    place: Place
    code: str
    message: str
    fix: str
    source_line: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """The problem in one line, for a message."""
        return f"{self.place.path}:{self.place.line}: {self.message} {self.fix}"

    def render(self, folder: str = "") -> str:
        """The problem as a person reads it: file:line:column, the line with a caret, what to do."""
        where = "/".join(part for part in (folder.rstrip("/"), self.place.path) if part)
        lines = [f"{where}:{self.place.line}:{self.place.column}: {self.severity}: {self.message} [{self.code}]"]
        if self.source_line.strip():
            shown, caret = _window(self.source_line, self.place.column)
            lines += [f"    {shown}", f"    {' ' * caret}^"]
        return "\n".join([*lines, f"  {self.fix}"])


def _window(line: str, column: int, width: int = 110) -> tuple[str, int]:
    """The part of a long line around a column, and where the caret goes in it."""
    at = min(max(column - 1, 0), len(line))
    start = 0 if len(line) <= width else max(0, at - width // 2)
    clean = "".join(char if char.isprintable() else " " for char in line[start : start + width])
    return clean, at - start


@dataclass
class Problems:
    """Collects what is wrong while a folder is read, so that nobody has to fix one thing at a time."""

    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    found: list[Problem] = field(default_factory=list)

    def error(self, place: Place, code: str, message: str, fix: str) -> None:
        """Notes something that keeps the folder from being used."""
        self._add(place, code, message, fix, severity="error")

    def warning(self, place: Place, code: str, message: str, fix: str) -> None:
        """Notes something worth mending that does not make the folder wrong."""
        self._add(place, code, message, fix, severity="warning")

    def _add(self, place: Place, code: str, message: str, fix: str, *, severity: Severity) -> None:
        assert code in CODES, code
        problem = Problem(place, code, message, fix, self._line(place), severity)
        if problem not in self.found:
            self.found.append(problem)

    def _line(self, place: Place) -> str:
        lines = self.lines.get(place.path, ())
        return lines[place.line - 1] if 0 < place.line <= len(lines) else ""

    @property
    def any_error(self) -> bool:
        """True when at least one problem is an error."""
        return any(problem.severity == "error" for problem in self.found)

    def sorted(self) -> tuple[Problem, ...]:
        """All problems by file, line and column: the same folder always gives the same list."""
        return tuple(sorted(self.found, key=lambda p: (p.place.path, p.place.line, p.place.column, p.code, p.message)))


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known name that `word` was most likely meant to be, or None."""
    best = process.extractOne(word, sorted(known), scorer=fuzz.ratio, score_cutoff=60)
    return str(best[0]) if best else None


def did_you_mean(word: str, known: Iterable[str] | Mapping[str, object], otherwise: str = "") -> str:
    """What to do about an unknown name: the closest known one, else the ones there are."""
    names = sorted(known)
    near = closest(word, names)
    if near:
        return f'Did you mean "{near}"?'
    if otherwise or not names:
        return otherwise or "Remove it, or declare it first."
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"Use one of: {shown}."
