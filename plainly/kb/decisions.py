"""Reads decision tables: outcomes and the rows that lead to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import cast, get_args

from plainly.kb.conditions import NEVER, ConditionReader
from plainly.kb.fields import Record, table_of
from plainly.kb.problems import did_you_mean
from plainly.kb.scope import Scope, is_name
from plainly.kb.yaml_reader import Entry, Text
from plainly.model import DecisionTable, Outcome, Rule, Verdict


def read_decisions(entries: Iterable[Entry], scope: Scope) -> dict[str, DecisionTable]:
    """The decision tables of a policy."""
    decisions = {}
    for entry in entries:
        if is_name(entry.key, scope.problems, "a decision"):
            table = table_of(entry.value, scope.problems, f'The decision "{entry.key.value}"')
            with Record(table, scope.problems, f'The decision "{entry.key.value}"') as record:
                decisions[entry.key.value] = _decision(record, entry.key, scope)
    return decisions


def _decision(record: Record, name: Text, scope: Scope) -> DecisionTable:
    outcomes = _outcomes(record, name, scope)
    counts_from = record.text("counts_from")
    if counts_from:
        fact = scope.fact(counts_from, record.place("counts_from"))
        if fact and fact.type != "date":
            message = f'"counts_from" must be a date, but "{counts_from}" is a {fact.type}.'
            scope.problems.error(record.place("counts_from"), "wrong_value_type", message, "Name a fact of type date.")
    hit = record.choice("hit", ("unique", "first"), required=False)
    note = record.text("note")
    if hit == "first" and not note:
        message = "hit: first lets rows hide each other, so it needs a reason."
        scope.problems.error(record.place("hit"), "first_without_note", message, "Say why under note:.")
    return DecisionTable(
        policy=scope.policy,
        name=name.value,
        title=record.text("title", required=True),
        hit="first" if hit == "first" else "unique",
        outcomes=outcomes,
        rules=_rules(record, outcomes, scope),
        counts_from=counts_from or None,
        questions=record.texts("questions"),
        note=note,
        place=name.place,
    )


def _outcomes(record: Record, name: Text, scope: Scope) -> dict[str, Outcome]:
    outcomes = {}
    for entry in record.table("outcomes", required=True):
        if not is_name(entry.key, scope.problems, "an outcome", ("unknown",)):
            continue
        table = table_of(entry.value, scope.problems, f'The outcome "{entry.key.value}"')
        with Record(table, scope.problems, f'The outcome "{entry.key.value}"') as one:
            verdict = cast(Verdict, one.choice("verdict", get_args(Verdict)))
            outcomes[entry.key.value] = Outcome(entry.key.value, verdict, _offers(one, scope))
    agent = outcomes.get("needs_agent")
    if agent is None or agent.verdict != "agent":
        message = f'The decision "{name.value}" has no outcome needs_agent with the verdict agent.'
        scope.problems.error(
            record.key_place("outcomes"), "no_needs_agent", message, "Add needs_agent: {verdict: agent}."
        )
    return outcomes


def _offers(record: Record, scope: Scope) -> tuple[str, ...]:
    offers = record.placed_texts("offers")
    for text in offers:
        if text.value not in scope.alternatives:
            message = f'There is no alternative called "{text.value}" to offer.'
            fix = did_you_mean(text.value, scope.alternatives, "Add it under alternatives: in policy.md.")
            scope.problems.error(text.place, "unknown_alternative", message, fix)
    return tuple(text.value for text in offers)


def _rules(record: Record, outcomes: dict[str, Outcome], scope: Scope) -> tuple[Rule, ...]:
    rules = [_rule(row, outcomes, scope) for row in record.records("rules", "A row")]
    if not rules:
        message = "The decision has no rows."
        scope.problems.error(record.key_place("rules"), "no_rules", message, "Add rows under rules:.")
        return ()
    _check_ids(rules, scope)
    _check_overrides(rules, scope)
    given = {rule.then for rule in rules}
    for entry in record.table("outcomes"):
        if entry.key.value not in given and entry.key.value != "needs_agent":
            message = f'No row gives the outcome "{entry.key.value}".'
            scope.problems.error(entry.key.place, "unused_outcome", message, "Add a row for it, or remove it.")
    return tuple(rules)


def _rule(row: Record, outcomes: dict[str, Outcome], scope: Scope) -> Rule:
    id_ = row.text("id", required=True)
    if id_:
        is_name(Text(id_, row.place("id")), scope.problems, "a row")
    node = row.get("when", required=True)
    then = row.text("then", required=True)
    if then and then not in outcomes:
        message = f'There is no outcome called "{then}".'
        scope.problems.error(row.place("then"), "unknown_outcome", message, did_you_mean(then, outcomes))
    if "clause" not in row:
        row.get("clause", required=True)
    return Rule(
        id=id_,
        when=ConditionReader(scope, in_rule=True).read(node) if node else NEVER,
        then=then,
        clauses=tuple(scope.any_clause(text.value, text.place) for text in row.placed_texts("clause")),
        overrides=row.text("except") or None,
        note=row.text("note"),
        place=row.place("id"),
    )


def _check_ids(rules: list[Rule], scope: Scope) -> None:
    for name, count in Counter(rule.id for rule in rules).items():
        if count > 1:
            second = [rule for rule in rules if rule.id == name][1]
            message = f'Two rows are called "{name}".'
            scope.problems.error(second.place, "duplicate_name", message, "Give each row a name of its own.")


def _check_overrides(rules: list[Rule], scope: Scope) -> None:
    by_id = {rule.id: rule for rule in rules}
    for rule in rules:
        if rule.overrides and rule.overrides not in by_id:
            message = f'"{rule.id}" is an exception to "{rule.overrides}", which is no row of this decision.'
            scope.problems.error(rule.place, "unknown_rule", message, did_you_mean(rule.overrides, by_id))
        elif _is_circular(rule, by_id):
            message = f'The exception "{rule.id}" leads back to itself.'
            scope.problems.error(rule.place, "circular_exception", message, "Let one of the rows stand on its own.")


def _is_circular(rule: Rule, by_id: dict[str, Rule]) -> bool:
    seen = set()
    current: Rule | None = rule
    while current is not None and current.overrides:
        if current.id in seen:
            return current.id == rule.id
        seen.add(current.id)
        current = by_id.get(current.overrides)
    return False
