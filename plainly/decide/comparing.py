"""The closed list of operators: what each says of a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from plainly.decide.errors import DecideError
from plainly.decide.values import canonical, rank, shift
from plainly.model import AllOf, AnyOf, Condition, Duration, Not, ParameterRef, Scalar, Test

Basic = Literal["in", "at_least", "more_than", "before", "after", "within", "due_within"]
Concrete = Scalar | tuple[Scalar, ...]

# Each operator is a basic one or the opposite of one, so that opposites can never both hold.
_BASIC: dict[str, tuple[Basic, bool]] = {
    "is": ("in", True), "in": ("in", True), "not": ("in", False),
    "at_least": ("at_least", True), "less_than": ("at_least", False),
    "more_than": ("more_than", True), "at_most": ("more_than", False),
    "before": ("before", True), "after": ("after", True),
    "within": ("within", True), "beyond": ("within", False),
    "due_within": ("due_within", True), "due_beyond": ("due_within", False),
}  # fmt: skip


@dataclass(frozen=True)
class Atom:
    """A comparison with a basic operator; a test is an atom or its opposite."""

    fact: str
    op: Basic
    operand: Concrete | ParameterRef


def atom_of(test: Test) -> tuple[Atom, bool]:
    """The atom of a test, and whether the test says it holds (True) or does not (False)."""
    op, positive = _BASIC[test.op]
    return Atom(test.fact, op, test.operand), positive


def tests_in(condition: Condition) -> Iterator[Test]:
    """Every comparison in a condition, from left to right."""
    match condition:
        case Test():
            yield condition
        case Not(part):
            yield from tests_in(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from tests_in(part)


def holds(op: Basic, value: Scalar, operand: Concrete, today: date) -> bool:
    """Whether the operator holds between an exact value and an exact operand, seen from `today`."""
    if op == "in":
        return value in _many(operand, value)
    if op in {"within", "due_within", "before", "after"}:
        return _holds_of_date(op, value, operand, today)
    left, right = rank(value, today), rank(_comparable(value, operand), today)
    return left >= right if op == "at_least" else left > right


def _holds_of_date(op: Basic, value: Scalar, operand: Concrete, today: date) -> bool:
    if not isinstance(value, date):
        raise _cannot(value, op, operand)
    if op in {"before", "after"}:
        if not isinstance(operand, date):
            raise _cannot(value, op, operand)
        return value < operand if op == "before" else value > operand
    if not isinstance(operand, Duration):
        raise _cannot(value, op, operand)
    # Adding to the customer's date keeps "within" true to the deadline we tell them.
    return today <= shift(value, operand) if op == "within" else value <= shift(today, operand)


def _many(operand: Concrete, value: Scalar) -> tuple[Scalar, ...]:
    several = operand if isinstance(operand, tuple) else (operand,)
    return tuple(_comparable(value, one) for one in several)


def _comparable(value: Scalar, operand: Concrete) -> Scalar:
    # A plain number may be compared with a parameter that counts days: "nights at most $limit".
    if isinstance(value, Decimal) and isinstance(operand, Duration):
        return Decimal(operand.amount)
    if isinstance(operand, tuple) or type(value) is not type(operand):
        raise _cannot(value, "compare", operand)
    return operand


def _cannot(value: Scalar, op: str, operand: Concrete) -> DecideError:
    other = ", ".join(map(canonical, operand)) if isinstance(operand, tuple) else canonical(operand)
    return DecideError("cannot_compare", f"{canonical(value)!r} cannot be compared ({op}) with {other!r}.")
