"""What the assistant can do in a turn. Each move is a function from a Turn to a Reply.

The names are those of the Rasa actions without "action_".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from plainly.model import Reply
from plainly.turn.moves import answering, choosing, deciding, people, reasons, social, softening
from plainly.turn.moves.recalling import told_already, what_was_agreed
from plainly.turn.turn import Turn

MOVES: Mapping[str, Callable[[Turn], Reply]] = {
    "answer": answering.answer,
    "tell_how": answering.tell_how,
    "tell_deadline": answering.tell_deadline,
    "tell_more": answering.tell_more,
    "explain_why": reasons.explain_why,
    "tell_change": reasons.tell_change,
    "decide": deciding.decide_case,
    "soften": softening.soften,
    "consider_exception": softening.consider_exception,
    "offer_alternatives": softening.offer_alternatives,
    "choose": choosing.choose,
    "hand_over": people.hand_over,
    "take_complaint": people.take_complaint,
    "keep_going": people.keep_going,
    "take_feedback": social.take_feedback,
    "small_talk": social.small_talk,
    "out_of_scope": social.out_of_scope,
    "apologise": people.apologise,
}


def typed_choice(turn: Turn) -> Reply | None:
    """What a button says, typed word for word, is a tap on it."""
    said = " ".join(turn.case.text.casefold().split())
    on_offer = {button.label.casefold(): button.choice for button in turn.case.context.choices}
    if turn.case.choice or said not in on_offer:
        return None
    return choosing.choose(replace(turn, case=replace(turn.case, choice=on_offer[said])))


RULES_TOLD = frozenset({"tell_how", "explain_why", "tell_change", "offer_alternatives", "small_talk", "out_of_scope"})
"""Moves that speak about a rule, or about nothing much. A whole case told beside is worth more than what they say."""


def case_first(turn: Turn, move: str) -> Reply | None:
    """The decision of a case that was told whole, where the words around it led to another move."""
    asked_in_feedback = move == "take_feedback" and turn.understanding.asks
    return deciding.told_case(turn) if move in RULES_TOLD or asked_in_feedback else None


SURE_MOVES = frozenset({"hand_over", "choose", "apologise"})
"""Moves that do what a clear wish or a failure asks for."""


def safeguard(turn: Turn, move: str) -> Reply | None:
    """What overrules every rule: danger, someone at risk, a court; a clear wish for a person; words we can't read."""
    if turn.understanding.alarm:
        return people.hand_over_alarm(turn)
    if move in SURE_MOVES:
        return None
    if turn.understanding.wants_human:
        return people.hand_over(turn)
    return social.another_language(turn)


__all__ = ["MOVES", "case_first", "safeguard", "told_already", "typed_choice", "what_was_agreed"]
