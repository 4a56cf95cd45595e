"""Small talk, feedback, and what lies outside: short, friendly, and back to the rules."""

from __future__ import annotations

from plainly.model import Fact, Policy, Record, Reply
from plainly.retrieve.words import content_words
from plainly.turn import topic
from plainly.turn.listening import pick, points_back, says_goodbye
from plainly.turn.moves import answering, choosing, deciding, people, softening
from plainly.turn.turn import Draft, Turn
from plainly.wording.phrases import phrases
from plainly.wording.slots import join_words

KINDS = {"greet": "greet", "thank": "thank", "goodbye": "goodbye", "bot_challenge": "bot"}
TOPICS = 4
_FEWEST_WORDS = 2
"""What has fewer words of its own is no opinion: "nope"."""


def small_talk(turn: Turn) -> Reply:
    """A greeting, thanks, a goodbye, or "are you a robot"; a question inside it is answered instead."""
    kind = KINDS.get(turn.case.act, "greet")
    if _asks_beside(turn, kind):
        return answering.answer(turn)
    is_open = _open_fact(turn) is not None or (turn.is_for_staff and kind == "greet" and turn.case.context.question)
    key = f"social.{kind}_open" if kind in ("greet", "thank") and is_open else f"social.{kind}"
    draft = Draft(turn).say("verdict", key, business=turn.kb.business.name)
    if kind == "goodbye":
        return _unchanged(draft).reply("smalltalk")
    return _resume(draft, topics=kind == "greet").reply("smalltalk")


def _asks_beside(turn: Turn, kind: str) -> bool:
    """Whether there is a question to answer; one taken for a goodbye that has no word of it is no goodbye."""
    if not turn.understanding.asks:
        return False
    misheard = kind == "goodbye" and not says_goodbye(turn.case.text)
    return misheard or turn.search().covered >= topic.CERTAIN


def out_of_scope(turn: Turn) -> Reply:
    """Nothing to do with our rules, unless the folder surely answers it, tells a case or is about what we discuss."""
    found = turn.search()
    if found.covered >= topic.CERTAIN:
        return answering.answer(turn)
    tells = deciding.tells_a_case(turn)
    table = topic.of_the_rule_told(turn) or (topic.decision_for(turn, found) if tells else None)
    if table is not None:
        return deciding.decide_table(turn, table, found.passages)
    if tells or (turn.understanding.asks and turn.case.context.policy and points_back(turn.case.text)):
        return answering.not_found(turn, found)
    draft = Draft(turn, passages=found.passages, confidence=found.covered)
    titles = [policy.title.lower() for policy in turn.kb.policies.values()][:TOPICS]
    draft.say("verdict", "social.out_of_scope", business=turn.kb.business.name, topics=join_words(titles))
    return _resume(draft, topics=True).reply("out_of_scope")


def another_language(turn: Turn) -> Reply | None:
    """For words in a language we can't read: that we can't, in that language where we know how; then a person.

    None for words we can read, and for those that the folder surely answers all the same, such as a policy's name.
    """
    if turn.understanding.language == phrases().language or turn.is_for_staff:
        return None
    if turn.search().covered >= topic.CERTAIN:
        return None
    if any(id_.startswith("social.another_language#") for id_ in turn.case.context.said):
        return people.hand_over_unread(turn)
    key = f"languages.{turn.understanding.language}"
    draft = Draft(turn).add("acknowledge", phrases().line(key) if phrases().has(key) else "")
    _unchanged(draft.say("verdict", "social.another_language"))
    return people.offer_person(draft, "not_understood", asked=True).reply("out_of_scope")


def take_feedback(turn: Turn) -> Reply:
    """Praise, a suggestion, or the answer to our open question: kept for the owners.

    What comes in its place is answered as what it is; after praise we ask the open question ourselves.
    """
    awaiting = turn.case.context.awaiting
    answers = awaiting == "opinion"
    instead = _instead_of_an_opinion(turn) if answers else None
    if instead is not None:
        return instead
    policy = turn.kb.policies.get(turn.case.context.policy or "")
    told = {"text": turn.case.text[:2000], "policy": policy.id if policy else ""}
    draft = Draft(turn).say("verdict", "social.feedback")
    draft.effects.append(Record("open_question" if answers else "feedback", told))
    _resume(draft)
    if awaiting == "nothing":
        ask_opinion(draft, policy)
    return draft.reply("smalltalk")


def _instead_of_an_opinion(turn: Turn) -> Reply | None:
    """The reply to what is no opinion where one was asked for: a choice, a question, a fact that matters, a bare "no".

    An opinion that is taken for a question costs little; a new trouble that is taken for an opinion goes unheard.
    """
    if pick(turn.case.text, turn.case.context.choices) is not None:
        return choosing.choose(turn)
    if softening.matters(turn):
        return deciding.decide_case(turn)
    if turn.understanding.asks or turn.search().covered >= topic.CERTAIN:
        return answering.answer(turn)
    return people.keep_going(turn) if len(content_words(turn.case.text)) < _FEWEST_WORDS else None


def ask_opinion(draft: Draft, policy: Policy | None) -> Draft:
    """The policy's open question, once in a conversation."""
    asked = f"open_question.{policy.id}" if policy else ""
    if policy is None or not policy.open_question or asked in draft.turn.case.context.said or draft.turn.is_for_staff:
        return draft
    draft.said.append(asked)
    return draft.add("question", policy.open_question).keep(awaiting="opinion")


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
    # An opinion is asked for once: what comes after other words is no answer to it.
    awaiting = "nothing" if context.awaiting == "opinion" else context.awaiting
    return draft.keep(outcome=context.outcome, part=context.part, awaiting=awaiting, asked=context.asked)
