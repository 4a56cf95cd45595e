"""Which policy, which decision: what this message is about."""

from __future__ import annotations

import re

from plainly.model import Clause, DecisionTable, Found, Policy
from plainly.retrieve.words import content_words
from plainly.turn.decisions import facts_in, facts_used
from plainly.turn.turn import Turn

CERTAIN = 0.9
"""From this probability on, a search may take the talk to another policy, or overrule small talk."""

MOSTLY = 0.8
"""The share from which a search points at one policy, where a question is open and facts of another rule come."""

GENERAL_LEAD = 0.02
"""How much nearer the policy's title and summary must be than the best clause for a general answer."""

STAYS = 0.2
"""What the decision under discussion has ahead of the others: a follow-up rarely names its subject."""

FOUND = 0.4
"""How much a policy's best clause, as a share of the best of all, weighs beside the likeness to questions."""

CITED = 0.2
"""How much the best clause that a decision itself rests on weighs, as a share of the best of all."""

NOT_FOUND = 0.3
"""The share that counts for a policy none of whose clauses are among the ten best."""

NAMED = 0.15
"""What the decisions of a policy have ahead when the message names it by its title."""

SURE = 1.0
"""The score of a decision that counts although no clause seems to answer."""

CLOSE = 0.15
"""Decisions this near to the best are told apart by the parts of the message, one by one."""

LIKE = 0.5
"""The least likeness to a decision's questions of words that open a talk and that no clause seems to answer."""

MOST_PARTS = 4
LEAST_WORDS = 3
PART_ENDS = re.compile(r"[.,;:!?\n]+|\band\b|\bbut\b")

BESIDE = 0.6
"""Up to this share of the best clause, other clauses are not what was asked for."""

ASKED = 0.65
"""The least score of a decision nobody has spoken of yet; below it the search for a clause answers."""


def decision_for(turn: Turn, found: Found) -> DecisionTable | None:
    """The decision the message asks for: the one under discussion, or the one its words point at.

    A message that only brings facts or insists stays with the decision under discussion; a question
    may move on. None when no decision is near enough.
    """
    current = current_table(turn) or of_the_rule_told(turn)
    if current is not None and not _may_move_on(turn, found, current):
        return current
    tells_of_another = current is not None and _tells_of_another(turn, found, current)
    ranked = _ranked(turn, found, None if tells_of_another else current)
    if not ranked:
        return current
    score, best = ranked[0]
    # A case told without a question may look like nobody's to the search; its decision must then be plain.
    enough = SURE if current is None and found.status == "not_covered" else ASKED
    if current is None and not turn.heard:
        if turn.case.context.policy and _is_answered_elsewhere(found, best):
            return None
        if turn.understanding.asks and _is_told_by_a_clause(found, best):
            return None
    if (current is None or tells_of_another) and not _is_named(turn, found, best):
        return current
    return best if score >= enough else current


def _is_named(turn: Turn, found: Found, table: DecisionTable) -> bool:
    """Whether words that open a talk tell their subject: "she has the receipt" alone does not."""
    near = next(score for score, one in turn.engine.decisions_near(turn.case.text, turn.heard) if one.id == table.id)
    sure = not turn.understanding.asks and bool(found.policies) and found.policies[0][1] >= MOSTLY
    elsewhere = sure and found.policies[0][0] != table.policy
    if elsewhere:
        return near >= ASKED
    return found.status != "not_covered" or near >= LIKE


def of_a_part(turn: Turn) -> DecisionTable | None:
    """For a story without a question: the decision that one part of it surely points at."""
    likeliest: tuple[float, DecisionTable | None] = (MOSTLY, None)
    for part in _parts(turn.case.text):
        told = turn.about(part)
        found = told.search()
        table = decision_for(told, found) if found.status != "not_covered" and found.policies else None
        if table is not None and found.policies[0][0] == table.policy and found.policies[0][1] > likeliest[0]:
            likeliest = (found.policies[0][1], table)
    return likeliest[1]


def _parts(text: str) -> list[str]:
    return [part for part in PART_ENDS.split(text) if len(part.split()) >= LEAST_WORDS][:MOST_PARTS]


def _is_answered_elsewhere(found: Found, table: DecisionTable) -> bool:
    """Whether the search finds the answer in a clause of another policy: without a case told, that clause is meant."""
    return found.status != "not_covered" and found.policies[0][0] != table.policy


def _is_told_by_a_clause(found: Found, table: DecisionTable) -> bool:
    """Whether a clause that the decision does not rest on surely answers: "what does it cost to send it back?"."""
    if found.covered < CERTAIN:
        return False
    least = BESIDE * found.passages[0].score
    rests_on = {(table.policy, clause) for clause in clauses_of(table)}
    return not any((one.policy, one.clause) in rests_on and one.score > least for one in found.passages)


def of_the_rule_told(turn: Turn) -> DecisionTable | None:
    """For facts without a question: the decision, of the policy whose rule was told, that these facts matter to."""
    policy = turn.kb.policies.get(turn.case.context.policy or "")
    if policy is None or turn.understanding.asks or not turn.heard:
        return None
    table = best_decision(turn, policy)
    return table if table is not None and facts_used(table) & set(turn.heard) else None


def _may_move_on(turn: Turn, found: Found, current: DecisionTable) -> bool:
    """Only a question, or a case told in words that surely belong to another rule, leaves a decision."""
    if turn.understanding.asks or _tells_of_another(turn, found, current):
        return True
    tells_a_case = turn.case.act == "ask_eligibility" and bool(turn.heard) and not turn.understanding.pushback
    return tells_a_case and found.covered >= CERTAIN


def _tells_of_another(turn: Turn, found: Found, current: DecisionTable) -> bool:
    """Whether, in place of an answer or after ours, facts come that only another rule knows: "it's broken"."""
    if not turn.heard or found.covered < CERTAIN or found.policies[0][1] < MOSTLY:
        return False
    if turn.understanding.pushback and found.policies[0][0] != current.policy:
        return False
    matters = facts_used(current) | (_levers_know(turn, current) if turn.case.context.outcome else set())
    return not matters & set(turn.heard)


def _levers_know(turn: Turn, table: DecisionTable) -> set[str]:
    """The facts that levers of the decision's policy were made for."""
    levers = turn.kb.policies[table.policy].levers.values()
    return {name for lever in levers if lever.when for name in facts_in(lever.when)}


def _ranked(turn: Turn, found: Found, current: DecisionTable | None) -> list[tuple[float, DecisionTable]]:
    shares = {
        (passage.policy, passage.clause): passage.score / max(found.passages[0].score, 0.1)
        for passage in found.passages
    }
    best: dict[str, float] = {}
    for (policy, _), share in shares.items():
        best.setdefault(policy, share)
    named = named_policy(turn, found)

    def lead(table: DecisionTable) -> float:
        return (STAYS if table == current else 0.0) + (NAMED if named and table.policy == named.id else 0.0)

    def cited(table: DecisionTable) -> float:
        return max((shares.get((table.policy, clause), 0.0) for clause in clauses_of(table)), default=0.0)

    ranked = [
        (score + FOUND * best.get(table.policy, NOT_FOUND) + CITED * cited(table) + lead(table), table)
        for score, table in turn.engine.decisions_near(turn.case.text, turn.heard)
    ]
    ranked.sort(key=lambda pair: -pair[0])
    rivals = [pair for pair in ranked if pair[0] > ranked[0][0] - CLOSE]
    return _told_apart(turn, rivals) if len(rivals) > 1 else ranked


def _told_apart(turn: Turn, rivals: list[tuple[float, DecisionTable]]) -> list[tuple[float, DecisionTable]]:
    """In a long story the wish may be one short part: the decision some part asks for most plainly wins."""
    plain = {table.id: 0.0 for _, table in rivals}
    for part in _parts(turn.case.text):
        for score, table in turn.engine.decisions_near(part, ()):
            if table.id in plain:
                plain[table.id] = max(plain[table.id], score)
    return sorted(rivals, key=lambda pair: -(pair[0] + plain[pair[1].id]))


def clauses_of(table: DecisionTable) -> frozenset[str]:
    """The clauses that the rows of a decision rest on."""
    return frozenset(clause for rule in table.rules for clause in rule.clauses)


def current_table(turn: Turn) -> DecisionTable | None:
    """The decision under discussion, if its folder still has it."""
    policy, _, name = (turn.case.context.decision or "").partition(".")
    return turn.kb.policies[policy].decisions.get(name) if policy in turn.kb.policies else None


def is_decided(turn: Turn, policy: Policy) -> bool:
    """Whether the customer's case was settled by a decision of this policy."""
    context = turn.case.context
    return bool(context.outcome) and (context.decision or "").startswith(f"{policy.id}.")


def best_decision(turn: Turn, policy: Policy) -> DecisionTable | None:
    """The decision of one policy whose questions are nearest to the message."""
    near = (table for _, table in turn.engine.decisions_near(turn.case.text, turn.heard) if table.policy == policy.id)
    return next(near, None)


def named_policy(turn: Turn, found: Found) -> Policy | None:
    """The policy among the three likeliest whose title the message names."""
    said = set(content_words(turn.engine.index.mend(turn.case.text)))
    for id_, _ in found.policies[:3]:
        title = set(content_words(turn.kb.policies[id_].title))
        if title and title <= said:
            return turn.kb.policies[id_]
    return None


def policy_asked(turn: Turn, found: Found) -> Policy:
    """The likeliest policy; for a question about a policy as a whole, the one it names."""
    named = named_policy(turn, found)
    if named is not None:
        best = next(
            (passage.clause for passage in found.passages if passage.policy == named.id), next(iter(named.clauses))
        )
        if is_general(turn, found, named, best):
            return named
    return turn.kb.policies[found.policies[0][0]]


def _stands_out(found: Found, policy: Policy, clause: str) -> bool:
    """Whether one clause answers far better than the rest; the first one also speaks for the policy as a whole."""
    if clause == next(iter(policy.clauses)):
        return False
    scores = [one.score for one in found.passages if one.policy == policy.id]
    return found.covered >= CERTAIN and len(scores) > 1 and scores[1] < BESIDE * scores[0]


def is_general(turn: Turn, found: Found, policy: Policy, clause: str) -> bool:
    """Whether the question is about the policy as a whole rather than about one clause.

    "How long" is not, and neither is what one clause answers far better than the next best.
    """
    if turn.case.act == "ask_deadline" or _stands_out(found, policy, clause):
        return False
    best = policy.clauses[clause]
    whole = turn.engine.likeness(
        turn.case.text, (f"{policy.title} policy", f"What is your {policy.title.lower()} policy?")
    )
    return whole > likeness_to(turn, best) + GENERAL_LEAD


def likeness_to(turn: Turn, clause: Clause) -> float:
    """Cosine between the message and the words of a clause, from -1 to 1."""
    return turn.engine.likeness(turn.case.text, (f"{clause.title}. {clause.text}",))
