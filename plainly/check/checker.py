"""Everything that is checked before a policy folder may serve customers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from plainly.check.coverage import check_coverage
from plainly.check.examples import check_examples
from plainly.check.links import check_links
from plainly.check.replies import check_replies
from plainly.check.room import Room
from plainly.check.tables import check_tables
from plainly.check.texts import check_texts
from plainly.kb.loader import load
from plainly.kb.problems import Problem, Problems


@dataclass(frozen=True)
class Report:
    """What was checked and what is wrong. The counts are 0 where loading failed."""

    problems: tuple[Problem, ...]
    policies: int = 0
    decisions: int = 0
    examples: int = 0
    replies: int = 0
    version: str = ""

    @property
    def errors(self) -> int:
        """How many problems are errors."""
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def ok(self) -> bool:
        """True when nothing is an error."""
        return self.errors == 0

    def to_json(self) -> dict[str, Any]:
        """The report for programs; places are relative to the folder."""
        counts = {"policies": self.policies, "decisions": self.decisions, "examples": self.examples}
        return {
            "ok": self.ok,
            "errors": self.errors,
            "warnings": len(self.problems) - self.errors,
            "checked": {**counts, "replies": self.replies},
            "version": self.version,
            "problems": [_to_json(problem) for problem in self.problems],
        }


def _to_json(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.place.path,
        "line": problem.place.line,
        "column": problem.place.column,
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "fix": problem.fix,
        "source_line": problem.source_line,
    }


def check(folder: Path, today: date, only: Collection[str] | None = None) -> Report:
    """Checks a policy folder as of a day: structure, links, proofs, examples, and how everything reads.

    When the structure is wrong, the rest would only repeat it and is left for the next time.
    With `only`, structure and links are those of the whole folder; rules, examples and texts are read for these
    policies alone.
    """
    loaded = load(folder)
    if loaded.kb is None:
        return Report(loaded.problems)
    problems = Problems(dict(loaded.lines), list(loaded.problems))
    room = Room(loaded.kb, problems, today, loaded.pages, only)
    check_links(room)
    check_tables(room)
    check_coverage(room)
    check_texts(room)
    examples, replies = check_examples(room), check_replies(room)
    policies = list(room.policies)
    decisions = sum(len(policy.decisions) for policy in policies)
    return Report(problems.sorted(), len(policies), decisions, examples, replies, loaded.kb.version)
