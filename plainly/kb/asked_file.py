"""Reads asked.yml: what customers ask, clause by clause."""

from __future__ import annotations

from plainly.kb.fields import list_of, table_of, text_of
from plainly.kb.problems import did_you_mean
from plainly.kb.scope import Scope
from plainly.kb.yaml_reader import Node, Text


def read_asked(node: Node, scope: Scope) -> dict[str, tuple[str, ...]]:
    """The questions that each clause answers, by the clause's number."""
    asked: dict[str, tuple[str, ...]] = {}
    for entry in table_of(node, scope.problems, "asked.yml").entries:
        number = entry.key.value
        if number not in scope.clauses:
            message = f'The policy "{scope.policy}" has no clause "{number}".'
            fix = did_you_mean(number, scope.clauses, "Write it as a heading in policy.md first.")
            scope.problems.error(entry.key.place, "unknown_clause", message, fix)
            continue
        what = f"A question for clause {number}"
        nodes = (entry.value,) if isinstance(entry.value, Text) else list_of(entry.value, scope.problems, what)
        asked[number] = tuple(text for item in nodes if (text := text_of(item, scope.problems, what)))
    return asked
