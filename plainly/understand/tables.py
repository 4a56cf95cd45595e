"""Which facts a decision table looks at."""

from __future__ import annotations

from plainly.model import AllOf, AnyOf, Condition, KnowledgeBase, Not, Test


def facts_of(kb: KnowledgeBase, table: str | None) -> tuple[str, ...]:
    """The facts that the rules of a decision look at, in order."""
    if not table:
        return ()
    try:
        found = kb.table(table)
    except KeyError:
        return ()
    names = [name for rule in found.rules for name in _facts_in(rule.when)]
    return tuple(dict.fromkeys([*names, *([found.counts_from] if found.counts_from else [])]))


def facts_of_policy(kb: KnowledgeBase, policy: str | None) -> tuple[str, ...]:
    """The facts that any decision of a policy looks at, in order."""
    tables = kb.policies[policy].decisions if policy and policy in kb.policies else ()
    return tuple(dict.fromkeys(name for table in tables for name in facts_of(kb, f"{policy}.{table}")))


def used_together(kb: KnowledgeBase) -> dict[str, frozenset[str]]:
    """For each fact, the facts that some decision looks at beside it."""
    found: dict[str, set[str]] = {}
    for policy in kb.policies.values():
        for name in policy.decisions:
            names = facts_of(kb, f"{policy.id}.{name}")
            for fact in names:
                found.setdefault(fact, set()).update(other for other in names if other != fact)
    return {fact: frozenset(others) for fact, others in found.items()}


def _facts_in(condition: Condition) -> list[str]:
    if isinstance(condition, Test):
        return [condition.fact]
    if isinstance(condition, Not):
        return _facts_in(condition.part)
    assert isinstance(condition, AllOf | AnyOf)
    return [name for part in condition.parts for name in _facts_in(part)]
