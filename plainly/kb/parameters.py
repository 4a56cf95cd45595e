"""Reads the dated parameters of a policy: all its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from plainly.kb.fields import Record, table_of
from plainly.kb.scope import Scope, is_name
from plainly.kb.values import UNITS, BadValue, parse_date, parse_number
from plainly.kb.yaml_reader import Entry, Node, Text
from plainly.model import DatedValue, Duration, Parameter

_UNIT = re.compile(r"[A-Z]{3}|[a-z][a-z -]{0,29}", re.ASCII)


def read_parameters(entries: Iterable[Entry], scope: Scope) -> dict[str, Parameter]:
    """The dated numbers of a policy."""
    parameters = {}
    for entry in entries:
        name = entry.key.value
        if not is_name(entry.key, scope.problems, "a parameter", ("business", "amount", "value")):
            continue
        if isinstance(entry.value, Text):
            _undated(entry.value, name, scope)
            continue
        table = table_of(entry.value, scope.problems, f'The parameter "{name}"')
        with Record(table, scope.problems, f'The parameter "{name}"') as record:
            parameters[name] = _parameter(record, entry.key, scope)
    return parameters


def _undated(node: Node, name: str, scope: Scope) -> None:
    message = f'The value of "{name}" does not say from which date it holds.'
    fix = 'Write values: {2026-01-01: {value: 14, clause: "2.1"}}.'
    scope.problems.error(node.place, "undated_number", message, fix)


def _parameter(record: Record, name: Text, scope: Scope) -> Parameter:
    unit = _unit(record, scope)
    if "value" in record:
        record.known.add("value")
        _undated(record.node, name.value, scope)
    node = record.get("values", required="value" not in record)
    if isinstance(node, Text):
        _undated(node, name.value, scope)
    entries = table_of(node, scope.problems, '"values"').entries if node and not isinstance(node, Text) else ()
    dated = [value for entry in entries if (value := _dated(entry, unit, scope)) is not None]
    values = tuple(sorted(dated, key=lambda value: value.start))
    if values and values[0].expected:
        message = f'"{name.value}" starts with a value that is not known yet.'
        scope.problems.error(values[0].place, "bad_value", message, "Give the value that holds until then.")
    return Parameter(name.value, record.text("description", required=True), unit, values, name.place)


def _unit(record: Record, scope: Scope) -> str:
    unit = record.text("unit", required=True)
    singular = unit.removesuffix("s")
    if unit and (singular in UNITS and unit != singular):
        scope.problems.error(record.place("unit"), "bad_unit", f'"{unit}" is not a unit.', f'Write "{singular}".')
        return singular
    if unit and not _UNIT.fullmatch(unit):
        message = f'"{unit}" is not a unit.'
        fix = "Use hour, day, week, month, year, percent, a currency such as GBP, or a plain noun."
        scope.problems.error(record.place("unit"), "bad_unit", message, fix)
    return unit


def _dated(entry: Entry, unit: str, scope: Scope) -> DatedValue | None:
    try:
        start = parse_date(entry.key.value)
    except BadValue as error:
        fix = "Every value is keyed by the date it holds from."
        scope.problems.error(entry.key.place, error.code, error.message, fix)
        return None
    if entry.value == Text("expected", entry.value.place):
        return DatedValue(start, None, None, expected=True, place=entry.key.place)
    table = table_of(entry.value, scope.problems, f"The value from {start}")
    with Record(table, scope.problems, f"The value from {start}") as record:
        text = record.text("value", required=True)
        clause = record.text("clause", required=True)
        scope.any_clause(clause, record.place("clause"))
        value = _amount(text, unit, record) if text else None
    return DatedValue(start, value, clause or None, place=entry.key.place)


def _amount(text: str, unit: str, record: Record) -> Decimal | Duration | None:
    place = record.place("value")
    try:
        number = parse_number(re.sub(rf"\s*{re.escape(unit)}s?$", "", text) if unit else text, unit)
    except BadValue as error:
        record.problems.error(place, error.code, error.message, f"Write a figure; its unit is {unit or 'missing'}.")
        return None
    if unit == "percent" and not 0 <= number <= 100:
        record.problems.error(place, "bad_percent", f"{text} is not between 0 and 100 percent.", "Mend the figure.")
    if unit not in UNITS:
        return number
    if number != int(number) or not 0 <= number <= 36_500:
        message = f'"{text}" is not a whole number of {unit}s.'
        record.problems.error(place, "bad_duration", message, "Use a smaller unit, or mend the figure.")
        return None
    return Duration(int(number), unit)
