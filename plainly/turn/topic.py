"""Which policy, which decision: what this message is about."""

from __future__ import annotations

import numpy as np

from plainly.model import DecisionTable, Found, Policy
from plainly.turn.turn import Turn

CERTAIN = 0.8
"""From this probability on, a search may take the talk to another policy."""

GENERAL_LEAD = 0.02
"""How much nearer the policy's title and summary must be than the best clause for a general answer."""


def decision_for(turn: Turn, found: Found | None = None) -> DecisionTable | None:
    """The decision the message asks for: the one under discussion, or the one its words point at.

    A message that brings facts or insists stays with the decision under discussion; a question
    that surely belongs to another policy moves on.
    """
    current = _current(turn)
    found = found or turn.search()
    policy = turn.kb.policies[found.policies[0][0]] if found.policies else None
    moves_on = (
        policy is not None
        and policy.decisions
        and found.status == "covered"
        and (
            current is None
            or (policy.id != current.policy and found.covered >= CERTAIN and bool(turn.understanding.asks))
        )
    )
    if moves_on and policy is not None:
        return best_decision(turn, policy)
    if current is not None and policy is not None and policy.id == current.policy and turn.understanding.asks:
        return best_decision(turn, policy, current)
    return current


def _current(turn: Turn) -> DecisionTable | None:
    context = turn.case.context
    if context.decision is None:
        return None
    policy, _, name = context.decision.partition(".")
    return turn.kb.policies[policy].decisions.get(name) if policy in turn.kb.policies else None


def best_decision(turn: Turn, policy: Policy, current: DecisionTable | None = None) -> DecisionTable | None:
    """The decision of a policy whose questions are nearest to the message; `current` wins a near tie."""
    tables = list(policy.decisions.values())
    if len(tables) < 2:
        return tables[0] if tables else None
    scores = [turn.engine.likeness(turn.case.text, (table.title, *table.questions)) for table in tables]
    if current in tables:
        scores[tables.index(current)] += 0.05
    return tables[int(np.argmax(scores))]


def is_general(turn: Turn, policy: Policy, clause: str) -> bool:
    """Whether the question is about the policy as a whole rather than about one clause."""
    best = policy.clauses[clause]
    whole = turn.engine.likeness(
        turn.case.text, (f"{policy.title} policy", f"What is your {policy.title.lower()} policy?")
    )
    part = turn.engine.likeness(turn.case.text, (f"{best.title}. {best.text}",))
    return whole > part + GENERAL_LEAD
