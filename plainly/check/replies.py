"""Every reply about a decision that can be rendered, and how it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, cast

from plainly import decide
from plainly.check.readability import hard_words, read
from plainly.check.room import Room
from plainly.check.words import normalise, words_in
from plainly.errors import PlainlyError
from plainly.kb.conditions import leaves
from plainly.kb.wording_file import variant_values
from plainly.model import (
    Case,
    Context,
    DecisionTable,
    Fact,
    KnowledgeBase,
    KnownFact,
    Policy,
    Reply,
    Tone,
    Understanding,
    Value,
    Variant,
)
from plainly.turn.moves.deciding import decide_table
from plainly.turn.turn import Turn
from plainly.wording.outcome import outcome_parts
from plainly.wording.slots import Telling

HARDEST = 8.0
"""The reading grade above which a reply is an error."""
LONGEST = 110
"""Words after which a first reply is too long to be read in a chat."""
MOST_CASES = 800
"""Cases of one decision that are rendered; beyond it, examples are varied one fact at a time."""

Facts = Mapping[str, Value]


@dataclass(frozen=True)
class Told:
    """A reply as a customer would read it, and the longer words behind "tell me more"."""

    outcome: str
    facts: Facts
    text: str
    more: str
    variants: frozenset[Variant]


class _Silent:
    """An engine that knows its folder and searches nothing: a decision needs no search."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb


class Speaker:
    """Says what a customer with given facts would read."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb

    def reply(self, table: DecisionTable, facts: Facts, today: date, *, read_back: bool = False) -> Reply:
        """The reply about one decision. With `read_back`, the facts count as just told by the customer."""
        known = {name: KnownFact(name, value, "customer" if read_back else "record") for name, value in facts.items()}
        now = datetime.combine(today, time(12), UTC)
        case = Case(text="", act="inform", now=now, context=Context(decision=table.id), facts=known)
        calm = Understanding(
            known, Tone("calm", 0.0), pushback=False, wants_human=False, complaint=False, asks=(), language="en"
        )
        turn = Turn(cast(Any, _Silent(self.kb)), case, calm, known, tuple(known) if read_back else ())
        return decide_table(turn, table)

    def more(self, table: DecisionTable, facts: Facts, today: date) -> str:
        """What "tell me more" adds."""
        known = {name: KnownFact(name, value) for name, value in facts.items()}
        telling = Telling(self.kb, self.kb.policies[table.policy], known, today, table.id)
        decision = decide.decide(self.kb, table.id, known, today)
        return "\n".join(part.text for part in outcome_parts(telling, decision, ("more",)))


class Cases:
    """The cases of one decision that its examples lead to: every value of every choice, and what examples name."""

    def __init__(self, table: DecisionTable, policy: Policy, kb: KnowledgeBase) -> None:
        self.table = table
        self.policy = policy
        self.kb = kb

    @cached_property
    def examples(self) -> list[tuple[Facts, date]]:
        """The facts and days of the examples of this decision."""
        return [(one.given, one.as_of) for one in self.policy.examples if self.table.name in one.expect]

    @cached_property
    def facts(self) -> list[Fact]:
        """The facts that the rows test or the wording names as a condition, in a fixed order."""
        tested = {test.fact for rule in self.table.rules for test in leaves(rule.when)}
        named = {variant.fact for one in self._wordings() for part in one.parts.values() for variant in part}
        return [self.kb.facts[name] for name in sorted(tested | {name for name in named if name})]

    def _wordings(self) -> list[Any]:
        return [one for one in self.policy.wordings.values() if one.decision == self.table.name]

    def all(self) -> Iterator[tuple[Facts, date]]:
        """Every example, then combinations of values; all of them when there are not too many."""
        yield from self.examples
        values = {fact.name: self._values(fact) for fact in self.facts}
        if prod(len(found) for found in values.values()) <= MOST_CASES:
            day = max((day for _, day in self.examples), default=date(2026, 1, 1))
            for chosen in product(*values.values()):
                yield {name: value for name, value in zip(values, chosen, strict=True) if value is not None}, day
        else:
            yield from self._varied(values)

    def _varied(self, values: Mapping[str, list[Value | None]]) -> Iterator[tuple[Facts, date]]:
        for given, day in self.examples:
            for name, found in values.items():
                for value in found:
                    if value is not None:
                        yield {**given, name: value}, day

    def _values(self, fact: Fact) -> list[Value | None]:
        if fact.type == "choice":
            return [None, *(option.name for option in fact.options)]
        if fact.type == "yes_no":
            return [None, True, False]
        seen = dict.fromkeys(given[fact.name] for given, _ in self.examples if fact.name in given)
        return [None, *seen]


def check_replies(room: Room) -> int:
    """Notes replies that are hard to read or too long; gives how many different ones were read."""
    count = 0
    speaker = Speaker(room.kb)
    for policy in room.kb.policies.values():
        for table in policy.decisions.values():
            told = list(every_reply(table, policy, room.kb, speaker))
            count += len(told)
            for outcome in table.outcomes:
                _check_outcome([one for one in told if one.outcome == outcome], table, policy, room)
    return count


def every_reply(table: DecisionTable, policy: Policy, kb: KnowledgeBase, speaker: Speaker) -> Iterator[Told]:
    """Each different reply about a decision, with and without reading the facts back."""
    seen: set[tuple[str, str]] = set()
    for facts, day in Cases(table, policy, kb).all():
        try:
            plain = speaker.reply(table, facts, day)
            outcome = plain.decision.outcome if plain.decision else None
            if outcome is None:
                continue
            full, more = speaker.reply(table, facts, day, read_back=True), speaker.more(table, facts, day)
        except PlainlyError:
            continue  # dates before the first value, and tables that cannot be proven, are told elsewhere
        used = frozenset(_used(policy, table.name, outcome, facts))
        for text in (plain.text, full.text):
            key = (_skeleton(text), more)
            if key not in seen:
                seen.add(key)
                yield Told(outcome, facts, text, more, used)


def _skeleton(text: str) -> str:
    """A reply without its figures: two replies that differ in a date only read alike."""
    return normalise(text)


def _used(policy: Policy, decision: str, outcome: str, facts: Facts) -> Iterator[Variant]:
    wording = policy.wordings.get(f"{decision}.{outcome}")
    for variants in wording.parts.values() if wording else ():
        for variant in variants:
            value = facts.get(variant.fact or "")
            written = ("yes" if value else "no") if isinstance(value, bool) else value
            if variant.fact and variant.value == written:
                yield variant


def _check_outcome(told: list[Told], table: DecisionTable, policy: Policy, room: Room) -> None:
    if not told:
        return
    wording = policy.wordings[f"{table.name}.{told[0].outcome}"]
    if not wording.grade_note:
        _check_grade(told, wording.place.path, room)
    _check_length(told, wording.place.path, room)
    shown = {variant for one in told for variant in one.variants}
    for variants in wording.parts.values():
        for variant in variants:
            if variant.fact and variant not in shown and variant.value in variant_values(room.kb.facts[variant.fact]):
                message = f"No case shows the words for {variant.fact}: {variant.value}."
                fix = "Remove them, or add an example that leads to them."
                room.problems.warning(room.place(wording.place.path, variant.text), "unused_variant", message, fix)


def _check_grade(told: list[Told], path: str, room: Room) -> None:
    texts = [one.text for one in told] + [f"{one.text}\n{one.more}" for one in told if one.more]
    hardest = max(texts, key=lambda text: read(text).grade)
    reading = read(hardest)
    if reading.grade > HARDEST:
        words = ", ".join(hard_words(hardest))
        message = (
            f"A reply reads at grade {reading.grade:.1f} (Flesch-Kincaid {reading.flesch_kincaid:.1f}, automated "
            f"{reading.automated:.1f}); {HARDEST:.0f} is the most."
        )
        fix = f'Split "{reading.longest[:60]}..." ({reading.longest_words} words)'
        fix += f"; hard words: {words}. " if words else ". "
        fix += "Or say why it must be so in its front matter: grade_note: ..."
        room.problems.error(room.place(path, "# verdict"), "hard_reply", message, fix)


def _check_length(told: list[Told], path: str, room: Room) -> None:
    longest = max((one.text for one in told), key=lambda text: len(words_in(normalise(text))))
    count = len(words_in(normalise(longest)))
    if count > LONGEST:
        message = f"A reply has {count} words; {LONGEST} is the most."
        room.problems.warning(room.place(path, "# verdict"), "long_reply", message, "Move some of it to # more.")
