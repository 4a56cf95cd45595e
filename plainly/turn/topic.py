"""Which policy, which decision: what this message is about."""

from __future__ import annotations

from plainly.model import DecisionTable, Found, Policy
from plainly.retrieve.words import content_words
from plainly.turn.turn import Turn

CERTAIN = 0.9
"""From this probability on, a search may take the talk to another policy, or overrule small talk."""

GENERAL_LEAD = 0.02
"""How much nearer the policy's title and summary must be than the best clause for a general answer."""

STAYS = 0.2
"""What the decision under discussion has ahead of the others: a follow-up rarely names its subject."""

FOUND = 0.2
"""How much the score of a policy's best clause weighs beside the likeness to a decision's questions."""

NOT_FOUND = 0.5
"""The score that counts for a policy none of whose clauses are among the ten best."""

ASKED = 0.65
"""The least score of a decision nobody has spoken of yet; below it the search for a clause answers."""


def decision_for(turn: Turn, found: Found) -> DecisionTable | None:
    """The decision the message asks for: the one under discussion, or the one its words point at.

    A message that only brings facts or insists stays with the decision under discussion; a question
    may move on. None when no decision is near enough.
    """
    current = current_table(turn)
    if current is not None and not _may_move_on(turn, found):
        return current
    ranked = _ranked(turn, found, current)
    if not ranked or (current is None and found.status == "not_covered"):
        return current
    score, best = ranked[0]
    return best if score >= ASKED else current


def _may_move_on(turn: Turn, found: Found) -> bool:
    """Only a question, or a case told in words that surely belong to another rule, leaves a decision."""
    if turn.understanding.asks:
        return True
    tells_a_case = turn.case.act == "ask_eligibility" and bool(turn.heard) and not turn.understanding.pushback
    return tells_a_case and found.covered >= CERTAIN


def _ranked(turn: Turn, found: Found, current: DecisionTable | None) -> list[tuple[float, DecisionTable]]:
    best: dict[str, float] = {}
    for passage in found.passages:
        best.setdefault(passage.policy, passage.score)
    ranked = [
        (score + FOUND * best.get(table.policy, NOT_FOUND) + (STAYS if table == current else 0.0), table)
        for score, table in turn.engine.decisions_near(turn.case.text, turn.heard)
    ]
    return sorted(ranked, key=lambda pair: -pair[0])


def current_table(turn: Turn) -> DecisionTable | None:
    """The decision under discussion, if its folder still has it."""
    policy, _, name = (turn.case.context.decision or "").partition(".")
    return turn.kb.policies[policy].decisions.get(name) if policy in turn.kb.policies else None


def best_decision(turn: Turn, policy: Policy) -> DecisionTable | None:
    """The decision of one policy whose questions are nearest to the message."""
    near = (table for _, table in turn.engine.decisions_near(turn.case.text, turn.heard) if table.policy == policy.id)
    return next(near, None)


def named_policy(turn: Turn, found: Found) -> Policy | None:
    """The policy among the three likeliest whose title the message names."""
    said = set(content_words(turn.case.text))
    for id_, _ in found.policies[:3]:
        title = set(content_words(turn.kb.policies[id_].title))
        if title and title <= said:
            return turn.kb.policies[id_]
    return None


def is_general(turn: Turn, policy: Policy, clause: str) -> bool:
    """Whether the question is about the policy as a whole rather than about one clause."""
    best = policy.clauses[clause]
    whole = turn.engine.likeness(
        turn.case.text, (f"{policy.title} policy", f"What is your {policy.title.lower()} policy?")
    )
    part = turn.engine.likeness(turn.case.text, (f"{best.title}. {best.text}",))
    return whole > part + GENERAL_LEAD
