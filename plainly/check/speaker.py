"""What a customer would read: the replies of the engine itself, for a case that nobody has typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any, cast

from plainly import decide
from plainly.check.cases import Facts
from plainly.model import (
    Case,
    Clause,
    Context,
    Decision,
    DecisionTable,
    Found,
    KnowledgeBase,
    KnownFact,
    Passage,
    Policy,
    Reply,
    Tone,
    Understanding,
)
from plainly.turn.moves.answering import explain
from plainly.turn.moves.deciding import decide_table
from plainly.turn.moves.softening import climb
from plainly.turn.turn import Turn
from plainly.wording.outcome import outcome_parts
from plainly.wording.slots import Telling

PUSHBACKS = 2
"""Steps of the ladder that are rendered: the answer again, and what there is room for."""


class _Silent:
    """An engine that knows its folder and searches nothing: a decision needs no search."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb

    def likeness(self, _question: str, _texts: tuple[str, ...]) -> float:
        """Nothing was asked, so nothing is like it."""
        return 0.0

    def decisions_near(self, _message: str, _heard: object) -> list[tuple[float, DecisionTable]]:
        """No decision is nearer than another."""
        return []


class Speaker:
    """Says what a customer with given facts would read."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb

    def reply(self, table: DecisionTable, facts: Facts, today: date, *, read_back: bool = False) -> Reply:
        """The reply about one decision. With `read_back`, the facts count as just told by the customer."""
        known = _known(facts, read_back=read_back)
        heard = tuple(known) if read_back else ()
        return decide_table(self._turn(known, today, Context(decision=table.id), heard), table)

    def question(self, table: DecisionTable, facts: Facts, today: date) -> Reply:
        """The reply to a first message about one decision while facts are missing: the rule in short, a question."""
        return decide_table(self._turn(_known(facts), today, Context()), table)

    def pushed(self, told: Reply, facts: Facts, today: date) -> Iterator[Reply]:
        """What a customer reads who resists a decision just told, step by step."""
        context = told.context
        for _ in range(PUSHBACKS if told.decision else 0):
            reply = climb(self._turn(_known(facts), today, context), cast(Decision, told.decision))
            yield reply
            context = reply.context

    def quoted(self, policy: Policy, clause: Clause, today: date) -> Reply:
        """The reply that tells one clause."""
        found = Found((Passage(policy.id, clause.number, 1.0),), 1.0, "covered", ((policy.id, 1.0),))
        return explain(self._turn({}, today, Context()), found, policy)

    def more(self, table: DecisionTable, facts: Facts, today: date, decision: Decision | None = None) -> str:
        """What "tell me more" adds; `decision` spares deciding the same case again."""
        known = {name: KnownFact(name, value) for name, value in facts.items()}
        telling = Telling(self.kb, self.kb.policies[table.policy], known, today, table.id)
        decision = decision or decide.decide(self.kb, table.id, known, today)
        return "\n".join(part.text for part in outcome_parts(telling, decision, ("more",)))

    def _turn(self, known: dict[str, KnownFact], today: date, context: Context, heard: tuple[str, ...] = ()) -> Turn:
        case = Case(text="", act="inform", now=datetime.combine(today, time(12), UTC), context=context, facts=known)
        calm = Understanding(
            known, Tone("calm", 0.0), pushback=False, wants_human=False, complaint=False, asks=(), language="en"
        )
        return Turn(cast(Any, _Silent(self.kb)), case, calm, known, heard)


def _known(facts: Facts, *, read_back: bool = False) -> dict[str, KnownFact]:
    return {name: KnownFact(name, value, "customer" if read_back else "record") for name, value in facts.items()}
