"""Something offered was chosen: a policy, an alternative, a lever, a decision to check, or a person."""

from __future__ import annotations

from collections.abc import Callable

from plainly.model import Citation, Found, Grant, PastGrant, Reply
from plainly.turn.listening import pick
from plainly.turn.moves import answering, deciding, people, recalling, softening
from plainly.turn.turn import Draft, Turn
from plainly.wording import outcome as words
from plainly.wording.phrases import phrases
from plainly.wording.quote import link, say_steps
from plainly.wording.slots import join_words


def choose(turn: Turn) -> Reply:
    """Carries out what the customer picked; typed words count when they name one of the offers."""
    choice = turn.case.choice or _typed(turn)
    kind, _, name = choice.partition(":")
    if kind not in CHOICES:
        return _not_among_them(turn)
    try:
        return CHOICES[kind](turn, name)
    except KeyError:  # offered from an older folder, and gone since
        return answering.answer(turn)


def _not_among_them(turn: Turn) -> Reply:
    """None of the offers was meant: a fact, a new question, or words we ask about once, and only once, more."""
    if turn.heard:
        return deciding.decide_case(turn)
    context, choices = turn.case.context, turn.case.context.choices
    if context.awaiting != "choice" or not choices or context.unclear or turn.search().status == "covered":
        return recalling.told_already(turn, "answer") or answering.answer(turn)
    labels = [button.label.lower() for button in choices]
    draft = Draft(turn).say("question", "answer.which_one", options=join_words(labels, "or"))
    draft.buttons.extend(choices)
    return draft.keep(awaiting="choice", unclear=turn.case.context.unclear + 1).reply("clarified")


def _typed(turn: Turn) -> str:
    choices = turn.case.context.choices
    if turn.case.act == "affirm" and choices:
        return choices[0].choice
    picked = pick(turn.case.text, choices)
    return picked.choice if picked else ""


def _policy(turn: Turn, name: str) -> Reply:
    """One of several policies was meant: the first question, answered from it."""
    policy = turn.kb.policies[name]
    question = turn.case.context.question or policy.title
    found = turn.engine.index.search(question, policy=name)
    passages = tuple(passage for passage in found.passages if passage.policy == name)
    return answering.explain(turn.about(question), Found(passages, found.covered, "covered", ((name, 1.0),)), policy)


def _decision(turn: Turn, name: str) -> Reply:
    return deciding.decide_table(turn, turn.kb.table(name))


def _alternative(turn: Turn, name: str) -> Reply:
    """An alternative: what it is, and where it leads, decided at once where its policy can."""
    policy_id, _, alternative_id = name.partition(".")
    policy = turn.kb.policies[policy_id]
    alternative = policy.alternatives[alternative_id]
    target = turn.kb.policies.get(alternative.policy or "")
    if target is not None and target.decisions:
        table = next(iter(target.decisions.values()))
        return deciding.decide_table(turn, table)
    draft = Draft(turn).say("verdict", "answer.picked")
    draft.add("alternatives", words.say_alternatives(turn.telling(policy), [alternative]))
    if alternative.clause:
        draft.cite(Citation.of(policy.id, alternative.clause))
    home = target or policy
    if home.procedures:
        draft.add("next", say_steps(home.procedures[0]))
    elif home.resources:
        draft.add("links", link(home.resources[0]))
    draft.button(phrases().word("button_person"), "ask_human")
    return draft.keep(policy=home.id, outcome=turn.case.context.outcome if home is policy else None).reply("answered")


def _lever(turn: Turn, name: str) -> Reply:
    """The bot spends a lever of its own: once, within its cap, in the ledger; what needs hands goes on to a person."""
    policy_id, _, lever_id = name.partition(".")
    policy = turn.kb.policies[policy_id]
    lever = policy.levers[lever_id]
    draft = Draft(turn)
    draft.cite(Citation.of(policy.id, lever.clause))
    context = turn.case.context
    draft.keep(outcome=context.outcome, part=context.part)
    if turn.is_for_staff:  # they grant it themselves, and what they then say is their own
        telling = turn.telling(policy, context.decision)
        return draft.say("verdict", "answer.picked").add("lever", words.say_lever(telling, lever)).reply("softened")
    if lever.by != "bot" or turn.case.levers_left.get(name, 1) <= 0:
        draft.add("verdict", phrases().line("answer.lever_gone"))
        return people.offer_person(draft, "second_refusal").reply("softened")
    amount = words.lever_amount(lever, turn.kb.business.currency)
    what = words.say_grant(lever, amount)
    draft.effects.append(Grant(policy_id, lever_id, amount, f"{context.decision}: {context.outcome}"))
    draft.keep(granted=(*context.granted, PastGrant("", policy_id, lever_id, what)))
    if lever.needs_hands:
        draft.add("verdict", phrases().line("answer.lever_by_hand", what=what))
        return people.carry_out(draft, what)
    draft.add("verdict", phrases().line("answer.lever_done", what=what))
    softening.tell_last_day(draft, lever)
    if policy.procedures:
        draft.add("next", say_steps(policy.procedures[0]))
    return draft.reply("softened")


def _unsure(turn: Turn, _: str) -> Reply:
    """The customer tapped "I'm not sure"."""
    context = turn.case.context
    policy = turn.kb.policies[context.policy or ""]
    draft = Draft(turn).keep(policy=policy.id, decision=context.decision)
    return deciding.without_the_fact(draft, policy)


def _person(turn: Turn, _: str) -> Reply:
    return people.hand_over(turn)


CHOICES: dict[str, Callable[[Turn, str], Reply]] = {
    "policy": _policy,
    "decision": _decision,
    "alternative": _alternative,
    "lever": _lever,
    "unsure": _unsure,
    "person": _person,
}
