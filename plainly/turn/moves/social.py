"""Small talk, feedback, and what lies outside: short, friendly, and back to the rules."""

from __future__ import annotations

from plainly.model import Record, Reply
from plainly.turn import topic
from plainly.turn.moves import answering
from plainly.turn.turn import Draft, Turn
from plainly.wording.slots import join_words

KINDS = {"greet": "greet", "thank": "thank", "goodbye": "goodbye", "bot_challenge": "bot"}
TOPICS = 4


def small_talk(turn: Turn) -> Reply:
    """A greeting, thanks, a goodbye, or "are you a robot"; a question inside it is answered instead."""
    if turn.understanding.asks and turn.search().covered >= topic.CERTAIN:
        return answering.answer(turn)
    kind = KINDS.get(turn.case.act, "greet")
    draft = Draft(turn).say("verdict", f"social.{kind}", business=turn.kb.business.name)
    if kind == "greet":
        _topics(draft)
    return _unchanged(draft).reply("smalltalk")


def out_of_scope(turn: Turn) -> Reply:
    """Nothing to do with our rules, unless the folder surely answers it."""
    found = turn.search()
    if found.covered >= topic.CERTAIN:
        return answering.answer(turn)
    draft = Draft(turn, passages=found.passages, confidence=found.covered)
    titles = [policy.title.lower() for policy in turn.kb.policies.values()][:TOPICS]
    draft.say("verdict", "social.out_of_scope", business=turn.kb.business.name, topics=join_words(titles))
    _topics(draft)
    return _unchanged(draft).reply("out_of_scope")


def take_feedback(turn: Turn) -> Reply:
    """Praise or a suggestion: kept for the owners, and an open question where the policy has one."""
    policy = turn.kb.policies.get(turn.case.context.policy or "")
    draft = Draft(turn).say("verdict", "social.feedback")
    draft.effects.append(Record("feedback", {"text": turn.case.text[:2000], "policy": policy.id if policy else ""}))
    if policy and policy.open_question:
        draft.add("question", policy.open_question)
    return _unchanged(draft).reply("smalltalk")


def _topics(draft: Draft) -> None:
    for policy in list(draft.turn.kb.policies.values())[:TOPICS]:
        draft.button(policy.title, "choose", choice=f"policy:{policy.id}")


def _unchanged(draft: Draft) -> Draft:
    context = draft.turn.case.context
    return draft.keep(outcome=context.outcome, part=context.part, awaiting=context.awaiting, asked=context.asked)
