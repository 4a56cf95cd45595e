"""What a turn takes and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from plainly.model.decision import Decision
from plainly.model.hearing import Passage
from plainly.model.texts import Citation
from plainly.model.values import Facts, Value

Awaiting = Literal["nothing", "fact", "consent", "choice", "contact", "offer", "opinion"]


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
class PastGrant:
    """A lever spent for this customer; `what` is its amount or label in words, `by` is empty for the assistant."""

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
    `granted` are what people said while they had the conversation, and all that was granted.
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
    granted: tuple[PastGrant, ...] = ()

    def granted_under(self, policy: str) -> tuple[PastGrant, ...]:
        """What was granted by one policy's levers, in order."""
        return tuple(one for one in self.granted if one.policy == policy)


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
