"""What people read of a policy: its clauses, why they exist, what else helps, and where it all stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from plainly.model.rules import Condition
from plainly.model.values import Duration, Place

_A_YEAR = Duration(1, "year")


@dataclass(frozen=True)
class Clause:
    """One numbered clause of the binding words. `number` is "2.1"."""

    policy: str
    number: str
    title: str
    text: str
    section: str = ""
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True)
class Citation:
    """Points at the clause an answer rests on."""

    policy: str
    clause: str

    @classmethod
    def of(cls, policy: str, name: str) -> Citation:
        """A clause as the folder names it: "2.1" is this policy's own, "refunds.2-1" another's.

        >>> Citation.of("returns", "refunds.2-1")
        Citation(policy='refunds', clause='2.1')
        """
        other, dot, number = name.partition(".")
        return cls(other, number.replace("-", ".")) if dot and not other.isdigit() else cls(policy, name)


@dataclass(frozen=True)
class Goal:
    """What the policy is for, and the line of the business mission it serves."""

    say: str
    mission: str


@dataclass(frozen=True)
class Reason:
    """Why the rule exists: one plain sentence with its source."""

    kind: Literal["law", "research", "customer_feedback", "common_practice"]
    say: str
    source: str
    link: str | None = None


@dataclass(frozen=True)
class Alternative:
    """Something a customer can do instead. `when` limits who it fits; unknown counts as fits."""

    id: str
    label: str
    say: str
    when: Condition | None = None
    policy: str | None = None
    clause: str | None = None


@dataclass(frozen=True)
class Resource:
    """Something to read, watch, call or join. `starts` is the first day of a training."""

    kind: Literal["link", "brochure", "phone", "video", "training", "community"]
    title: str
    target: str
    say: str = ""
    starts: date | None = None


@dataclass(frozen=True)
class Lever:
    """A bounded softening that staff or the bot may grant; it never changes the decision.

    `outcomes` are the "decision.outcome" names it softens; `when` limits whom it fits.
    `amount` is how much one grant may be, in the business's currency unless it has a `unit` such as points;
    `per_customer` grants are allowed in `period`. `escalations` are the reasons for people to come in, such as a
    complaint, for which it is offered whatever policy the case is about.
    """

    id: str
    kind: Literal["grace_days", "later_start", "one_off", "credit", "training", "help"]
    label: str
    say: str
    by: Literal["bot", "agent", "supervisor"]
    outcomes: tuple[str, ...]
    clause: str
    when: Condition | None = None
    amount: Decimal | Duration | None = None
    unit: str = ""
    per_customer: int = 1
    period: Duration = _A_YEAR
    escalations: tuple[str, ...] = ()

    @property
    def needs_hands(self) -> bool:
        """Whether somebody must do something for it. More days are given by writing them down."""
        return self.kind != "grace_days"

    @property
    def on_account(self) -> bool:
        """Whether it changes a customer's account, so that we must know whose account it is."""
        return self.kind in ("credit", "one_off")


@dataclass(frozen=True)
class Standard:
    """A time the business promises and can be held to."""

    id: str
    say: str
    within: Duration
    clause: str | None = None


@dataclass(frozen=True)
class Benchmark:
    """What a comparable business does."""

    who: str
    what: str
    source: str = ""


@dataclass(frozen=True)
class Procedure:
    """How a thing is done: its steps, and the channels it can be done through."""

    id: str
    title: str
    steps: tuple[str, ...]
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Version:
    """One entry of history.yml, newest first: what changed, why, for whom, and the time to adapt."""

    id: str
    starts: date
    changed: str
    why: str
    affected: str = ""
    adapt: str = ""
    removes: str | None = None
    replacements: tuple[Resource, ...] = ()
