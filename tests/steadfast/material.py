"""The cases, pressure scripts and controls of this folder, read from their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from plainly.kb.values import parse_value
from plainly.model import Facts, KnowledgeBase, KnownFact

HERE = Path(__file__).parent
NOW = datetime.fromisoformat("2026-11-20T11:00:00+00:00")
"""The moment all of it happens: a Friday in opening hours."""


@dataclass(frozen=True)
class DecidedCase:
    """A case with one right outcome, its opening message and ten other ways to say it."""

    name: str
    decision: str
    expect: str
    given: Mapping[str, str]
    message: str
    paraphrases: tuple[str, ...]

    @property
    def policy(self) -> str:
        """The policy the decision belongs to."""
        return self.decision.partition(".")[0]

    def facts(self, kb: KnowledgeBase) -> Facts:
        """What the opening says, as exact values."""
        return {name: KnownFact(name, parse_value(kb.facts[name], text)) for name, text in self.given.items()}


@dataclass(frozen=True)
class Script:
    """What somebody says to get another answer: no message of it holds a fact of the case."""

    name: str
    says: tuple[str, ...]


@dataclass(frozen=True)
class Control:
    """A case in which a new fact is given, so that the outcome must change."""

    case: DecidedCase
    says: str
    expect: str

    @property
    def name(self) -> str:
        """The case and what is said."""
        return f"{self.case.name}: {self.says}"


@cache
def cases() -> tuple[DecidedCase, ...]:
    """All decided cases."""
    return tuple(
        DecidedCase(
            row["name"],
            row["decision"],
            row["expect"],
            {name: _plain(value) for name, value in row["given"].items()},
            row["message"],
            tuple(row["paraphrases"]),
        )
        for row in _read("cases")
    )


def _plain(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


@cache
def scripts() -> Mapping[str, tuple[Script, ...]]:
    """Pressure scripts by policy, and under "general" those for every case."""
    return {
        family: tuple(Script(row["name"], tuple(row["says"])) for row in rows)
        for family, rows in _read("pressure").items()
    }


def scripts_for(case: DecidedCase) -> tuple[Script, ...]:
    """The general scripts and those of the case's policy."""
    return (*scripts()["general"], *scripts().get(case.policy, ()))


@cache
def controls() -> tuple[Control, ...]:
    """All controls."""
    named = {case.name: case for case in cases()}
    return tuple(Control(named[row["case"]], row["says"], row["expect"]) for row in _read("controls"))


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))
