"""What kind of value a parameter or a derived value is."""

from __future__ import annotations

from plainly.kb.scope import Scope
from plainly.kb.values import UNITS
from plainly.model import Derived, Parameter

_SAME = {"number", "money", "duration"}


def parameter_kind(parameter: Parameter) -> str:
    """duration, percent, money or number, by the parameter's unit."""
    if parameter.unit in UNITS:
        return "duration"
    if parameter.unit == "percent":
        return "percent"
    return "money" if len(parameter.unit) == 3 and parameter.unit.isupper() else "number"


def derived_kind(name: str, scope: Scope, seen: tuple[str, ...] = ()) -> str | None:
    """The kind of a derived value: that of its base, or duration for the time between two dates.

    None when it cannot be told.
    """
    if name in seen or name not in scope.derived:
        return None
    derived = scope.derived[name]
    base = term_kind(derived.base, scope, (*seen, name))
    other = term_kind(derived.by, scope, (*seen, name))
    return combined_kind(derived, base, other)


def term_kind(term: str, scope: Scope, seen: tuple[str, ...] = ()) -> str | None:
    """The kind of a `$parameter`, a fact or a derived value."""
    name = term.removeprefix("$")
    if term.startswith("$") or (name in scope.parameters and name not in scope.facts):
        return parameter_kind(scope.parameters[name]) if name in scope.parameters else None
    if name in scope.facts:
        fact = scope.facts[name]
        return "percent" if fact.unit == "percent" else fact.type
    return derived_kind(name, scope, seen)


def combined_kind(derived: Derived, base: str | None, other: str | None) -> str | None:
    """What base and other give together; None when they do not fit."""
    if base is None or other is None:
        return None
    if derived.op in ("plus", "minus"):
        return _sum(base, other, minus=derived.op == "minus")
    if derived.op == "times":
        return (base if other == "number" else other) if "number" in (base, other) and {base, other} <= _SAME else None
    if derived.op == "share":
        return base if base in ("money", "number") and other == "percent" else None
    return base if base == other and base in (*_SAME, "date", "percent") else None


def _sum(base: str, other: str, *, minus: bool) -> str | None:
    if base == other == "date":
        return "duration" if minus else None
    if (base, other) in (("date", "duration"), ("duration", "date")):
        return "date" if base == "date" or not minus else None
    return base if base == other and base in _SAME else None
