"""Words a figure may belong to: the cues of a folder's facts, and events that have a day of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from plainly.model import Context, Fact
from plainly.understand.frames import Shadow
from plainly.understand.lexicon import Lexicon
from plainly.understand.mentions import Mention
from plainly.understand.phrases import Grammar, Key, PhraseBook, found_negation
from plainly.understand.text import Message


@dataclass(frozen=True)
class Anchor:
    """Words a figure may belong to: the cues of facts, or an event of its own (no facts).

    `since`: the facts are lengths of time, and these words name the day they count from.
    """

    first: int
    last: int
    facts: tuple[str, ...]
    size: int = 1
    since: bool = False


@dataclass(frozen=True)
class Scene:
    """Everything about the message that decides where a figure belongs."""

    message: Message
    keys: Sequence[Key]
    shadows: list[Shadow]
    markers: list[range]
    figures: list[Mention]
    context: Context
    today: date


class Anchors:
    """The cue and event words of a policy folder, compiled."""

    def __init__(
        self, facts: Mapping[str, Fact], grammar: Grammar, lexicon: Lexicon, words: Any, *, things: frozenset[str]
    ) -> None:
        self._facts, self._grammar, self._things = facts, grammar, things
        phrases = [(cue, fact.name) for fact in facts.values() for cue in (*fact.cues, *_unit_cue(fact))]
        self._book = PhraseBook(phrases, grammar, words, any_form=True)
        self._since = [
            (tuple(word.norm for word in words(said)), fact.name) for fact in facts.values() for said in fact.since
        ]
        content = lexicon.files["events"]
        self._events = frozenset(grammar.root(word) for word in content["events"])
        self._nouns = frozenset(content["noun_events"])
        self._weak = frozenset(content["weak"])
        self._verbs, self._before_verb = frozenset(content["verb_events"]), frozenset(content["before_verb"])
        self._light = frozenset(map(str, content["light"]))
        self._unreal = tuple(content["unreal"])
        self._guessed = tuple(content["guessed"])
        self._until = frozenset(content["until"])
        self._here, self._stays = frozenset(content["here"]), frozenset(content["stays"])
        self._got = tuple(name for name, fact in facts.items() if fact.type == "date" and content["got"] in fact.cues)

    def find(self, scene: Scene) -> list[Anchor]:
        """Every cue and event in the message, in order."""
        spots: dict[tuple[int, int, int], list[str]] = {}
        for found in self._book.find(scene.message, scene.keys):
            spots.setdefault((found.first, found.last, found.size), []).append(found.tag)
        cues = [Anchor(first, last, tuple(dict.fromkeys(names)), size) for (first, last, size), names in spots.items()]
        cues = [*cues, *self._days_counted_from(scene)]
        cues = [replace(cue, facts=names) for cue in cues if (names := self._not_outdone(cue, cues))]
        covered = {index for cue in cues for index in range(cue.first, cue.last)}
        events = [
            Anchor(index, index + 1, ())
            for index in range(len(scene.keys))
            if index not in covered and self._is_event(scene, index)
        ]
        real = [replace(cue, facts=self._real(scene, cue)) for cue in cues]
        return sorted([*real, *events, *self._dated_things(scene)], key=lambda anchor: anchor.first)

    def _days_counted_from(self, scene: Scene) -> Iterator[Anchor]:
        """Word for word: "it was due Friday" has passed, "it is due Friday" has not."""
        norms = tuple(word.norm for word in scene.message.words)
        for said, name in self._since:
            for place in range(len(norms) - len(said) + 1):
                if norms[place : place + len(said)] == said:
                    yield Anchor(place, place + len(said), (name,), len(said), since=True)

    def _dated_things(self, scene: Scene) -> Iterator[Anchor]:
        """ "A kettle from 20 January" is one that came then."""
        words = scene.message.words
        for figure in scene.figures:
            first = figure.first - (words[figure.first].norm != "from")
            if 0 < first < len(words) and words[first].norm == "from" and scene.keys[first - 1].root in self._things:
                yield Anchor(first - 1, first, self._got)

    def _not_outdone(self, cue: Anchor, cues: Sequence[Anchor]) -> tuple[str, ...]:
        """The facts of a cue that no longer cue around it claims: "order of 2 May" is a day, "order of £40" a sum."""
        wider = [
            other for other in cues if other.size > cue.size and other.first <= cue.first and cue.last <= other.last
        ]
        claimed = {self._sort(name) for other in wider for name in other.facts}
        return tuple(name for name in cue.facts if self._sort(name) not in claimed)

    def _sort(self, name: str) -> str:
        kind = self._facts[name].type
        return "time" if kind in ("date", "duration") else kind

    def _is_event(self, scene: Scene, index: int) -> bool:
        words = scene.message.words
        if scene.keys[index].root not in self._events or words[index].norm in self._light:
            return False
        if scene.keys[index].root in self._verbs and (not index or words[index - 1].norm not in self._before_verb):
            return False
        after = words[index + 1].norm if index + 1 < len(words) else ""
        describes = (
            after.isalpha()
            and after not in self._light
            and not any(figure.first == index + 1 for figure in scene.figures)
        )
        return not (scene.keys[index].root in self._nouns and scene.keys[index].form == "plain" and describes)

    def _real(self, scene: Scene, cue: Anchor) -> tuple[str, ...]:
        """The facts of a cue that has come true; "never arrived" and "should have arrived" leave none."""
        if cue.since:
            return cue.facts
        words = scene.message.words
        if found_negation(scene.message, scene.keys, cue.first, self._grammar) is not None:
            after = [word.norm for word in words[cue.last : cue.last + 3]]
            return cue.facts if self._until.intersection(after) else ()
        clause = scene.message.clause_of(cue.first)
        if words[cue.first].norm in self._here and not self._stays_there(scene, cue, clause):
            return ()
        before = " " + " ".join(word.norm for word in words[max(clause.start, cue.first - 5) : cue.first])
        if any(before.endswith(f" {phrase}") for phrase in self._guessed):
            return cue.facts
        for small in (" be", " been", " have", " be", " not"):
            before = before.removesuffix(small)
        if any(before.endswith(f" {phrase}") for phrase in self._unreal):
            return tuple(name for name in cue.facts if self._facts[name].future or self._facts[name].type != "date")
        return cue.facts

    def _stays_there(self, scene: Scene, cue: Anchor, clause: range) -> bool:
        """ "It has been here since May" is about the thing; "I have been here since May" is not."""
        before = [scene.message.words[index].norm for index in range(clause.start, cue.first)]
        if not before or before[-1] not in self._stays:
            return False
        return before[-1] in self._grammar.objects or not {"i", "we", "you"}.intersection(before)

    def is_weak(self, scene: Scene, anchor: Anchor) -> bool:
        """A cue of little words only ("since", "from") counts when nothing better is near."""
        return bool(anchor.facts) and all(
            word.norm in self._weak for word in scene.message.words[anchor.first : anchor.last]
        )


def _unit_cue(fact: Fact) -> tuple[str, ...]:
    """The noun a number is counted in ties a figure to its fact: "500 points"."""
    return (fact.unit,) if fact.type == "number" and fact.unit and fact.unit != "percent" else ()


def distance(anchor: Anchor, figure: Mention) -> int:
    """How far a cue is from a figure; one after it counts double, unless it touches ("10 days late")."""
    if anchor.last <= figure.first:
        return figure.first - anchor.last
    if anchor.first == figure.last and figure.kind != "date":
        return -1
    return 2 * (anchor.first - figure.last) + 2
