"""Every reply that can be rendered, and how it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plainly.check.cases import Cases, Facts
from plainly.check.readability import Reading, hard_words, read
from plainly.check.room import Room
from plainly.check.speaker import Speaker
from plainly.check.texts import PolicyText, check_passive
from plainly.check.words import normalise, words_in
from plainly.errors import PlainlyError
from plainly.kb.wording_file import variant_values
from plainly.model import DecisionTable, KnowledgeBase, Place, Policy, Variant, Wording
from plainly.wording.outcome import say_alternatives
from plainly.wording.quote import say_steps
from plainly.wording.slots import Telling

HARDEST = 8.0
"""The reading grade above which a reply is an error."""
LONGEST = 110
"""Words after which a first reply is too long to be read in a chat."""


@dataclass(frozen=True)
class Told:
    """A reply as a customer would read it, and the longer words behind "tell me more".

    A question has no outcome and names the fact it asks for. `pushed` is said to a customer who resists.
    """

    outcome: str
    facts: Facts
    text: str
    more: str = ""
    variants: frozenset[Variant] = frozenset()
    asked: str = ""
    pushed: bool = False


def check_replies(room: Room) -> int:
    """Notes replies that are hard to read or too long; gives how many different ones were read."""
    count = 0
    speaker = Speaker(room.kb)
    for policy in room.policies:
        for table in policy.decisions.values():
            told = list(every_reply(table, policy, room.kb, speaker))
            count += len(told)
            for outcome in table.outcomes:
                _check_outcome([one for one in told if one.outcome == outcome], table, policy, room)
            _check_plain([_question(one, room) for one in told if one.asked], policy, room)
        plain = list(_replies_without_a_case(policy, room, speaker))
        count += len(plain)
        _check_plain(plain, policy, room)
    return count


def every_reply(table: DecisionTable, policy: Policy, kb: KnowledgeBase, speaker: Speaker) -> Iterator[Told]:
    """Each different reply about a decision: questions, answers with and without read-back, and to pushback."""
    seen: set[tuple[str, str]] = set()
    asked: set[str] = set()
    for facts, day in Cases(table, policy, kb).all():
        try:
            plain = speaker.reply(table, facts, day)
            outcome = plain.decision.outcome if plain.decision else None
            if outcome is None:
                if plain.asked and plain.asked not in asked:
                    asked.add(plain.asked)
                    for reply in (speaker.question(table, facts, day), plain):
                        yield Told("", facts, reply.text, asked=plain.asked)
                continue
            full = speaker.reply(table, facts, day, read_back=True)
            more = speaker.more(table, facts, day, plain.decision)
            is_new = (_skeleton(plain.text), more) not in seen
            pushed = list(speaker.pushed(plain, facts, day)) if is_new and plain.status != "needs_agent" else []
        except PlainlyError:
            continue  # dates before the first value, and tables that cannot be proven, are told elsewhere
        used = frozenset(_used(policy, table.name, outcome, facts))
        told = [Told(outcome, facts, reply.text, more, used) for reply in (plain, full)]
        told += [Told(outcome, facts, reply.text, variants=used, pushed=True) for reply in pushed]
        for one in told:
            key = (_skeleton(one.text), one.more)
            if key not in seen:
                seen.add(key)
                yield one


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


def _question(told: Told, room: Room) -> PolicyText:
    return PolicyText(f'the question for "{told.asked}"', told.text, room.kb.facts[told.asked].place)


def _replies_without_a_case(policy: Policy, room: Room, speaker: Speaker) -> Iterator[PolicyText]:
    """What is told whatever the case: each clause, each procedure, and all that can be done instead."""
    for clause in policy.clauses.values():
        text = speaker.quoted(policy, clause, room.today).text
        yield PolicyText(f"the reply with clause {clause.number}", text, clause.place)
    for one in policy.procedures:
        yield PolicyText(f'the procedure "{one.id}"', say_steps(one), room.policy_place(policy, f"id: {one.id}"))
    if policy.alternatives:
        telling = Telling(room.kb, policy, {}, room.today)
        said = say_alternatives(telling, list(policy.alternatives.values()))
        yield PolicyText("the list of alternatives", said, room.policy_place(policy, "alternatives:"))


def _check_plain(texts: list[PolicyText], policy: Policy, room: Room) -> None:
    for one in texts:
        if not policy.grade_note:
            _check_grade(one.what, one.text, read(one.text), one.place, room)


def _check_outcome(told: list[Told], table: DecisionTable, policy: Policy, room: Room) -> None:
    if not told:
        return
    wording = policy.wordings[f"{table.name}.{told[0].outcome}"]
    place = room.place(wording.place.path, "# verdict")
    texts = [one.text for one in told] + [f"{one.text}\n{one.more}" for one in told if one.more]
    readings = {text: read(text) for text in texts}
    hardest = max(readings, key=lambda text: readings[text].grade)
    if not wording.grade_note:
        _check_grade("a reply", hardest, readings[hardest], place, room)
    passive = max(readings, key=lambda text: readings[text].passive_share)
    check_passive(PolicyText("a reply", passive, place), room)
    _check_length(told, place, room)
    _check_variants(told, wording, room)


def _check_variants(told: list[Told], wording: Wording, room: Room) -> None:
    shown = {variant for one in told for variant in one.variants}
    for variants in wording.parts.values():
        for variant in variants:
            if variant.fact and variant not in shown and variant.value in variant_values(room.kb.facts[variant.fact]):
                message = f"No case shows the words for {variant.fact}: {variant.value}."
                fix = "Remove them, or add an example that leads to them."
                room.problems.warning(room.place(wording.place.path, variant.text), "unused_variant", message, fix)


def _check_grade(what: str, text: str, reading: Reading, place: Place, room: Room) -> None:
    if reading.grade > HARDEST:
        words = ", ".join(hard_words(text))
        message = (
            f"{what[:1].upper()}{what[1:]} reads at grade {reading.grade:.1f} (Flesch-Kincaid "
            f"{reading.flesch_kincaid:.1f}, automated {reading.automated:.1f}); {HARDEST:.0f} is the most."
        )
        fix = f'Split "{reading.longest[:60]}..." ({reading.longest_words} words)'
        fix += f"; hard words: {words}. " if words else ". "
        fix += "Or say why it must be so in the file's front matter: grade_note: ..."
        room.problems.error(place, "hard_reply", message, fix)


def _check_length(told: list[Told], place: Place, room: Room) -> None:
    longest = max((one.text for one in told if not one.pushed), key=lambda text: len(words_in(normalise(text))))
    count = len(words_in(normalise(longest)))
    if count > LONGEST:
        message = f"A reply has {count} words; {LONGEST} is the most."
        room.problems.warning(place, "long_reply", message, "Move some of it to # more.")
