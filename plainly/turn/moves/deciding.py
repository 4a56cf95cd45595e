"""Saying what the rules mean for this customer, or asking for the one fact that settles it."""

from __future__ import annotations

from plainly import decide
from plainly.errors import PlainlyError
from plainly.model import Between, Decision, DecisionTable, Fact, Passage, Policy, Reply
from plainly.retrieve.words import content_words
from plainly.turn import topic
from plainly.turn.decisions import facts_used
from plainly.turn.listening import asks_why_we_ask, is_unsure
from plainly.turn.moves import answering, people, recalling
from plainly.turn.turn import Draft, Turn
from plainly.wording import outcome as words
from plainly.wording.acknowledge import acknowledge
from plainly.wording.phrases import phrases
from plainly.wording.quote import link, quote
from plainly.wording.slots import Telling

STATUS = {"yes": "decided_yes", "no": "decided_no", "partly": "decided_partly", "agent": "needs_agent"}
MOST_BUTTONS = 6
MOST_TRIES = 1
"""So often a question is asked once more; then the customer gets the rule as it stands, and a person."""

WHOLE_CASE = 2
"""From this many facts on, a message tells a case rather than asks about a rule."""


def decide_case(turn: Turn) -> Reply:
    """The decision the message asks for: told when it is settled, else the next question."""
    context = turn.case.context
    if context.asked and asks_why_we_ask(turn.case.text) and not turn.heard:
        return why_asked(turn)
    found = turn.search()
    table = topic.decision_for(turn, found)
    if table is None:
        return answering.answer(turn)
    return decide_table(turn, table, found.passages)


def tells_a_case(turn: Turn) -> bool:
    """Whether the message tells of a thing and what is with it, and asks nothing."""
    return len(turn.heard) >= WHOLE_CASE and not turn.understanding.asks


def told_case(turn: Turn) -> Reply | None:
    """The decision, when the message tells a whole case that is not the one just decided; else None."""
    if len(turn.heard) < WHOLE_CASE:
        return None
    found = turn.search()
    table = topic.decision_for(turn, found)
    if table is None or (table.id == turn.case.context.decision and turn.case.context.outcome):
        return None
    reply = decide_table(turn, table, found.passages)
    return reply if reply.decision is not None and reply.decision.outcome is not None else None


def decide_table(turn: Turn, table: DecisionTable, passages: tuple[Passage, ...] = ()) -> Reply:
    """One decision for this case, in words."""
    policy = turn.kb.policies[table.policy]
    draft = Draft(turn, passages=passages)
    draft.keep(
        policy=policy.id,
        decision=table.id,
        question=(turn.case.text if turn.understanding.asks else turn.case.context.question) or turn.case.text,
    )
    try:
        decision = decide.decide(turn.kb, table.id, turn.facts, turn.today)
    except PlainlyError:
        return _out_of_reach(draft)
    if decision.outcome is None:
        return ask(draft, decision, policy)
    if _stays_a_no(turn, decision):
        from plainly.turn.moves import softening

        return softening.climb(turn, decision)
    return tell(draft, decision)


def _stays_a_no(turn: Turn, decision: Decision) -> bool:
    """Whether the customer was told this no before and now resists, or tells us what a lever was made for."""
    from plainly.turn.moves import softening

    context = turn.case.context
    told_before = decision.table == context.decision and decision.outcome == context.outcome
    return (
        told_before
        and decision.verdict in ("no", "partly")
        and (turn.understanding.pushback or softening.meets_a_lever(turn, decision))
    )


def _out_of_reach(draft: Draft) -> Reply:
    """The rules on record do not reach that date: never a guess, always a person."""
    draft.say("verdict", "answer.out_of_reach")
    return people.offer_person(draft, "needs_agent").reply("needs_agent")


def ask(draft: Draft, decision: Decision, policy: Policy) -> Reply:
    """The question whose answer brings the decision nearest, with the rule in short the first time."""
    turn, context = draft.turn, draft.turn.case.context
    asked = decision.asks or decision.missing[0]
    fact = turn.kb.facts[asked]
    helps = {*facts_used(turn.kb.table(decision.table)), *decision.trace.facts, *decision.missing} & turn.news
    again = context.asked == asked and context.decision == decision.table and not helps
    if again and (is_unsure(turn.case.text) or context.unclear >= MOST_TRIES):
        return without_the_fact(draft, policy)
    draft.add_phrase("acknowledge", acknowledge(turn.understanding, None, "", context.said))
    if isinstance(turn.facts.get(asked) and turn.facts[asked].value, Between):
        draft.say("question", "answer.ask_rough")
    elif again:
        draft.say("question", "answer.ask_again")
    elif context.decision == decision.table:
        _note_corrections(draft, policy, decision)
    else:
        draft.add("rule", policy.summary)
        draft.say("question", "answer.ask_lead")
    answering.also(draft, _other_asks(turn, decision))
    put(draft, fact)
    draft.decision = decision
    tries = context.unclear + 1 if again else 0
    return draft.keep(awaiting="fact", asked=asked, outcome=None, unclear=tries).reply("asked_fact")


def _note_corrections(draft: Draft, policy: Policy, decision: Decision) -> None:
    corrected = draft.turn.understanding.corrected
    told = words.say_facts(draft.turn.telling(policy, decision.table), corrected)
    if told:
        draft.say("question", "answer.noted", facts=told)


def put(draft: Draft, fact: Fact) -> Draft:
    """The question for a fact, with buttons for the values a customer can tap, and one for not knowing."""
    draft.add("question", fact.ask)
    if fact.type == "choice":
        for option in fact.options[:MOST_BUTTONS]:
            draft.button(option.label or option.say.capitalize(), "inform", facts={fact.name: option.name})
    elif fact.type == "yes_no":
        draft.button(phrases().word("button_yes"), "inform", facts={fact.name: True})
        draft.button(phrases().word("button_no"), "inform", facts={fact.name: False})
    return draft.button(phrases().word("button_unsure"), "inform", choice="unsure")


def without_the_fact(draft: Draft, policy: Policy) -> Reply:
    """The customer can't tell: the rule itself, nothing guessed, and a person who can look it up."""
    draft.parts.clear()
    draft.say("verdict", "answer.cannot_know")
    context = draft.turn.case.context
    table = topic.current_table(draft.turn)
    question = " ".join(part for part in (context.question, table.title if table else policy.title) if part)
    found = draft.turn.engine.index.search(question, policy=policy.id)
    passages = [passage for passage in found.passages if passage.policy == policy.id]
    clause = policy.clauses[passages[0].clause] if passages else next(iter(policy.clauses.values()))
    draft.add("rule", quote(clause)).cite(answering.citation(clause))
    return people.offer_person(draft, "needs_agent").reply("answered")


def why_asked(turn: Turn) -> Reply:
    """Why we ask for a fact, and the question again."""
    fact = turn.kb.facts[turn.case.context.asked or ""]
    draft = Draft(turn)
    draft.add(
        "why",
        phrases().line("answer.ask_why_lead", why=fact.why) if fact.why else phrases().line("answer.why_asked_plain"),
    )
    return put(draft, fact).keep(awaiting="fact", asked=fact.name).reply("asked_fact")


def tell(draft: Draft, decision: Decision) -> Reply:
    """A settled decision, in the order of a good reply."""
    turn, context = draft.turn, draft.turn.case.context
    policy = turn.kb.policies[decision.policy]
    telling = turn.telling(policy, decision.table)
    result = words.outcome_of(telling, decision)
    told = words.say_facts(telling, _most_told(turn, decision))
    draft.decision = decision
    if result.verdict in ("no", "partly") and recalling.granted_for(turn, decision):
        return tell_granted(draft, decision).reply(STATUS[result.verdict])
    draft.add_phrase("acknowledge", acknowledge(turn.understanding, result.verdict, told, context.said))
    is_same = decision.table == context.decision and decision.outcome == context.outcome
    if is_same and turn.heard:
        draft.say("verdict", "answer.unchanged")
    if result.verdict == "agent" and turn.is_for_staff:
        draft.say("verdict", "answer.looking")
        draft.parts.extend(words.outcome_parts(telling, decision, ("rule", "why")))
    else:
        roles = ("verdict", "rule", "next") if is_same else ("verdict", "rule", "why", "next")
        draft.parts.extend(words.outcome_parts(telling, decision, roles))
    draft.cite(*decision.citations)
    answering.also(draft, _other_asks(turn, decision))
    _way_forward(draft, telling, decision)
    _read_back(draft, telling, decision)
    _settle(draft, decision)
    if not is_same:
        draft.keep(pushbacks=0)
    if result.verdict == "agent":
        return people.offer_to_pass_on(draft).reply("needs_agent")
    return draft.button(phrases().word("button_more"), "ask_more").reply(STATUS[result.verdict])


def _settle(draft: Draft, decision: Decision) -> Draft:
    receipt = decision.receipt.id if decision.receipt else None
    return draft.keep(outcome=decision.outcome, receipt=receipt, part="more", unclear=0)


def tell_granted(draft: Draft, decision: Decision) -> Draft:
    """A "no" of the rules that was given room: what was granted comes first, the rule after it."""
    telling = draft.turn.telling(draft.turn.kb.policies[decision.policy], decision.table)
    draft.decision = decision
    recalling.what_stands(draft, decision, role="acknowledge")
    recalling.tell_last_day(draft, decision)
    draft.say("verdict", "answer.beside_the_grant")
    draft.parts.extend(words.outcome_parts(telling, decision, ("rule",)))
    draft.cite(*decision.citations)
    _settle(draft, decision).button(phrases().word("button_person"), "ask_human")
    return draft.button(phrases().word("button_more"), "ask_more")


def _other_asks(turn: Turn, decision: Decision) -> tuple[str, ...]:
    """The questions of the message beside the one that the decision answers."""
    asks = tuple(ask for ask in turn.understanding.asks if content_words(ask))
    table = turn.kb.table(decision.table)
    if len(asks) < 2:
        return asks if asks and asks[0] != turn.case.text and _is_of_another(turn, asks[0], table.policy) else ()
    likeness = [turn.engine.likeness(ask, (table.title, *table.questions)) for ask in asks]
    return tuple(ask for at, ask in enumerate(asks) if at != likeness.index(max(likeness)))


def _is_of_another(turn: Turn, ask: str, policy: str) -> bool:
    """Whether a question beside the case that was told is surely another policy's."""
    found = turn.search(ask)
    is_sure = found.covered >= topic.CERTAIN and found.policies[0][1] >= topic.CERTAIN
    nearest = turn.engine.decisions_near(ask, ())
    return is_sure and policy not in (found.policies[0][0], nearest[0][1].policy if nearest else "")


def _most_told(turn: Turn, decision: Decision) -> tuple[str, ...]:
    """The two facts of this message that the customer spent most words on."""
    heard = [name for name in turn.heard if name in decision.trace.facts]
    return tuple(sorted(heard, key=lambda name: -len(turn.facts[name].said))[:2])


def _way_forward(draft: Draft, telling: Telling, decision: Decision) -> None:
    """The nearest yes, what can be done instead, and a link."""
    result = words.outcome_of(telling, decision)
    if result.verdict in ("no", "partly"):
        draft.add("nearest", words.say_nearest_yes(telling, decision))
    alternatives = words.fitting_alternatives(telling, result.offers)
    draft.add("alternatives", words.say_alternatives(telling, alternatives))
    for item in alternatives:
        draft.button(item.label, "choose", choice=f"alternative:{telling.policy.id}.{item.id}")
    if result.verdict == "no":
        draft.button(phrases().word("button_person"), "ask_human")
    draft.keep(offered=(*draft.turn.case.context.offered, *(item.id for item in alternatives)))
    if telling.policy.resources and result.verdict != "agent" and not alternatives:
        draft.add("links", link(telling.policy.resources[0]))


def _read_back(draft: Draft, telling: Telling, decision: Decision) -> None:
    """What the decision went by, said back so that it can be corrected; not what the rule just said."""
    spoken = " ".join(part.text for part in draft.parts)
    heard = [
        name
        for name in decision.trace.facts
        if name in draft.turn.heard and draft.turn.facts[name].source == "customer"
    ]
    unsaid = tuple(name for name in heard if (telling.say_fact(name, "ago") or "") not in spoken)
    told = words.say_facts(telling, unsaid)
    if told:
        key = "answer.noted" if draft.turn.understanding.corrected else "answer.went_by"
        draft.say("understood", key, facts=told)
