"""Reads facts: what a rule may ask about a customer's case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast, get_args

from plainly.kb.fields import Record, table_of
from plainly.kb.problems import Problems
from plainly.kb.scope import LABEL, is_name
from plainly.kb.slots import slots_in
from plainly.kb.values import parse_number
from plainly.kb.yaml_reader import Entry, Table, Text
from plainly.model import Fact, FactType, Option, Place

RESERVED = ("any", "all", "not", "business", "amount", "value", "unknown")
_KEYS_FOR = {
    "of": ("choice",),
    "yes": ("yes_no",),
    "no": ("yes_no",),
    "unit": ("number", "money"),
    "cues": ("number", "money", "date", "duration"),
    "since": ("duration",),
    "low": ("number", "money", "duration", "date"),
    "high": ("number", "money", "duration", "date"),
    "future": ("date",),
}


def read_facts(entries: Iterable[Entry], policy: str, problems: Problems, currency: str) -> dict[str, Fact]:
    """The facts declared in one file; `policy` is empty for shared ones."""
    facts = {}
    for entry in entries:
        if not is_name(entry.key, problems, "a fact", RESERVED):
            continue
        table = table_of(entry.value, problems, f'The fact "{entry.key.value}"')
        with Record(table, problems, f'The fact "{entry.key.value}"') as record:
            facts[entry.key.value] = _fact(record, entry.key, policy, currency)
    return facts


def _fact(record: Record, name: Text, policy: str, currency: str) -> Fact:
    kind = cast(FactType, record.choice("type", get_args(FactType)))
    unit = record.text("unit")
    says = _two_says(record) if kind == "yes_no" else {"yes": "", "no": ""}
    low = record.value("low", parse_number, None)
    high = record.value("high", parse_number, None)
    if low is not None and high is not None and low > high:
        message = f'"low" is above "high" in the fact "{name.value}".'
        record.problems.error(record.place("low"), "out_of_bounds", message, "Swap them.")
    fact = Fact(
        name=name.value,
        type=kind,
        ask=record.text("ask", required=True),
        why=record.text("why"),
        say=_say(record, kind),
        say_yes=says["yes"],
        say_no=says["no"],
        unit=currency if kind == "money" and not unit else unit,
        options=_options(record, kind),
        cues=record.texts("cues"),
        since=record.texts("since"),
        yes=record.texts("yes"),
        no=record.texts("no"),
        changeable=record.yes_no("changeable", otherwise=False),
        change=record.text("change"),
        low=low,
        high=high,
        future=record.yes_no("future", otherwise=False),
        policy=policy,
        place=name.place,
    )
    _refuse_other_types_keys(record, kind)
    return fact


def _refuse_other_types_keys(record: Record, kind: FactType) -> None:
    for key, kinds in _KEYS_FOR.items():
        if key in record and kind not in kinds:
            message = f'"{key}" says nothing for a fact of type {kind}.'
            fix = f"It belongs to {' or '.join(kinds)}; remove it or change the type."
            record.problems.error(record.key_place(key), "unknown_key", message, fix)


def _say(record: Record, kind: FactType) -> str:
    """The read-back; a yes/no fact has two instead."""
    if kind == "yes_no":
        return ""
    text = record.text("say")
    for slot in slots_in(text):
        if slot.name != "value" or slot.suffix not in ("", *(("ago", "day", "days") if kind == "date" else ())):
            message = f'"say" of a fact knows no slot {{{slot.written}}}.'
            fix = "Use {value}" + (" or {value.ago}." if kind == "date" else ".")
            record.problems.error(record.place("say"), "unknown_slot", message, fix)
    return text


def _options(record: Record, kind: FactType) -> tuple[Option, ...]:
    if kind != "choice":
        record.known.add("of")
        return ()
    entries = record.table("of", required=True)
    if len(entries) == 1:
        message = "A choice needs at least two values."
        record.problems.error(record.place("of"), "missing_key", message, "Add the others, or make it a yes_no fact.")
    options = [_option(entry, record) for entry in entries if is_name(entry.key, record.problems, "a value")]
    _refuse_shared_phrases(options, record)
    return tuple(options)


def _option(entry: Entry, fact: Record) -> Option:
    name = entry.key.value
    table = table_of(entry.value, fact.problems, f'The value "{name}"')
    with Record(table, fact.problems, f'The value "{name}"') as record:
        label = read_label(record, required=False) or name.replace("_", " ").capitalize()[:LABEL]
        return Option(name, record.text("say"), record.texts("heard"), label)


def _refuse_shared_phrases(options: Iterable[Option], record: Record) -> None:
    owner: dict[str, str] = {}
    for option in options:
        for phrase in dict.fromkeys((*option.heard, option.name.replace("_", " "))):
            other = owner.setdefault(phrase.lower(), option.name)
            if other != option.name:
                message = f'"{phrase}" is heard as both "{other}" and "{option.name}".'
                record.problems.error(record.place("of"), "duplicate_name", message, "Keep it with one of them.")


def _two_says(record: Record) -> dict[str, str]:
    """The read-backs of a yes/no fact: `say: {yes: ..., no: ...}`."""
    node = record.get("say")
    if isinstance(node, Table):
        with Record(node, record.problems, '"say" of a yes_no fact') as say:
            return {answer: say.text(answer, required=True) for answer in ("yes", "no")}
    if node is not None:
        message = '"say" of a yes_no fact has two texts.'
        record.problems.error(record.place("say"), "wrong_type", message, "Write say: {yes: ..., no: ...}.")
    return {"yes": "", "no": ""}


def read_label(record: Record, *, required: bool = True) -> str:
    """A button's label, of at most 24 characters."""
    label = record.text("label", required=required)
    if len(label) > LABEL:
        message = f'The label "{label}" has {len(label)} characters; a button holds {LABEL}.'
        record.problems.error(record.place("label"), "too_long", message, "Find a shorter one.")
    return label


def join_facts(groups: Iterable[dict[str, Fact]], problems: Problems) -> dict[str, Fact]:
    """All facts of the folder; the same name twice is an error."""
    joined: dict[str, Fact] = {}
    for group in groups:
        for name, fact in group.items():
            if name in joined:
                first: Place = joined[name].place
                message = f'The fact "{name}" is declared twice; the other is in {first.path}, line {first.line}.'
                fix = "A name means one thing in the whole folder. Keep one in facts.yml, or rename one."
                problems.error(fact.place, "duplicate_name", message, fix)
            else:
                joined[name] = fact
    return joined
