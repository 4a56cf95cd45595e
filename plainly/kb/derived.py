"""Reads derived values: what is worked out for the wording."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from plainly.kb.derived_types import combined_kind, term_kind
from plainly.kb.fields import Record, table_of
from plainly.kb.problems import did_you_mean
from plainly.kb.scope import Scope, is_name
from plainly.kb.yaml_reader import Entry
from plainly.model import Derived

_OPS: Final[tuple[Literal["plus", "minus", "times", "share", "least", "most"], ...]] = (
    "plus", "minus", "times", "share", "least", "most",
)  # fmt: skip


def read_derived(entries: Iterable[Entry], scope: Scope) -> dict[str, Derived]:
    """The values worked out for the wording."""
    derived: dict[str, Derived] = {}
    places: dict[str, Record] = {}
    for entry in entries:
        if not is_name(entry.key, scope.problems, "a derived value", ("business", "amount", "value")):
            continue
        table = table_of(entry.value, scope.problems, f'The derived value "{entry.key.value}"')
        with Record(table, scope.problems, f'The derived value "{entry.key.value}"') as record:
            one = _derived(record, entry.key.value, scope)
            if one:
                derived[one.name], places[one.name] = one, record
    scope.derived = derived
    for one in derived.values():
        _check_terms(one, places[one.name], scope)
    return derived


def _derived(record: Record, name: str, scope: Scope) -> Derived | None:
    base = record.text("base", required=True)
    record.known.update(_OPS)
    ops = [op for op in _OPS if op in record]
    if len(ops) != 1:
        message = f'The derived value "{name}" needs exactly one of: {", ".join(_OPS)}.'
        scope.problems.error(
            record.place(), "bad_derived", message, "Write {base: delivered_on, plus: $return_window}."
        )
        return None
    by = record.text(ops[0], required=True)
    return Derived(name, ops[0], base, by) if base and by else None


def _check_terms(one: Derived, record: Record, scope: Scope) -> None:
    for key, term in (("base", one.base), (one.op, one.by)):
        place = record.place(key)
        if term.startswith("$"):
            scope.parameter(term[1:], place)
        elif term not in scope.facts and term not in scope.derived:
            known = {*scope.facts, *scope.derived, *(f"${name}" for name in scope.parameters)}
            message = f'There is no fact, derived value or $parameter called "{term}".'
            scope.problems.error(place, "unknown_fact", message, did_you_mean(term, known))
    if _comes_back(one.name, scope):
        message = f'"{one.name}" is worked out from itself.'
        scope.problems.error(record.place(), "circular_derived", message, "Base it on a fact or a parameter.")
        return
    kinds = [term_kind(term, scope) for term in (one.base, one.by)]
    if None not in kinds and combined_kind(one, kinds[0], kinds[1]) is None:
        message = f'"{one.op}" cannot join a {kinds[0]} and a {kinds[1]}.'
        scope.problems.error(record.place(one.op), "bad_derived", message, "A date plus a duration, for example, fits.")


def _comes_back(name: str, scope: Scope) -> bool:
    """True when following the terms of a derived value leads back to it."""
    seen: set[str] = set()
    todo = [name]
    while todo:
        one = scope.derived.get(todo.pop())
        for term in (one.base, one.by) if one else ():
            if term == name:
                return True
            if term not in seen:
                seen.add(term)
                todo.append(term)
    return False
