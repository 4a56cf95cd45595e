"""Why a rule is as it is, and what changed about it."""

from __future__ import annotations

from datetime import date

from plainly.model import Fact, Policy, Reply, Version
from plainly.retrieve.words import content_words
from plainly.turn import topic
from plainly.turn.listening import asks_why_we_ask
from plainly.turn.moves import answering, deciding
from plainly.turn.turn import Draft, Turn
from plainly.wording import outcome as words
from plainly.wording.acknowledge import acknowledge
from plainly.wording.phrases import phrases
from plainly.wording.quote import link
from plainly.wording.values import say_date

MOST_REASONS = 2


def explain_why(turn: Turn) -> Reply:
    """The reasons behind the rule, each with its source, and how it helps the customer."""
    found = turn.search()
    fact = _open_fact(turn)
    if fact is not None and (found.covered < topic.CERTAIN or _is_about(turn.case.text, fact)):
        return deciding.why_asked(turn)
    policy = answering.current_policy(turn, found)
    if policy is None:
        return answering.answer(turn)
    draft = Draft(turn, passages=found.passages, confidence=found.covered)
    context = turn.case.context
    draft.add_phrase("acknowledge", acknowledge(turn.understanding, None, "", context.said))
    _outcome_why(draft, policy)
    for reason in policy.reasons[:MOST_REASONS]:
        draft.add("why", f"{reason.say} {phrases().line('answer.why_source', source=reason.source)}")
    if policy.helps_you:
        draft.add("next", phrases().line("answer.helps_lead", helps=policy.helps_you))
    if not draft.parts:
        draft.say("why", "answer.why_none")
    number = (
        found.passages[0].clause
        if found.passages and found.passages[0].policy == policy.id
        else next(iter(policy.clauses))
    )
    draft.cite(answering.citation(policy.clauses[number]), shown=False)
    draft.turn_to(policy).keep(part=context.part)
    if fact is not None and policy.id == context.policy:
        deciding.put(draft.say("question", "answer.ask_again"), fact).keep(awaiting="fact", asked=fact.name)
    return draft.reply("answered")


def _open_fact(turn: Turn) -> Fact | None:
    """The fact we asked for, when the message does not tell one."""
    context = turn.case.context
    is_open = context.awaiting == "fact" and not turn.understanding.facts
    return turn.kb.facts.get(context.asked or "") if is_open else None


def _is_about(text: str, fact: Fact) -> bool:
    """Whether a "why" is about our question: it has no words of its own, or words of the question."""
    own = set(content_words(text))
    return asks_why_we_ask(text) or not own or bool(own & set(content_words(f"{fact.ask} {fact.why}")))


def _outcome_why(draft: Draft, policy: Policy) -> None:
    from plainly import decide

    context, turn = draft.turn.case.context, draft.turn
    if not (context.decision and topic.is_decided(turn, policy)):
        return
    decision = decide.decide(turn.kb, context.decision, turn.facts, turn.today)
    for part in words.outcome_parts(turn.telling(policy, context.decision), decision, ("why",)):
        draft.add("why", part.text)


def tell_change(turn: Turn) -> Reply:
    """What changed, since when, why, and the time to adapt."""
    found = turn.search()
    policy = answering.current_policy(turn, found)
    if policy is None:
        return answering.answer(turn)
    draft = Draft(turn, passages=found.passages, confidence=found.covered)
    draft.add_phrase("acknowledge", acknowledge(turn.understanding, None, "", turn.case.context.said))
    now_and_next = _now_and_next(policy, turn.today)
    for version in now_and_next:
        _tell_version(draft, version)
    if now_and_next:
        _tell_how_to_live_with(draft, now_and_next[-1])
    else:
        draft.add("verdict", phrases().line("answer.change_none"))
    clause = answering.best_clause(found, policy)
    draft.cite(answering.citation(clause))
    draft.button(phrases().word("button_why"), "ask_why")
    return draft.turn_to(policy).keep(part=clause.number).reply("answered")


def _now_and_next(policy: Policy, today: date) -> list[Version]:
    """The version in force and the next one that is known, as far as there are such."""
    now = [version for version in policy.history if version.starts <= today][:1]
    ahead = [version for version in policy.history if version.starts > today][-1:]
    return [*now, *ahead]


def _tell_version(draft: Draft, version: Version) -> None:
    start = say_date(version.starts, draft.turn.today, year=True)
    key = "answer.change_ahead" if version.starts > draft.turn.today else "answer.change_lead"
    draft.add("verdict", phrases().line(key, start=start, changed=version.changed))


def _tell_how_to_live_with(draft: Draft, version: Version) -> None:
    """Why it changed, for whom, how to adapt, and one link of each kind that helps."""
    draft.add("why", phrases().line("answer.change_why", why=version.why))
    if version.affected:
        draft.add("why", phrases().line("answer.change_affected", affected=version.affected))
    draft.add("next", version.adapt)
    by_kind = {resource.kind: resource for resource in reversed(version.replacements)}
    for resource in version.replacements:
        if resource is by_kind[resource.kind]:
            draft.add("links", link(resource))
