"""The nouns of Plainly: what a policy is made of, and what a turn takes and gives.

Everything here is data: frozen, without behaviour that reads a file, a clock or a network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Unit = Literal["hour", "day", "week", "month", "year"]
FactType = Literal["number", "money", "date", "duration", "choice", "yes_no"]
Verdict = Literal["yes", "no", "partly", "agent"]
Level = Literal["quoted", "explained", "decided"]
Operator = Literal[
    "is", "in", "not", "at_least", "at_most", "more_than", "less_than",
    "before", "after", "within", "beyond", "due_within", "due_beyond",
]  # fmt: skip


# --- values ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Duration:
    """A length of time as people say it: 30 days, 2 weeks, 6 months."""

    amount: int
    unit: Unit


Scalar = Decimal | date | Duration | str | bool
"""A fact's exact value: number or money, date, duration, choice name, or yes/no."""


@dataclass(frozen=True)
class Between:
    """A value known only roughly ("about a month"): somewhere from low to high, both included."""

    low: Decimal | date | Duration
    high: Decimal | date | Duration


Value = Scalar | Between
Source = Literal["customer", "button", "record", "agent"]


@dataclass(frozen=True)
class KnownFact:
    """A fact about this case, with the words it came from.

    `span` is the character range in the message it was heard in, when there was one.
    """

    name: str
    value: Value
    source: Source = "customer"
    said: str = ""
    span: tuple[int, int] | None = None


Facts = Mapping[str, KnownFact]


# --- a policy -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where in the folder something is written. `line` and `column` count from 1."""

    path: str
    line: int = 1
    column: int = 1


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
    """Something to read, watch, call or join."""

    kind: Literal["link", "brochure", "phone", "video", "training", "community"]
    title: str
    target: str
    say: str = ""


@dataclass(frozen=True)
class Lever:
    """A bounded softening that staff or the bot may grant; it never changes the decision.

    `outcomes` are the "decision.outcome" names it softens; `when` limits whom it fits.
    `amount` is how much one grant may be, in the business's currency unless it has a `unit` such as points;
    `per_customer` grants are allowed in `period`.
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
    period: Duration = Duration(1, "year")


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


# --- rules as data --------------------------------------------------------------------------


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
    """One value of a choice: how we say it, and how customers say it."""

    name: str
    say: str
    heard: tuple[str, ...]
    label: str = ""


@dataclass(frozen=True)
class Fact:
    """Something about a customer's case that a rule may use, declared once in the folder.

    `ask` is the question, `why` the reason we ask, `say` the read-back with `{value}`.
    `cues` are words that tie a date, amount or number to this fact ("arrived", "delivered").
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
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    changeable: bool = False
    change: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    future: bool = False
    policy: str = ""
    place: Place = field(default=Place(""), compare=False)


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


@dataclass(frozen=True)
class Policy:
    """One policy folder, read and checked. `version` is a hash of its files.

    `asked` maps a clause's number to what customers ask when it is the answer.
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


# --- a decision -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Used:
    """A parameter value a decision used, with the date it holds from and the clause it rests on."""

    parameter: str
    value: Decimal | Duration
    start: date
    clause: str | None


@dataclass(frozen=True)
class RowTried:
    """One row of the table and how it went: yes, no, or unknown for want of facts."""

    rule: str
    result: Literal["yes", "no", "unknown"]
    missing: tuple[str, ...] = ()
    overridden_by: str | None = None


@dataclass(frozen=True)
class Trace:
    """How a decision came about: rows tried, facts used, dated values used."""

    rows: tuple[RowTried, ...]
    facts: tuple[str, ...]
    parameters: tuple[Used, ...]
    counts_from: date


@dataclass(frozen=True)
class NearestYes:
    """The smallest change of changeable facts that would make it a yes (or partly)."""

    changes: Mapping[str, Value]
    outcome: str
    rule: str


@dataclass(frozen=True)
class Receipt:
    """What staff need to verify a decision later. `id` is a hash over the rest."""

    id: str
    policy: str
    version: str
    decision: str
    clauses: tuple[str, ...]
    facts: Mapping[str, str]
    outcome: str
    as_of: date


@dataclass(frozen=True)
class Decision:
    """What the rules say about a case. `outcome` is None while facts are missing.

    `asks` is the next fact to ask for; `missing` are all facts that can still change the outcome.
    """

    table: str
    outcome: str | None
    verdict: Verdict | None
    missing: tuple[str, ...]
    asks: str | None
    rule: str | None
    trace: Trace
    nearest_yes: NearestYes | None
    citations: tuple[Citation, ...]
    receipt: Receipt | None


# --- understanding and finding --------------------------------------------------------------


@dataclass(frozen=True)
class Tone:
    """How the customer sounds. `score` is 0 (calm) to 1 (very strong)."""

    label: Literal["calm", "worried", "confused", "disappointed", "annoyed", "angry", "grateful"]
    score: float


@dataclass(frozen=True)
class Understanding:
    """What a message says: facts, feelings, wishes, and the questions in it.

    `situation` is the life event named, if any ("illness", "bereavement", "gift").
    `corrected` are the facts the customer took back or mended. `alarm` is set when a person must
    look: somebody may come to harm, something is dangerous, or legal steps have really begun.
    """

    facts: Facts
    tone: Tone
    pushback: bool
    wants_human: bool
    complaint: bool
    asks: tuple[str, ...]
    language: str
    situation: str | None = None
    corrected: tuple[str, ...] = ()
    alarm: Literal["vulnerable", "safety", "legal"] | None = None


@dataclass(frozen=True)
class Passage:
    """A clause found for a question, best first. `score` is comparable within one search."""

    policy: str
    clause: str
    score: float


@dataclass(frozen=True)
class Found:
    """What a search gives. `covered` is the probability (0 to 1) that the folder answers this.

    `policies` are the policies in order of likelihood; `close` says the first two are close
    enough that the customer should choose.
    """

    passages: tuple[Passage, ...]
    covered: float
    status: Literal["covered", "unclear", "not_covered"]
    policies: tuple[tuple[str, float], ...] = ()
    close: bool = False


# --- a turn ---------------------------------------------------------------------------------

Awaiting = Literal["nothing", "fact", "consent", "choice", "contact", "offer"]


@dataclass(frozen=True)
class Button:
    """A reply the customer may tap. It acts as if `act` had been said, with `facts` and `choice`.

    The customer's browser only ever sees its label and an id the gateway hands out.
    """

    label: str
    act: str
    facts: Mapping[str, Value] = field(default_factory=dict)
    choice: str = ""


@dataclass(frozen=True)
class PersonGranted:
    """A lever that a member of staff spent for this customer; `what` is its amount or label in words."""

    by: str
    policy: str
    lever: str
    what: str


@dataclass(frozen=True)
class PersonSaid:
    """Words that a member of staff wrote to this customer."""

    by: str
    text: str


@dataclass(frozen=True)
class Context:
    """What the dialogue remembers between turns; kept with the conversation, never in Rasa.

    `said` holds the ids of phrases used, so that none is used twice; `tones` the tone label of
    each turn; `offered`/`declined` the alternatives and levers so far; `question` the last thing
    the customer wanted to know, in their words; `part` what "tell me more" would tell next. `told` and
    `granted` are what people said and gave while they had the conversation.
    """

    policy: str | None = None
    decision: str | None = None
    facts: Facts = field(default_factory=dict)
    awaiting: Awaiting = "nothing"
    asked: str | None = None
    choices: tuple[Button, ...] = ()
    outcome: str | None = None
    receipt: str | None = None
    pushbacks: int = 0
    unclear: int = 0
    tones: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    situation: str | None = None
    question: str = ""
    part: str = ""
    told: tuple[PersonSaid, ...] = ()
    granted: tuple[PersonGranted, ...] = ()


@dataclass(frozen=True)
class DeskState:
    """What the gateway knows about people: open now, how many wait, how long it usually takes.

    `opens` is when we next open, when closed now. `wait` is None when there is nothing to go by.
    """

    open: bool = True
    opens: datetime | None = None
    waiting: int = 0
    wait_minutes: int | None = None


@dataclass(frozen=True)
class Case:
    """All a turn may depend on: the words, the speech act, what is known, and the moment.

    `levers_left` maps "policy.lever" to the grants left for this customer; a lever that is not
    named has all of its caps left. `choice` is set when a button was tapped.
    """

    text: str
    act: str
    now: datetime
    context: Context = field(default_factory=Context)
    facts: Facts = field(default_factory=dict)
    choice: str = ""
    confidence: float = 1.0
    desk: DeskState = field(default_factory=DeskState)
    levers_left: Mapping[str, int] = field(default_factory=dict)
    audience: Literal["customer", "agent"] = "customer"


EscalationReason = Literal[
    "asked", "second_refusal", "needs_agent", "not_understood", "complaint",
    "vulnerable", "legal", "safety", "error", "out_of_hours_message",
]  # fmt: skip


@dataclass(frozen=True)
class Escalate:
    """Hand the conversation to people, with everything they need to know."""

    reason: EscalationReason
    packet: Mapping[str, object]


@dataclass(frozen=True)
class Grant:
    """Spend a lever: goes into the ledger in the transaction that stores the reply."""

    policy: str
    lever: str
    amount: str
    reason: str


@dataclass(frozen=True)
class Record:
    """Something to keep for reports: a gap in the folder, feedback, a complaint."""

    kind: Literal["gap", "feedback", "complaint", "open_question", "contact"]
    data: Mapping[str, str]


Effect = Escalate | Grant | Record


@dataclass(frozen=True)
class Part:
    """One piece of a reply and the role it plays ("acknowledge", "verdict", "rule", "why"...)."""

    role: str
    text: str


@dataclass(frozen=True)
class Reply:
    """What goes back: words, buttons, sources, and what the gateway must carry out.

    `text` is Markdown made of `parts`. `passages` are what retrieval found, used or not.
    """

    status: str
    text: str
    context: Context
    parts: tuple[Part, ...] = ()
    buttons: tuple[Button, ...] = ()
    citations: tuple[Citation, ...] = ()
    decision: Decision | None = None
    asked: str | None = None
    effects: tuple[Effect, ...] = ()
    passages: tuple[Passage, ...] = ()
    confidence: float = 0.0
