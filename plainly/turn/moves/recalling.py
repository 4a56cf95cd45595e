"""What was granted before, and what people said while they had the conversation: the bot goes on from there."""

from __future__ import annotations

from datetime import date

from plainly import decide
from plainly.decide.values import shift
from plainly.errors import PlainlyError
from plainly.model import Citation, Decision, DecisionTable, Duration, Lever, PastGrant, PersonSaid, Reply
from plainly.turn import topic
from plainly.turn.listening import asks_what_was_agreed, names_a_topic
from plainly.turn.turn import Draft, Turn
from plainly.wording import outcome as words
from plainly.wording.phrases import phrases
from plainly.wording.values import say_value

_ALIKE = 0.5
"""From this likeness on, what a person wrote is held to be about what the customer asks now."""


_TOLD = 0.4
_TOLD_LEAD = 0.1
"""How near a told decision must be to a question that names a subject of its own, and how much nearer than a clause."""

_ASKING = frozenset({"answer", "decide", "tell_deadline", "out_of_scope"})
"""Moves that answer a question by searching."""


def granted_for(turn: Turn, decision: Decision) -> list[PastGrant]:
    """What was granted for this very outcome, in order. What softens another outcome changes nothing here."""
    levers = turn.kb.policies[decision.policy].levers
    granted = turn.case.context.granted_under(decision.policy)
    return [one for one in granted if one.lever in levers and decision.named_outcome in levers[one.lever].outcomes]


def what_stands(draft: Draft, decision: Decision, role: str = "next") -> None:
    """A "no" of the rules does not take back what was granted for it."""
    levers = draft.turn.kb.policies[decision.policy].levers
    for one in granted_for(draft.turn, decision)[-2:]:
        _tell_grant(draft, one, role)
        draft.cite(Citation.of(decision.policy, levers[one.lever].clause), shown=False)


def _tell_grant(draft: Draft, one: PastGrant, role: str) -> None:
    key = draft.turn.frame("answer.person_granted" if one.by else "answer.own_grant")
    draft.add(role, phrases().line(key, by=one.by, what=one.what))


def last_day(turn: Turn, decision: Decision, *more: Lever) -> date | None:
    """The day to which days granted, and those of `more`, move a deadline: the rule's one window and they after it.

    None when there are no such days for this outcome, or when the rule does not come down to one window.
    """
    levers = turn.kb.policies[decision.policy].levers
    granted = [levers[one.lever] for one in granted_for(turn, decision)]
    days = [
        lever.amount
        for lever in (*granted, *more)
        if lever.kind == "grace_days" and decision.named_outcome in lever.outcomes
    ]
    spans = [used.value for used in decision.trace.parameters if isinstance(used.value, Duration)]
    event = turn.facts.get(turn.kb.table(decision.table).counts_from or "")
    if not days or len(spans) != 1 or event is None or not isinstance(event.value, date):
        return None
    day = event.value
    for span in (*spans, *days):
        day = shift(day, span) if isinstance(span, Duration) else day
    return day


def tell_last_day(draft: Draft, decision: Decision, *more: Lever, role: str = "acknowledge") -> None:
    """Says until when the customer has time, with what was granted and with `more`."""
    turn, until = draft.turn, last_day(draft.turn, decision, *more)
    if until is not None:
        key = "answer.grant_until" if until >= turn.today else "answer.grant_over"
        draft.say(role, key, day=say_value(until, None, turn.today, style="day"))


def what_was_agreed(turn: Turn) -> Reply | None:
    """For who asks what was agreed: a person's last words and all that was granted; None when that is nothing."""
    context = turn.case.context
    if turn.is_for_staff or not (context.told or context.granted) or not asks_what_was_agreed(turn.case.text):
        return None
    draft = Draft(turn)
    if context.told:
        _quote(draft, context.told[-1])
    for one in context.granted:
        _tell_grant(draft, one, "next")
    draft.button(phrases().word("button_person"), "ask_human")
    return draft.keep(outcome=context.outcome, part=context.part).reply("answered")


def what_was_said(draft: Draft) -> bool:
    """Quotes what a person wrote to the same question; whether there was such a thing."""
    told = draft.turn.case.context.told
    likeness = [draft.turn.engine.likeness(draft.turn.case.text, (said.text,)) for said in told]
    if not told or max(likeness) < _ALIKE:
        return False
    _quote(draft, told[likeness.index(max(likeness))])
    return True


def _quote(draft: Draft, said: PersonSaid) -> None:
    draft.add("rule", phrases().line("answer.person_said", by=said.by, text=" ".join(said.text.split())))


def told_already(turn: Turn, move: str) -> Reply | None:
    """The decision told before, when its own words answer a question better than any clause does; else None.

    "Can I choose the refund?" after "you can have your money back or a new one" is such a question.
    """
    from plainly.turn.moves import answering, deciding

    context, table = turn.case.context, topic.current_table(turn)
    if move not in _ASKING or not (context.outcome and table and turn.understanding.asks) or turn.heard:
        return None
    decision = _same_decision(turn, table)
    found = turn.search()
    if decision is None or not found.passages or (turn.understanding.pushback and decision.verdict != "yes"):
        return None
    telling = turn.telling(turn.kb.policies[table.policy], table.id)
    told = [part.text for part in words.outcome_parts(telling, decision, ("verdict", "rule", "why", "next"))]
    clause = answering.best_clause(found, turn.kb.policies[found.policies[0][0]])
    likeness = turn.engine.likeness_to_words(turn.case.text, told)
    lead = likeness - topic.likeness_to(turn, clause)
    is_told = likeness >= _TOLD and lead >= _TOLD_LEAD if names_a_topic(turn.case.text) else lead >= 0
    return deciding.decide_table(turn, table) if is_told else None


def _same_decision(turn: Turn, table: DecisionTable) -> Decision | None:
    """The decision as it was told; None when it would come out otherwise by now."""
    try:
        decision = decide.decide(turn.kb, table.id, turn.facts, turn.today)
    except PlainlyError:
        return None
    return decision if decision.outcome == turn.case.context.outcome else None
