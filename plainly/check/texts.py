"""The policies' own texts: grade, long sentences, passive voice and jargon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plainly.check.readability import hard_words, jargon_in, read
from plainly.check.room import Room
from plainly.check.words import normalise, sentences_in, words_in
from plainly.model import Fact, Place, Policy

EASY = 9.0
"""The grade above which a policy text gets a warning."""
HARDEST = 12.0
"""The grade above which it is an error."""
LONG_SENTENCE = 25
"""Words in a sentence that is too long to hold in mind."""
ENOUGH_WORDS = 40
"""Fewer words than this say little about a grade."""
PASSIVE = 0.34
"""The share of passive sentences that is too much, in texts of at least four."""


@dataclass(frozen=True)
class PolicyText:
    """A text of a policy with the place it starts at, and what to call it. `binding`: the clauses' own words."""

    what: str
    text: str
    place: Place
    binding: bool = False


def check_texts(room: Room) -> None:
    """Notes policy texts that are hard to read."""
    for policy in room.policies:
        for one in whole_texts(policy, room):
            _check_grade(one, room, may_be_hard=bool(one.binding and policy.grade_note))
            check_passive(one, room)
        for one in single_texts(policy, room):
            _check_sentences(one, room)
            _check_jargon(one, room)
    for one in _questions(fact for fact in room.kb.facts.values() if not fact.policy):
        _check_sentences(one, room)
        _check_jargon(one, room)


def whole_texts(policy: Policy, room: Room) -> Iterator[PolicyText]:
    """What is measured as a whole: the explanation, the clauses, and each long clause."""
    said = [policy.summary, policy.helps_you, policy.goal.say if policy.goal else "", *(r.say for r in policy.reasons)]
    yield PolicyText("the explanation", "\n".join(filter(None, said)), room.policy_place(policy, "summary:"))
    clauses = list(policy.clauses.values())
    first = clauses[0].place if clauses else Place(f"{policy.id}/policy.md")
    yield PolicyText("the clauses", "\n".join(clause.text for clause in clauses), first, binding=True)
    for clause in clauses:
        yield PolicyText(f"clause {clause.number}", clause.text, clause.place, binding=True)


def single_texts(policy: Policy, room: Room) -> Iterator[PolicyText]:
    """Every text a customer may read, on its own."""
    said = {
        "summary": [policy.summary],
        "helps_you": [policy.helps_you],
        "goal": [policy.goal.say] if policy.goal else [],
        "reason": [reason.say for reason in policy.reasons],
        "alternative": [one.say for one in policy.alternatives.values()],
        "lever": [one.say for one in policy.levers.values()],
        "standard": [one.say for one in policy.standards],
        "resource": [one.say for one in policy.resources],
        "procedure": [step for one in policy.procedures for step in one.steps],
    }
    for what, texts in said.items():
        for text in filter(None, texts):
            yield PolicyText(f"the {what}", text, room.policy_place(policy, text))
    for clause in policy.clauses.values():
        yield PolicyText(f"clause {clause.number}", clause.text, clause.place)
    yield from _questions(policy.facts.values())
    for name, wording in policy.wordings.items():
        for variant in (variant for variants in wording.parts.values() for variant in variants):
            yield PolicyText(f"the wording {name}", variant.text, room.place(wording.place.path, variant.text))
    for version in policy.history:
        text = "\n".join(filter(None, (version.changed, version.why, version.affected, version.adapt)))
        yield PolicyText(f"version {version.id}", text, room.place(f"{policy.id}/history.yml", version.changed))


def _questions(facts: Iterable[Fact]) -> Iterator[PolicyText]:
    for fact in facts:
        yield PolicyText(f'the question for "{fact.name}"', f"{fact.ask}\n{fact.why}", fact.place)


def _check_grade(one: PolicyText, room: Room, *, may_be_hard: bool) -> None:
    reading = read(one.text)
    if reading.words < ENOUGH_WORDS or reading.grade <= EASY:
        return
    words = ", ".join(hard_words(one.text))
    message = f"{_start(one.what)} reads at grade {reading.grade:.1f}; {EASY:.0f} or lower is plain."
    fix = f"Shorten the longest sentence ({reading.longest_words} words)" + (
        f"; hard words: {words}." if words else "."
    )
    note = room.problems.error if reading.grade > HARDEST and not may_be_hard else room.problems.warning
    note(one.place, "hard_text", message, fix)


def check_passive(one: PolicyText, room: Room) -> None:
    """Notes a text of four sentences or more of which too many are passive."""
    reading = read(one.text)
    if reading.sentences >= 4 and reading.passive_share > PASSIVE:
        message = f"{len(reading.passive)} of {reading.sentences} sentences of {one.what} are passive."
        fix = f'Say who does it: "{reading.passive[0]}"'
        room.problems.warning(one.place, "passive", message, fix)


def _check_sentences(one: PolicyText, room: Room) -> None:
    for sentence in sentences_in(normalise(one.text)):
        count = len(words_in(sentence))
        if count > LONG_SENTENCE:
            message = f"A sentence of {one.what} has {count} words; {LONG_SENTENCE} is the most."
            room.problems.warning(one.place, "long_sentence", message, f'Split it: "{sentence[:70]}..."')


def _check_jargon(one: PolicyText, room: Room) -> None:
    for words, instead in jargon_in(one.text):
        message = f'{_start(one.what)} says "{words}".'
        room.problems.warning(one.place, "jargon", message, f"Plainer: {instead}.")


def _start(what: str) -> str:
    """The name of a text at the start of a sentence."""
    return what[:1].upper() + what[1:]
