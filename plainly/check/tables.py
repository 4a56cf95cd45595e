"""Proofs of the decision tables: every case has exactly one row."""

from __future__ import annotations

from plainly.check.room import Room
from plainly.decide import DecideError, Witness, canonical, proofs
from plainly.model import Between, DecisionTable, KnowledgeBase, Place, Value


def check_tables(room: Room) -> None:
    """Notes gaps, overlaps and what cannot be reached, each with a case that shows it."""
    for policy in room.policies:
        for table in policy.decisions.values():
            try:
                _check(table, room)
            except DecideError as error:
                fix = "Mend the parameters or facts it names."
                room.problems.error(table.place, "cannot_prove", f'"{table.name}": {error.message}', fix)


def _check(table: DecisionTable, room: Room) -> None:
    found = proofs(room.kb, table)
    for witness in found.gaps:
        message = f'"{table.name}" has no row for this case: {say_witness(witness, room.kb)}.'
        room.problems.error(table.place, "gap", message, "Add a row for it, or widen one.")
    for witness in found.overlaps:
        _overlap(table, witness, room)
    for name in found.unreachable_rows:
        message = f'No case reaches the row "{name}".'
        fix = "Remove it, or mend its condition or the rows that hide it."
        room.problems.error(_row(table, name), "unreachable_row", message, fix)
    given = {rule.then for rule in table.rules}
    for name in found.unreachable_outcomes:
        if name in given:
            message = f'No case reaches the outcome "{name}".'
            room.problems.error(_row_for(table, name), "unreachable_outcome", message, "Mend the rows that give it.")


def _overlap(table: DecisionTable, witness: Witness, room: Room) -> None:
    rows = " and ".join(f'"{name}"' for name in witness.rows)
    overridden = {rule.overrides for rule in table.rules if rule.id in witness.rows}
    place = _row(table, witness.rows[-1])
    case = say_witness(witness, room.kb)
    if len(overridden) == 1 and None not in overridden:
        message = f'{rows} are exceptions to "{overridden.pop()}" that both hold in this case: {case}.'
        fix = "Narrow one of them, or make one an exception to the other."
        room.problems.error(place, "two_exceptions", message, fix)
    else:
        message = f"{rows} both hold in this case: {case}."
        room.problems.error(place, "overlap", message, "Narrow one of them, or write except: in one.")


def say_witness(witness: Witness, kb: KnowledgeBase) -> str:
    """A case in words: its facts, and the day it is seen from."""
    facts = ", ".join(f"{name} = {say_value(value, name, kb)}" for name, value in sorted(witness.facts.items()))
    return f"{facts or 'any facts'} (seen on {witness.today})"


def say_value(value: Value, name: str, kb: KnowledgeBase) -> str:
    """A value as it is written in examples.yml."""
    if isinstance(value, Between):
        return f"{say_value(value.low, name, kb)}..{say_value(value.high, name, kb)}"
    text = canonical(value)
    fact = kb.facts.get(name)
    return f"{text} {fact.unit}" if fact and fact.unit and fact.type in ("money", "number") else text


def _row(table: DecisionTable, name: str) -> Place:
    return next((rule.place for rule in table.rules if rule.id == name), table.place)


def _row_for(table: DecisionTable, outcome: str) -> Place:
    return next((rule.place for rule in table.rules if rule.then == outcome), table.place)
