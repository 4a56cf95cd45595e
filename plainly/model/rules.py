"""A policy's rules as data: facts, dated parameters, decision tables and their worked examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from plainly.model.values import Duration, FactType, Place, Scalar, Value, Verdict


@dataclass(frozen=True)
class DatedValue:
    """A parameter's value from `start` on. `expected` marks a change announced but not known yet."""

    start: date
    value: Decimal | Duration | None
    clause: str | None
    expected: bool = False
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True)
class Parameter:
    """A policy's number, dated. `unit` is a time unit, "percent", a currency code, or a plain noun."""

    name: str
    description: str
    unit: str
    values: tuple[DatedValue, ...]
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True)
class Option:
    """One value of a choice: how we say it, and how customers say it.

    `say` is empty where it is a class of ours that nobody would name: then it is not read back.
    """

    name: str
    say: str
    heard: tuple[str, ...]
    label: str = ""


@dataclass(frozen=True)
class Fact:
    """Something about a customer's case that a rule may use, declared once in the folder.

    `ask` is the question, `why` the reason we ask, `say` the read-back with `{value}`.
    `cues` are words that tie a date, amount or number to this fact ("arrived", "delivered"); `since` are
    words beside a past day from which a length of time counts until today ("was due").
    `yes`/`no` are the phrases that state a yes/no fact; its read-backs are `say_yes` and `say_no`
    (`say: {yes: ..., no: ...}` in the folder). `changeable` facts may be part of a
    nearest yes: the customer can still do something about them.
    """

    name: str
    type: FactType
    ask: str
    why: str = ""
    say: str = ""
    say_yes: str = ""
    say_no: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()
    cues: tuple[str, ...] = ()
    since: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    changeable: bool = False
    change: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    future: bool = False
    policy: str = ""
    place: Place = field(default=Place(""), compare=False)


Operator = Literal[
    "is", "in", "not", "at_least", "at_most", "more_than", "less_than",
    "before", "after", "within", "beyond", "due_within", "due_beyond",
]  # fmt: skip


@dataclass(frozen=True)
class ParameterRef:
    """`$return_window` in a rule: the parameter's value at the date that counts."""

    name: str


Operand = Scalar | ParameterRef | tuple[Scalar, ...]


@dataclass(frozen=True)
class Test:
    """One comparison: a fact, an operator, and what it is compared with."""

    __test__ = False  # the name is the domain's; pytest need not collect it

    fact: str
    op: Operator
    operand: Operand


@dataclass(frozen=True)
class AllOf:
    """True when every part is true. Empty means always."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """True when at least one part is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """True when the part is false."""

    part: Condition


Condition = Test | AllOf | AnyOf | Not


@dataclass(frozen=True)
class Rule:
    """One row of a decision table. `overrides` names the row it is an exception to."""

    id: str
    when: Condition
    then: str
    clauses: tuple[str, ...]
    overrides: str | None = None
    note: str = ""
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True)
class Outcome:
    """One closed result of a decision table.

    `offers` are alternative ids, in the order to offer them; `resources` index titles to link.
    """

    name: str
    verdict: Verdict
    offers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Derived:
    """A value worked out for wording: `base` plus, minus, times or share-of `by` ($parameter or fact)."""

    name: str
    op: Literal["plus", "minus", "times", "share", "least", "most"]
    base: str
    by: str


@dataclass(frozen=True)
class DecisionTable:
    """A decision as the folder writes it. `counts_from` is the fact whose date picks the parameters."""

    policy: str
    name: str
    title: str
    hit: Literal["unique", "first"]
    outcomes: Mapping[str, Outcome]
    rules: tuple[Rule, ...]
    counts_from: str | None = None
    questions: tuple[str, ...] = ()
    note: str = ""
    place: Place = field(default=Place(""), compare=False)

    @property
    def id(self) -> str:
        """The table's path: `returns.can_return`."""
        return f"{self.policy}.{self.name}"


@dataclass(frozen=True)
class Variant:
    """One text of a wording part. With `fact`, it is used when that fact has `value` (a choice name, yes or no)."""

    text: str
    fact: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Wording:
    """The customer's words for one outcome, as templates with slots (docs/policy-format.md).

    `parts` maps verdict, rule, why, next and more to their variants, in the order of the file.
    """

    decision: str
    outcome: str
    parts: Mapping[str, tuple[Variant, ...]]
    grade_note: str = ""
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True)
class Example:
    """A worked case: a sentence a customer would say, its facts, and what must come out.

    `expect` maps a decision name to an outcome, or to "unknown". `tell` lets the bot use it.
    """

    policy: str
    name: str
    as_of: date
    given: Mapping[str, Value]
    expect: Mapping[str, str]
    by: str | None = None
    cites: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    asks: str | None = None
    message: str = ""
    tell: bool = True
    place: Place = field(default=Place(""), compare=False)
