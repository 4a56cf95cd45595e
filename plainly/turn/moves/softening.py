"""When the customer resists: the decision stays, what is offered grows (docs/adr/0003).

First the same answer with its reason and the way round; then the levers the policy allows; then
a person. New facts are not pushback: they re-open the decision.
"""

from __future__ import annotations

from plainly import decide
from plainly.errors import PlainlyError
from plainly.model import Citation, Decision, Found, Lever, Policy, Reply
from plainly.turn import topic
from plainly.turn.decisions import facts_in
from plainly.turn.moves import answering, deciding, people, recalling
from plainly.turn.turn import Draft, Turn
from plainly.wording import outcome as words
from plainly.wording.acknowledge import acknowledge
from plainly.wording.phrases import phrases
from plainly.wording.slots import Telling


def soften(turn: Turn) -> Reply:
    """Firm on the rule, generous with the way forward; one step further each time."""
    decision = _decision_under_discussion(turn)
    if decision is None or _brings_news(turn, decision) or _only_tells(turn):
        return deciding.decide_case(turn) if _has_case(turn) else _soften_explanation(turn)
    return climb(turn, decision)


def climb(turn: Turn, decision: Decision) -> Reply:
    """The next step of the ladder for a decision that stays as it is."""
    draft = _draft(turn)
    if recalling.granted_for(turn, decision):
        return _stand_by_the_grant(draft, decision)
    if decision.verdict == "agent" and not turn.is_for_staff:
        return _only_a_person(draft, decision)
    if turn.case.context.pushbacks == 0 and not meets_a_lever(turn, decision):
        return _restate(draft, decision)
    return _offer_levers(draft, decision)


def consider_exception(turn: Turn) -> Reply:
    """The customer asks for an exception: the levers that fit, or a person."""
    decision = _decision_under_discussion(turn)
    if decision is None or _brings_news(turn, decision):
        reply = deciding.decide_case(turn)
        decision = reply.decision
        if decision is None or decision.verdict not in ("no", "partly"):
            return reply
    draft = _draft(turn).keep(
        policy=decision.policy,
        decision=decision.table,
        outcome=decision.outcome,
        receipt=decision.receipt.id if decision.receipt else None,
    )
    return _offer_levers(draft, decision)


def offer_alternatives(turn: Turn) -> Reply:
    """What else the customer can do, as buttons."""
    found = turn.search()
    policy = answering.current_policy(turn, found)
    if policy is None:
        return answering.answer(turn)
    decision = _decision_under_discussion(turn)
    if decision is None and turn.news:
        return deciding.decide_case(turn)
    if decision is not None and decision.policy != policy.id:
        return _under_another_policy(turn, policy, found)
    draft = Draft(turn, passages=found.passages)
    offers = turn.kb.table(decision.table).outcomes[decision.outcome].offers if decision and decision.outcome else None
    telling = turn.telling(policy, decision.table if decision else None)
    alternatives = words.fitting_alternatives(telling, offers or None)
    draft.add_phrase("acknowledge", acknowledge(turn.understanding, None, "", turn.case.context.said))
    draft.add("alternatives", words.say_alternatives(telling, alternatives))
    for item in alternatives:
        draft.button(item.label, "choose", choice=f"alternative:{policy.id}.{item.id}")
        if item.clause:
            draft.cite(Citation.of(policy.id, item.clause), shown=False)
    draft.turn_to(policy).keep(awaiting="choice")
    if not alternatives:
        draft.say("verdict", "answer.alternatives_none")
        people.offer_person(draft, "needs_agent")
    return draft.reply("answered")


def _under_another_policy(turn: Turn, policy: Policy, found: Found) -> Reply:
    """ "What if I exchange it instead?": what that policy means for this customer."""
    table = topic.best_decision(turn, policy)
    return deciding.decide_table(turn, table, found.passages) if table else answering.explain(turn, found, policy)


def tell_last_day(draft: Draft, lever: Lever) -> None:
    """Says until when a lever just granted gives time, in the decision under discussion."""
    decision = _decision_under_discussion(draft.turn)
    if decision is not None:
        recalling.tell_last_day(draft, decision, lever, role="verdict")


def _draft(turn: Turn) -> Draft:
    context = turn.case.context
    draft = Draft(turn)
    draft.keep(pushbacks=context.pushbacks + 1, outcome=context.outcome, part=context.part)
    return draft


def _decision_under_discussion(turn: Turn) -> Decision | None:
    """The settled decision the customer is talking about, worked out afresh from what is known now."""
    context = turn.case.context
    if not (context.decision and context.outcome):
        return None
    try:
        decision = decide.decide(turn.kb, context.decision, turn.facts, turn.today)
    except (PlainlyError, KeyError):
        return None
    return decision if decision.outcome else None


def _brings_news(turn: Turn, decision: Decision) -> bool:
    """Whether the message states a fact that this decision uses and that is new or different."""
    used = {name for name in turn.heard if name in decision.trace.facts or name in turn.understanding.corrected}
    return decision.outcome != turn.case.context.outcome or bool(used & turn.news)


def matters(turn: Turn) -> bool:
    """Whether this message changes the decision under discussion, or tells what a lever was made for."""
    decision = _decision_under_discussion(turn)
    if decision is None:
        return False
    return decision.outcome != turn.case.context.outcome or meets_a_lever(turn, decision)


def _only_tells(turn: Turn) -> bool:
    """Whether a message heard as pushback does no more than state something new: "I bought it 5 days ago"."""
    resists = turn.understanding.pushback or turn.understanding.complaint or turn.understanding.tone.label != "calm"
    return bool(turn.news) and not resists


def meets_a_lever(turn: Turn, decision: Decision) -> bool:
    """Whether what the customer just told us is the very thing a lever was made for."""
    policy = turn.kb.policies[decision.policy]
    for lever in _levers(turn, policy, decision):
        used = facts_in(lever.when) if lever.when else set()
        if used & set(turn.heard) and _surely(turn, policy, lever):
            return True
    return False


def _levers(turn: Turn, policy: Policy, decision: Decision) -> list[Lever]:
    """The levers not offered yet, those made for what this customer told us first.

    Staff still hold a lever that the bot could only tell of, until somebody grants it.
    """
    telling = turn.telling(policy, decision.table)
    context = turn.case.context
    granted = {one.lever for one in context.granted_under(policy.id)}
    levers = words.fitting_levers(telling, decision.named_outcome, dict(turn.case.levers_left))
    fresh = [
        lever
        for lever in levers
        if f"lever:{lever.id}" not in context.offered
        or (turn.is_for_staff and lever.by != "bot" and lever.id not in granted)
    ]
    fresh = [lever for lever in fresh if not _comes_too_late(turn, decision, lever)]
    return sorted(fresh, key=lambda lever: lever.when is None or not _surely(turn, policy, lever))


def _comes_too_late(turn: Turn, decision: Decision, lever: Lever) -> bool:
    """Whether even its days would be over by now."""
    until = recalling.last_day(turn, decision, lever)
    return until is not None and until < turn.today


def _surely(turn: Turn, policy: Policy, lever: Lever) -> bool:
    return lever.when is not None and decide.is_true(turn.kb, policy.id, lever.when, turn.facts, turn.today) is True


def _has_case(turn: Turn) -> bool:
    """Whether there is a case to decide: one under discussion, or one told in this message."""
    return bool(turn.heard or turn.case.context.decision)


def _acknowledge(draft: Draft, decision: Decision | None) -> None:
    turn = draft.turn
    phrase = acknowledge(turn.understanding, decision.verdict if decision else None, "", turn.case.context.said)
    draft.add_phrase("acknowledge", phrase or phrases().fresh("acknowledge.pushback", turn.case.context.said))


def _restate(draft: Draft, decision: Decision) -> Reply:
    turn = draft.turn
    policy = turn.kb.policies[decision.policy]
    telling = turn.telling(policy, decision.table)
    _acknowledge(draft, decision)
    draft.say("verdict", "answer.restate_yes" if decision.verdict == "yes" else "answer.restate")
    roles = ("verdict", "rule", "why", "next") if decision.verdict == "yes" else ("verdict", "rule")
    draft.parts.extend(words.outcome_parts(telling, decision, roles))
    if decision.verdict != "yes":
        _deeper_why(draft, telling, decision)
    draft.cite(*decision.citations)
    draft.decision = decision
    recalling.what_stands(draft, decision)
    draft.add("nearest", words.say_nearest_yes(telling, decision))
    _alternatives(draft, policy, decision)
    return draft.keep(receipt=turn.case.context.receipt).reply("softened")


def _stand_by_the_grant(draft: Draft, decision: Decision) -> Reply:
    """What was granted stands; who still resists is offered a person."""
    _acknowledge(draft, decision)
    deciding.tell_granted(draft, decision)
    if draft.turn.case.context.pushbacks:
        people.offer_person(draft, "second_refusal")
    return draft.reply("softened")


def _only_a_person(draft: Draft, decision: Decision) -> Reply:
    """What only a person can put right is not argued about: the next step is that person."""
    telling = draft.turn.telling(draft.turn.kb.policies[decision.policy], decision.table)
    _acknowledge(draft, decision)
    draft.parts.extend(words.outcome_parts(telling, decision, ("verdict", "next")))
    draft.cite(*decision.citations)
    draft.decision = decision
    return people.offer_to_pass_on(draft).keep(receipt=draft.turn.case.context.receipt).reply("softened")


def _deeper_why(draft: Draft, telling: Telling, decision: Decision) -> None:
    """The policy's own reason, where it has one: the outcome's was told with the decision."""
    if telling.policy.reasons:
        draft.add("why", telling.policy.reasons[0].say)
    else:
        draft.parts.extend(words.outcome_parts(telling, decision, ("why",)))


def _alternatives(draft: Draft, policy: Policy, decision: Decision) -> None:
    telling = draft.turn.telling(policy, decision.table)
    offers = words.outcome_of(telling, decision).offers
    alternatives = words.fitting_alternatives(telling, offers)
    draft.add("alternatives", words.say_alternatives(telling, alternatives))
    for item in alternatives:
        draft.button(item.label, "choose", choice=f"alternative:{policy.id}.{item.id}")
    draft.button(phrases().word("button_person"), "ask_human")


def _offer_levers(draft: Draft, decision: Decision) -> Reply:
    turn = draft.turn
    policy = turn.kb.policies[decision.policy]
    telling = turn.telling(policy, decision.table)
    levers = _levers(turn, policy, decision)
    draft.decision = decision
    recalling.what_stands(draft, decision)
    _acknowledge(draft, decision)
    if not levers:
        return _last_step(draft, policy, decision)
    lever = levers[0]
    draft.say("verdict", "answer.restate")
    if turn.case.context.pushbacks:
        draft.add("why", phrases().line("answer.same_for_all"))
    draft.parts.extend(words.outcome_parts(telling, decision, ("verdict",)))
    draft.say("lever", "answer.lever_lead").add("lever", words.say_lever(telling, lever))
    draft.cite(Citation.of(policy.id, lever.clause), role="lever")
    draft.keep(offered=(*turn.case.context.offered, f"lever:{lever.id}"))
    return _propose(draft, policy, lever)


def _propose(draft: Draft, policy: Policy, lever: Lever) -> Reply:
    """The bot grants its own levers at a tap; for the rest it asks to bring in a person."""
    if lever.by == "bot":
        draft.button(lever.label, "choose", choice=f"lever:{policy.id}.{lever.id}")
        draft.button(phrases().word("button_person"), "ask_human")
        return draft.keep(awaiting="offer").reply("softened")
    draft.say("offer", "answer.lever_consent")
    return people.offer_person(draft, "second_refusal", asked=True).reply("softened")


def _last_step(draft: Draft, policy: Policy, decision: Decision) -> Reply:
    telling = draft.turn.telling(policy, decision.table)
    draft.parts.extend(words.outcome_parts(telling, decision, ("verdict", "rule")))
    draft.cite(*decision.citations)
    draft.say("next", "answer.no_more" if decision.verdict == "yes" else "answer.no_lever")
    return people.offer_person(draft, "second_refusal").reply("softened")


def _soften_explanation(turn: Turn) -> Reply:
    """Pushback on a rule as such: its reason, how it helps, and what else there is; then a person."""
    policy = turn.kb.policies.get(turn.case.context.policy or "")
    if policy is None:
        found = turn.search()
        return answering.answer(turn) if found.status == "covered" else people.take_complaint(turn)
    draft = _draft(turn)
    _acknowledge(draft, None)
    draft.add("why", policy.reasons[0].say if policy.reasons else policy.helps_you)
    telling = turn.telling(policy)
    draft.add("alternatives", words.say_alternatives(telling, words.fitting_alternatives(telling)[:2]))
    clause = policy.clauses.get(turn.case.context.part) or next(iter(policy.clauses.values()))
    draft.cite(answering.citation(clause))
    if turn.case.context.pushbacks:
        people.offer_person(draft, "second_refusal")
    else:
        draft.button(phrases().word("button_person"), "ask_human")
    return draft.reply("softened")
