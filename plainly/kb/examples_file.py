"""Reads examples.yml: worked cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from plainly.kb.conditions import leaves
from plainly.kb.fields import Record, table_of
from plainly.kb.problems import did_you_mean
from plainly.kb.scope import Scope
from plainly.kb.values import BadValue, parse_value
from plainly.kb.yaml_reader import Items, Node, Table, Text
from plainly.model import DecisionTable, Example, ParameterRef, Place, Value


def read_examples(node: Node, scope: Scope) -> tuple[Example, ...]:
    """The worked cases of a policy."""
    examples = list(_examples(node, scope))
    seen: set[str] = set()
    for example in examples:
        if example.name in seen:
            message = f'Two examples are called "{example.name}".'
            scope.problems.error(example.place, "duplicate_name", message, "Give each its own sentence.")
        seen.add(example.name)
    return tuple(examples)


def rows_of(node: Node, scope: Scope, what: str) -> Iterator[Table]:
    """The mappings of a file that is a list of them."""
    if not isinstance(node, Items):
        message = f"This file must be a list of {what}."
        scope.problems.error(node.place, "wrong_type", message, "Start each with a dash: - name: ...")
        return
    for item in node.items:
        yield table_of(item, scope.problems, f"Each of the {what}")


def _examples(node: Node, scope: Scope) -> Iterator[Example]:
    for row in rows_of(node, scope, "examples"):
        with Record(row, scope.problems, "An example") as record:
            example = Example(
                policy=scope.policy,
                name=record.text("name", required=True),
                as_of=record.date("as_of", required=True) or date(2000, 1, 1),
                given=_given(record, scope),
                expect=_expect(record, scope),
                by=record.text("by") or None,
                cites=tuple(scope.any_clause(text.value, text.place) for text in record.placed_texts("cites")),
                says=record.texts("says"),
                asks=record.text("asks") or None,
                message=record.text("message"),
                tell=record.yes_no("tell", otherwise=True),
                place=row.place,
            )
            _check(example, record, scope)
            yield example


def _given(record: Record, scope: Scope) -> dict[str, Value]:
    given: dict[str, Value] = {}
    for entry in record.table("given"):
        fact = scope.fact(entry.key.value, entry.key.place)
        if fact is None:
            continue
        if not isinstance(entry.value, Text):
            message = f'"{fact.name}" takes one value.'
            scope.problems.error(entry.value.place, "wrong_type", message, "Write one value.")
            continue
        try:
            given[fact.name] = parse_value(fact, entry.value.value)
        except BadValue as error:
            code = "bad_choice" if error.code == "bad_choice" else "wrong_value_type"
            fix = f'"{fact.name}" is a {fact.type}.'
            scope.problems.error(entry.value.place, code, error.message, fix)
    return given


def _expect(record: Record, scope: Scope) -> dict[str, str]:
    expect = {}
    entries = record.table("expect", required=True)
    for entry in entries:
        table = scope.decisions.get(entry.key.value)
        if table is None:
            message = f'This policy has no decision called "{entry.key.value}".'
            fix = did_you_mean(entry.key.value, scope.decisions)
            scope.problems.error(entry.key.place, "unknown_decision", message, fix)
        elif not isinstance(entry.value, Text) or entry.value.value not in (*table.outcomes, "unknown"):
            word = entry.value.value if isinstance(entry.value, Text) else "a list or mapping"
            message = f'"{table.name}" has no outcome called "{word}".'
            fix = did_you_mean(word, (*table.outcomes, "unknown"))
            scope.problems.error(entry.value.place, "unknown_outcome", message, fix)
        else:
            expect[table.name] = entry.value.value
    return expect


def _check(example: Example, record: Record, scope: Scope) -> None:
    tables = [scope.decisions[name] for name in example.expect]
    rows = {rule.id for table in tables for rule in table.rules}
    if example.by and tables and example.by not in rows:
        message = f'There is no row called "{example.by}".'
        scope.problems.error(record.place("by"), "unknown_rule", message, did_you_mean(example.by, rows))
    if example.asks:
        scope.fact(example.asks, record.place("asks"))
        if "unknown" not in example.expect.values():
            message = "An example that asks must expect unknown."
            scope.problems.error(record.place("asks"), "unknown_outcome", message, "Write {decision: unknown}.")
    for table in tables:
        _check_dates(example, table, record, scope)


def _check_dates(example: Example, table: DecisionTable, record: Record, scope: Scope) -> None:
    """Every parameter the decision reads must have a value on the date that counts."""
    counts = example.given.get(table.counts_from) if table.counts_from else example.as_of
    if not isinstance(counts, date):
        return
    place = record.place("given" if table.counts_from else "as_of")
    for name in sorted(_parameters(table)):
        parameter = scope.parameters.get(name)
        if parameter and parameter.values and counts < parameter.values[0].start:
            message = f'"{name}" has no value on {counts}; its first holds from {parameter.values[0].start}.'
            fix = "Give the parameter an earlier value, or the example a later date."
            scope.problems.error(_place_of(record, table, place), "before_first_value", message, fix)


def _place_of(record: Record, table: DecisionTable, otherwise: Place) -> Place:
    return next((e.value.place for e in record.table("given") if e.key.value == table.counts_from), otherwise)


def _parameters(table: DecisionTable) -> set[str]:
    """The parameters a decision's rows refer to."""
    tests = [test for rule in table.rules for test in leaves(rule.when)]
    return {test.operand.name for test in tests if isinstance(test.operand, ParameterRef)}
