"""What people said and granted while they had the conversation: the bot goes on from there."""

from __future__ import annotations

from datetime import date

from plainly.decide.values import shift
from plainly.model import Citation, Decision, Duration
from plainly.turn.turn import Draft, Turn
from plainly.wording.phrases import phrases

_ALIKE = 0.5
"""From this likeness on, what a person wrote is held to be about what the customer asks now."""


def what_stands(draft: Draft, policy: str, role: str = "next") -> None:
    """A "no" of the rules does not take back what a person granted under them."""
    levers = draft.turn.kb.policies[policy].levers
    for one in draft.turn.case.context.granted_under(policy)[-2:]:
        draft.add(role, phrases().line(draft.turn.frame("answer.person_granted"), by=one.by, what=one.what))
        if one.lever in levers:
            draft.cite(Citation.of(policy, levers[one.lever].clause), shown=False)


def last_day(turn: Turn, decision: Decision) -> date | None:
    """The day to which granted days move a deadline: the rule's one window after its event, and those days after it.

    None when no days were granted for this outcome, or when the rule does not come down to one window.
    """
    levers = turn.kb.policies[decision.policy].levers
    granted = [levers[one.lever] for one in turn.case.context.granted_under(decision.policy) if one.lever in levers]
    days = [
        lever.amount for lever in granted if lever.kind == "grace_days" and decision.named_outcome in lever.outcomes
    ]
    spans = [used.value for used in decision.trace.parameters if isinstance(used.value, Duration)]
    event = turn.facts.get(turn.kb.table(decision.table).counts_from or "")
    if not days or len(spans) != 1 or event is None or not isinstance(event.value, date):
        return None
    day = event.value
    for span in (*spans, *days):
        day = shift(day, span) if isinstance(span, Duration) else day
    return day


def what_was_said(draft: Draft) -> bool:
    """Quotes what a person wrote to the same question; whether there was such a thing."""
    told = draft.turn.case.context.told
    likeness = [draft.turn.engine.likeness(draft.turn.case.text, (said.text,)) for said in told]
    if not told or max(likeness) < _ALIKE:
        return False
    said = told[likeness.index(max(likeness))]
    draft.add("rule", phrases().line("answer.person_said", by=said.by, text=" ".join(said.text.split())))
    return True
