"""The policy folder as a whole: policies, the business, and what they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from plainly.model.rules import DecisionTable, Derived, Example, Fact, Parameter, Wording
from plainly.model.texts import (
    Alternative,
    Benchmark,
    Citation,
    Clause,
    Goal,
    Lever,
    Procedure,
    Reason,
    Resource,
    Standard,
    Version,
)
from plainly.model.values import Duration, Level


@dataclass(frozen=True)
class Policy:
    """One policy folder, read and checked. `version` is a hash of its files.

    `asked` maps a clause's number to what customers ask when it is the answer. `grade_note` says why
    its own words may be hard to read.
    """

    id: str
    title: str
    summary: str
    level: Level
    version: str
    clauses: Mapping[str, Clause]
    owner: str = ""
    goal: Goal | None = None
    helps_you: str = ""
    reasons: tuple[Reason, ...] = ()
    alternatives: Mapping[str, Alternative] = field(default_factory=dict)
    resources: tuple[Resource, ...] = ()
    levers: Mapping[str, Lever] = field(default_factory=dict)
    standards: tuple[Standard, ...] = ()
    benchmarks: tuple[Benchmark, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    related: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    open_question: str = ""
    reviewed: date | None = None
    review_every: Duration | None = None
    grade_note: str = ""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    decisions: Mapping[str, DecisionTable] = field(default_factory=dict)
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    history: tuple[Version, ...] = ()
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Channel:
    """A way to reach the business. `hours` names the opening hours it keeps, if any."""

    id: str
    kind: Literal["chat", "phone", "email", "post", "store", "social", "community", "form"]
    title: str
    target: str
    say: str = ""


@dataclass(frozen=True)
class OpeningHours:
    """When people are there: weekday (0 = Monday) -> (opens, closes) as "HH:MM", local time."""

    week: Mapping[int, tuple[str, str]]
    timezone: str
    closed: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Business:
    """business.yml: who we are, what we promise everyone, and how to reach us.

    `answer_minutes` are the promised answer times of people, in minutes of opening time: "first" and "next",
    and by a reason of escalation for a first answer that is more urgent.
    """

    name: str
    mission: Mapping[str, str]
    hours: OpeningHours
    channels: tuple[Channel, ...]
    escalation: tuple[str, ...]
    equal_treatment: str
    currency: str = "GBP"
    languages: tuple[str, ...] = ("en",)
    memberships: tuple[str, ...] = ()
    service_goals: tuple[str, ...] = ()
    about: str = ""
    answer_minutes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class KnowledgeBase:
    """The whole folder, checked and immutable. `version` changes when any file does.

    `facts` are all declared facts: a name means one thing in every policy.
    `glossary` maps a customer's word to the policies' words.
    """

    version: str
    business: Business
    policies: Mapping[str, Policy]
    facts: Mapping[str, Fact]
    glossary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def clause(self, citation: Citation) -> Clause:
        """The clause a citation points at; KeyError when there is none."""
        return self.policies[citation.policy].clauses[citation.clause]

    def table(self, path: str) -> DecisionTable:
        """The decision table at "policy.decision"; KeyError when there is none."""
        policy, _, name = path.partition(".")
        return self.policies[policy].decisions[name]
