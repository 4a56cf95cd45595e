"""Slots in templates: `{return_window}`, `{delivered_on.ago}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plainly.kb.derived_types import derived_kind, parameter_kind
from plainly.kb.problems import did_you_mean
from plainly.kb.scope import Scope
from plainly.model import Place

_SLOT = re.compile(r"\{([^{}\n]*)\}|[{}]")
_SUFFIXES = {"date": ("ago", "days", "day")}
BUSINESS = ("name",)


@dataclass(frozen=True)
class Slot:
    """One slot as written, without its braces. `at` is its offset in the text."""

    written: str
    at: int

    @property
    def name(self) -> str:
        """What it names: a fact, a parameter, a derived value or `business`."""
        return self.written.partition(".")[0]

    @property
    def suffix(self) -> str:
        """How it is said: "" or what follows the dot."""
        return self.written.partition(".")[2]


def slots_in(text: str) -> Iterator[Slot]:
    """Every slot in a text; a lone brace counts as a slot of its own, so that it is found."""
    for match in _SLOT.finditer(text):
        yield Slot(match[1] if match[1] is not None else match[0], match.start())


def check_slots(text: str, place: Place, scope: Scope, *, also: tuple[str, ...] = ()) -> None:
    """Notes every slot that is not on the closed list. `also` are names known only here."""
    for slot in slots_in(text):
        if slot.written in also:
            continue
        kind = _kind(slot.name, scope)
        at = _place_in(text, slot.at, place)
        if slot.name == "business" and slot.suffix in BUSINESS:
            continue
        if kind is None:
            known = {*scope.facts, *scope.parameters, *scope.derived, *also, "business.name"}
            message = f"There is nothing called {{{slot.written}}} to fill in."
            scope.problems.error(at, "unknown_slot", message, did_you_mean(slot.name, known))
        elif slot.suffix not in ("", *_SUFFIXES.get(kind, ())):
            fix = "Dates know .ago, .days and .day; other values have none of these."
            message = f"{{{slot.written}}} asks for something a {kind} does not have."
            scope.problems.error(at, "unknown_slot", message, fix)


def _kind(name: str, scope: Scope) -> str | None:
    if name in scope.facts:
        return scope.facts[name].type
    if name in scope.parameters:
        return parameter_kind(scope.parameters[name])
    return derived_kind(name, scope) if name in scope.derived else None


def _place_in(text: str, offset: int, place: Place) -> Place:
    """Where in the file an offset of a text is, when the text starts at `place` and keeps its lines."""
    before = text[:offset]
    lines = before.count("\n")
    column = offset - before.rfind("\n") if lines else place.column + offset
    return Place(place.path, place.line + lines, column)
