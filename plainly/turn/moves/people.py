"""Bringing in a person: the words and the hand-over are one reply, so neither comes without the other."""

from __future__ import annotations

from typing import cast, get_args

from babel.dates import format_datetime
from babel.lists import format_list

from plainly.model import Context, Escalate, EscalationReason, Record, Reply
from plainly.turn import topic
from plainly.turn.turn import Draft, Turn
from plainly.wording import outcome as words
from plainly.wording.acknowledge import acknowledge
from plainly.wording.phrases import phrases
from plainly.wording.quote import quote, way_to_reach
from plainly.wording.slots import join_words

COMPLAINT_TOLD = "complaint:told"
"""Said once how we deal with complaints, what comes after it is answered for what it says."""

_ALWAYS_OPEN = ("email", "form")
"""Kinds of channels on which a message reaches us while nobody is there."""


def offer_person(draft: Draft, reason: EscalationReason, *, asked: bool = False) -> Draft:
    """Asks whether to bring in a person; `asked` when the reply has put the question already."""
    if draft.turn.is_for_staff:
        return draft
    if not asked:
        draft.say("offer", "answer.person_offer")
    words_ = phrases()
    draft.button(words_.word("button_consent"), "choose", choice=f"person:{reason}")
    draft.button(words_.word("button_decline"), "deny")
    return draft.keep(awaiting="consent")


def offer_to_pass_on(draft: Draft) -> Draft:
    """Asks whether to pass a case on that only a person can settle."""
    return offer_person(draft.say("offer", "handoff.needs_agent_offer"), "needs_agent", asked=True)


def hand_over(turn: Turn) -> Reply:
    """Moves the conversation to people and says what happens next."""
    if turn.is_for_staff:
        return _already_here(Draft(turn).say("verdict", "handoff.open"))
    return _escalate(Draft(turn), _reason(turn))


def hand_over_unread(turn: Turn) -> Reply:
    """Moves the conversation to people because we can't read the customer's language."""
    return _escalate(Draft(turn), "not_understood")


def carry_out(draft: Draft, what: str) -> Reply:
    """Moves the conversation to people, who do what the reply has just granted."""
    wants = phrases().line("handoff.carry_out", what=what)
    return _escalate(draft, "needs_agent", lead=False, wants=wants)


def hand_over_alarm(turn: Turn) -> Reply:
    """Danger, a person at risk, or a court: a person at once, and first what helps now."""
    alarm = turn.understanding.alarm or "vulnerable"
    draft = Draft(turn).say("verdict", f"handoff.{alarm}")
    if turn.is_for_staff:
        return _already_here(draft)
    return _escalate(draft, alarm, lead=False)


def _already_here(draft: Draft) -> Reply:
    """The customer wants a person and has one: nothing is handed over, and what was discussed stays."""
    context = draft.turn.case.context
    return draft.keep(outcome=context.outcome, part=context.part, asked=context.asked).reply("with_agent")


def _reason(turn: Turn) -> EscalationReason:
    """Why: what the tapped or affirmed consent was asked for, or because the customer asked."""
    asked = turn.understanding.wants_human or turn.case.act == "ask_human"
    consented = turn.case.context.awaiting == "consent" and not asked
    offers = [button.choice for button in turn.case.context.choices] if consented else []
    for choice in (turn.case.choice, *offers):
        kind, _, reason = choice.partition(":")
        if kind == "person" and reason in get_args(EscalationReason):
            return cast("EscalationReason", reason)
    return "asked"


def _escalate(draft: Draft, reason: EscalationReason, *, lead: bool = True, wants: str = "") -> Reply:
    desk, context = draft.turn.case.desk, draft.turn.case.context
    if desk.open:
        _open_words(draft, lead)
    else:
        _closed_words(draft)
    known = packet(draft.turn)
    draft.effects.append(Escalate(reason, {**known, "wants": wants or known["wants"]}))
    draft.keep(outcome=context.outcome, part=context.part, awaiting="nothing" if desk.open else "contact")
    return draft.reply("escalated")


def _open_words(draft: Draft, lead: bool) -> None:
    desk = draft.turn.case.desk
    if lead:
        draft.say("verdict", "handoff.open")
    place = "handoff.open_first" if desk.waiting == 0 else "handoff.open_place"
    draft.add("next", phrases().line(place, place=str(desk.waiting + 1)))
    if desk.wait_minutes is None:
        draft.add("next", phrases().line("handoff.open_unknown"))
    else:
        draft.add("next", phrases().line("handoff.open_wait", minutes=_minutes(desk.wait_minutes)))


def _minutes(minutes: int) -> str:
    from decimal import Decimal

    from plainly.wording.values import say_amount

    return say_amount(Decimal(max(minutes, 1)), phrases().word("minute" if minutes <= 1 else "minutes"))


def _closed_words(draft: Draft) -> None:
    turn = draft.turn
    draft.say("verdict", "handoff.closed", opens=_opens(turn))
    draft.add("question", phrases().line("handoff.closed_contact"))
    others = [way_to_reach(item) for item in turn.kb.business.channels if item.kind in _ALWAYS_OPEN]
    if others:
        draft.add("links", phrases().line("handoff.channels", channels=format_list(others, "or", locale="en_GB")))


def _opens(turn: Turn) -> str:
    opens = turn.case.desk.opens
    if opens is None:
        return phrases().word("soon")
    time = format_datetime(opens, "HH:mm", locale="en_GB")
    if opens.date() == turn.today:
        return phrases().word("opens_today", time=time)
    return phrases().word("opens_day", day=format_datetime(opens, "EEEE d MMMM", locale="en_GB"), time=time)


def packet(turn: Turn) -> dict[str, object]:
    """What a person must know to go on without asking again."""
    context = turn.case.context
    policy = turn.kb.policies.get(context.policy or "")
    telling = turn.telling(policy, context.decision) if policy else None
    return {
        "wants": context.question or turn.case.text[:500],
        "said": turn.case.text[:2000],
        "policy": context.policy,
        "decision": context.decision,
        "outcome": context.outcome,
        "receipt": context.receipt,
        "facts": {
            name: words.name_fact(telling, turn.kb.facts[name], fact.value)
            for name, fact in turn.facts.items()
            if name in turn.kb.facts
        }
        if telling
        else {},
        "offered": list(context.offered),
        "declined": list(context.declined),
        "pushbacks": context.pushbacks,
        "tones": [*context.tones, turn.understanding.tone.label],
        "situation": turn.understanding.situation or context.situation,
    }


def keep_going(turn: Turn) -> Reply:
    """The customer declined what was offered: it stays offered no more, we stay here, and ask how a no affects them."""
    from plainly.turn.moves import social

    context = turn.case.context
    draft = Draft(turn)
    policy = turn.kb.policies.get(context.policy or "")
    telling = turn.telling(policy, context.decision) if policy else None
    still = [item for item in words.fitting_alternatives(telling) if item.id in context.offered] if telling else []
    options = join_words([item.label.lower() for item in still], "or")
    draft.say("verdict", "answer.stays_alternatives" if still else "answer.stays", options=options)
    for item in still:
        draft.button(item.label, "choose", choice=f"alternative:{context.policy}.{item.id}")
    draft.keep(declined=(*context.declined, *_declined(context)), outcome=context.outcome, part=context.part)
    if _heard_a_no(turn):
        social.ask_opinion(draft, policy)
    return draft.reply("smalltalk")


def _heard_a_no(turn: Turn) -> bool:
    """Whether the rules gave this customer less than they wanted."""
    context, table = turn.case.context, topic.current_table(turn)
    outcome = table.outcomes.get(context.outcome or "") if table else None
    return outcome is not None and outcome.verdict in ("no", "partly")


def _declined(context: Context) -> tuple[str, ...]:
    """The lever that was on offer, by the bot or through a person; the ways beside it stay open."""
    through_a_person = "person:second_refusal" in (button.choice for button in context.choices)
    on_offer = context.offered[-1] if context.offered and (context.awaiting == "offer" or through_a_person) else ""
    granted = {f"lever:{one.lever}" for one in context.granted}
    return (on_offer,) if on_offer.startswith("lever:") and on_offer not in granted else ()


def take_complaint(turn: Turn) -> Reply:
    """A complaint: heard, recorded, with what happens to complaints, and a person if they want one."""
    from plainly.turn.moves import answering, deciding

    context = turn.case.context
    if turn.heard and not context.outcome:
        found = turn.search()
        if found.status == "covered" and found.policies and turn.kb.policies[found.policies[0][0]].decisions:
            return deciding.decide_case(turn)
    if COMPLAINT_TOLD in context.said and turn.search().status != "not_covered":
        return deciding.decide_case(turn)
    draft = Draft(turn)
    draft.said.append(COMPLAINT_TOLD)
    phrase = acknowledge(turn.understanding, None, "", context.said) or phrases().fresh(
        "acknowledge.complaint", context.said
    )
    draft.add_phrase("acknowledge", phrase)
    found = turn.engine.index.search(phrases().line("handoff.complaint_search"))
    if found.passages:
        clause = turn.kb.policies[found.passages[0].policy].clauses[found.passages[0].clause]
        draft.add("rule", phrases().line("handoff.complaint_rule", rule=quote(clause, 40))).cite(
            answering.citation(clause)
        )
    draft.effects.append(Record("complaint", {"text": turn.case.text[:2000], "policy": context.policy or ""}))
    draft.say("offer", "handoff.consent_complaint")
    draft.keep(outcome=context.outcome, part=context.part, question=context.question or turn.case.text)
    return offer_person(draft, "complaint", asked=True).reply("softened")


def apologise(turn: Turn) -> Reply:
    """Something failed on our side: say so, keep everything, offer a person."""
    draft = Draft(turn).say("verdict", "handoff.error")
    draft.keep(outcome=turn.case.context.outcome, part=turn.case.context.part)
    return offer_person(draft, "error", asked=True).reply("error_engine")
