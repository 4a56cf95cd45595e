"""Small talk, feedback, and what lies outside: short, friendly, and back to the rules."""

from __future__ import annotations

from plainly.model import Fact, Record, Reply
from plainly.turn import topic
from plainly.turn.moves import answering, deciding
from plainly.turn.turn import Draft, Turn
from plainly.wording.slots import join_words

KINDS = {"greet": "greet", "thank": "thank", "goodbye": "goodbye", "bot_challenge": "bot"}
TOPICS = 4


def small_talk(turn: Turn) -> Reply:
    """A greeting, thanks, a goodbye, or "are you a robot"; a question inside it is answered instead."""
    if turn.understanding.asks and turn.search().covered >= topic.CERTAIN:
        return answering.answer(turn)
    kind = KINDS.get(turn.case.act, "greet")
    is_open = _open_fact(turn) is not None or (turn.is_for_staff and kind == "greet" and turn.case.context.question)
    key = f"social.{kind}_open" if kind in ("greet", "thank") and is_open else f"social.{kind}"
    draft = Draft(turn).say("verdict", key, business=turn.kb.business.name)
    if kind == "goodbye":
        return _unchanged(draft).reply("smalltalk")
    return _resume(draft, topics=kind == "greet").reply("smalltalk")


def out_of_scope(turn: Turn) -> Reply:
    """Nothing to do with our rules, unless the folder surely answers it."""
    found = turn.search()
    if found.covered >= topic.CERTAIN:
        return answering.answer(turn)
    draft = Draft(turn, passages=found.passages, confidence=found.covered)
    titles = [policy.title.lower() for policy in turn.kb.policies.values()][:TOPICS]
    draft.say("verdict", "social.out_of_scope", business=turn.kb.business.name, topics=join_words(titles))
    return _resume(draft, topics=True).reply("out_of_scope")


def take_feedback(turn: Turn) -> Reply:
    """Praise or a suggestion: kept for the owners, and an open question where the policy has one."""
    policy = turn.kb.policies.get(turn.case.context.policy or "")
    draft = Draft(turn).say("verdict", "social.feedback")
    draft.effects.append(Record("feedback", {"text": turn.case.text[:2000], "policy": policy.id if policy else ""}))
    if policy and policy.open_question and _open_fact(turn) is None:
        draft.add("question", policy.open_question)
    return _resume(draft).reply("smalltalk")


def _open_fact(turn: Turn) -> Fact | None:
    """The fact our last question asked for, while it is open."""
    context = turn.case.context
    return turn.kb.facts.get(context.asked or "") if context.awaiting == "fact" else None


def _resume(draft: Draft, *, topics: bool = False) -> Draft:
    """Back to what was open: our question once more, else topics to choose from where they help."""
    fact = _open_fact(draft.turn)
    if fact is not None:
        deciding.put(draft.say("question", "answer.ask_again"), fact)
    elif topics:
        for policy in list(draft.turn.kb.policies.values())[:TOPICS]:
            draft.button(policy.title, "choose", choice=f"policy:{policy.id}")
    return _unchanged(draft)


def _unchanged(draft: Draft) -> Draft:
    """What was offered can still be taken, unless this reply offers something else."""
    context = draft.turn.case.context
    if not draft.buttons:
        draft.keep(choices=context.choices)
    return draft.keep(outcome=context.outcome, part=context.part, awaiting=context.awaiting, asked=context.asked)
