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


def _facts_in(condition: Condition) -> list[str]:
    if isinstance(condition, Test):
        return [condition.fact]
    if isinstance(condition, Not):
        return _facts_in(condition.part)
    assert isinstance(condition, AllOf | AnyOf)
    return [name for part in condition.parts for name in _facts_in(part)]
