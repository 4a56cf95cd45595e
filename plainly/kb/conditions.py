"""Reads conditions: mappings of facts to tests, with any, all and not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast, get_args

from plainly.kb.derived_types import parameter_kind
from plainly.kb.fields import list_of, table_of
from plainly.kb.problems import did_you_mean
from plainly.kb.scope import Scope
from plainly.kb.values import BadValue, parse_duration, parse_value
from plainly.kb.yaml_reader import Entry, Items, Node, Text
from plainly.model import (
    AllOf,
    AnyOf,
    Condition,
    Duration,
    Fact,
    Not,
    Operand,
    Operator,
    Parameter,
    ParameterRef,
    Scalar,
    Test,
)

NEVER = AnyOf(())
_EQUAL = ("is", "not", "in")
_ORDER = ("at_least", "at_most", "more_than", "less_than")
_DATES = ("within", "beyond", "due_within", "due_beyond")
OPERATORS: dict[str, tuple[str, ...]] = {
    "choice": _EQUAL,
    "yes_no": ("is", "not"),
    "number": (*_EQUAL, *_ORDER),
    "money": (*_EQUAL, *_ORDER),
    "duration": _ORDER,
    "date": ("before", "after", *_DATES),
}


class ConditionReader:
    """Reads the conditions of one policy. In a rule (`in_rule`) thresholds must be parameters."""

    def __init__(self, scope: Scope, *, in_rule: bool) -> None:
        self.scope = scope
        self.in_rule = in_rule

    def read(self, node: Node) -> Condition:
        """The condition in a node; after a problem, one that never holds."""
        table = table_of(node, self.scope.problems, "A condition")
        return _all([self._entry(entry) for entry in table.entries])

    def _entry(self, entry: Entry) -> Condition:
        name = entry.key.value
        if name in ("any", "all"):
            parts = tuple(self.read(part) for part in list_of(entry.value, self.scope.problems, f'"{name}"'))
            if not parts and isinstance(entry.value, Items):
                message = f'"{name}" has no conditions in it.'
                self.scope.problems.error(entry.value.place, "empty_value", message, "Write them, or remove it.")
            return AnyOf(parts) if name == "any" else AllOf(parts)
        if name == "not":
            return Not(self.read(entry.value))
        fact = self.scope.fact(name, entry.key.place)
        return self._tests(fact, entry.value) if fact else NEVER

    def _tests(self, fact: Fact, node: Node) -> Condition:
        """The tests on one fact: a bare value, or operators with their values."""
        if isinstance(node, Text):
            return self._test(fact, Text("is", node.place), node)
        if isinstance(node, Items):
            message = f'A list of values for "{fact.name}" needs an operator.'
            self.scope.problems.error(node.place, "unknown_operator", message, "Write {in: [...]}.")
            return NEVER
        if not node.entries:
            message = f'The test on "{fact.name}" is empty.'
            self.scope.problems.error(node.place, "empty_value", message, "Write a value or an operator.")
        return _all([self._test(fact, entry.key, entry.value) for entry in node.entries])

    def _test(self, fact: Fact, operator: Text, node: Node) -> Condition:
        allowed = OPERATORS[fact.type]
        if operator.value not in allowed:
            self._wrong_operator(fact, operator, allowed)
            return NEVER
        op = cast(Operator, operator.value)
        if op == "in":
            values = [self._literal(fact, op, item) for item in list_of(node, self.scope.problems, '"in"')]
            return Test(fact.name, op, tuple(value for value in values if value is not None))
        operand = self._operand(fact, op, node)
        return NEVER if operand is None else Test(fact.name, op, operand)

    def _wrong_operator(self, fact: Fact, operator: Text, allowed: tuple[str, ...]) -> None:
        known = get_args(Operator)
        if operator.value in known:
            message = f'"{operator.value}" cannot test "{fact.name}", which is a {fact.type}.'
            fix = f"For a {fact.type} use one of: {', '.join(allowed)}."
        else:
            message = f'There is no operator called "{operator.value}".'
            fix = did_you_mean(operator.value, known, f"For a {fact.type} use one of: {', '.join(allowed)}.")
        self.scope.problems.error(operator.place, "unknown_operator", message, fix)

    def _operand(self, fact: Fact, op: Operator, node: Node) -> Operand | None:
        if not isinstance(node, Text):
            message = f'"{op}" takes one value.'
            fix = "Use {in: [...]} for several." if "in" in OPERATORS[fact.type] else "Write one value."
            self.scope.problems.error(node.place, "wrong_type", message, fix)
            return None
        if node.plain and node.value.startswith("$"):
            return self._reference(fact, op, node)
        return self._literal(fact, op, node)

    def _reference(self, fact: Fact, op: Operator, node: Text) -> ParameterRef | None:
        parameter = self.scope.parameter(node.value[1:], node.place)
        if parameter is None:
            return None
        if not _fits(fact, op, parameter):
            message = f'{node.value} is in "{parameter.unit}", which cannot be compared with "{fact.name}" by "{op}".'
            wanted = "a time unit from day to year" if op in _DATES else f'the unit "{_unit(fact)}"'
            self.scope.problems.error(node.place, "bad_unit", message, f"Use a parameter with {wanted}.")
        return ParameterRef(parameter.name)

    def _literal(self, fact: Fact, op: Operator, node: Node) -> Scalar | None:
        if not isinstance(node, Text):
            message = f'A value of "{fact.name}" must be a single text.'
            self.scope.problems.error(node.place, "wrong_type", message, "Write one value.")
            return None
        try:
            value = parse_duration(node.value) if op in _DATES else parse_value(fact, node.value)
        except BadValue as error:
            code = "bad_choice" if error.code == "bad_choice" else "wrong_value_type"
            fix = f'"{fact.name}" is a {fact.type}; "{op}" takes {_expected(fact, op)}.'
            self.scope.problems.error(node.place, code, error.message, fix)
            return None
        if isinstance(value, Duration) and op in _DATES and value.unit == "hour":
            message = f'"{fact.name}" is a date, and dates have no hours.'
            self.scope.problems.error(node.place, "bad_unit", message, "Use days.")
        self._refuse_bare_number(fact, op, node)
        return cast(Scalar, value)

    def _refuse_bare_number(self, fact: Fact, op: Operator, node: Text) -> None:
        """A number of the policy must carry a date and a clause; zero is no number of a policy."""
        is_number = op in _DATES or fact.type in ("number", "money", "duration")
        if self.in_rule and is_number and node.value.strip("0., ") != "":
            message = f'The rule says "{node.value}" itself; numbers of a policy carry a date and a clause.'
            fix = "Put it under parameters: and write $its_name here."
            self.scope.problems.error(node.place, "bare_number", message, fix)


def _all(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _unit(fact: Fact) -> str:
    return "day, week, month or year" if fact.type == "duration" else fact.unit or "a plain noun"


def _expected(fact: Fact, op: Operator) -> str:
    if op in _DATES or fact.type == "duration":
        return "a duration such as 30 days, or a $parameter"
    if fact.type == "choice":
        return "one of its values: " + ", ".join(option.name for option in fact.options)
    return {"date": "a date such as 2026-11-21", "yes_no": "yes or no"}.get(fact.type, "a number or a $parameter")


def _fits(fact: Fact, op: Operator, parameter: Parameter) -> bool:
    kind = parameter_kind(parameter)
    if op in _DATES:
        return kind == "duration" and parameter.unit != "hour"
    if fact.type == "duration":
        return kind == "duration"
    if fact.type == "money":
        return kind == "money" and parameter.unit == fact.unit
    if fact.type == "number":
        return not fact.unit or _noun(fact.unit) == _noun(parameter.unit)
    return False


def _noun(unit: str) -> str:
    """A unit without the mark of its plural."""
    return unit.lower().removesuffix("s")


def leaves(condition: Condition) -> Iterator[Test]:
    """Every comparison in a condition."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        for part in condition.parts:
            yield from leaves(part)
