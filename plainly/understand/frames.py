"""Which words are not a statement about the customer's own case: quoted, demanded, made up, or about others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from spacy.tokens import Doc

from plainly.understand.lexicon import Lexicon
from plainly.understand.patterns import Hit, Patterns
from plainly.understand.text import Message

FIGURES_ONLY = frozenset({"demand", "recast", "rule_talk", "today_is", "loyalty"})
"""Frames that say nothing of the states named beside their figure."""


@dataclass(frozen=True)
class Shadow:
    """Words that lie under a frame. `cue` are the words of the frame itself; `kinds` limits it to some figures."""

    name: str
    words: range
    cue: range
    kinds: frozenset[str]


class Frames:
    """The frame patterns of a language, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._content = lexicon.files["frames"]
        self._lexicon = lexicon
        named = {name: frame["patterns"] for name, frame in self._content["frames"].items()}
        self._patterns = Patterns(named, lexicon, self._content["classes"])
        self._own = Patterns({"own": lexicon.files["events"]["for_me"]}, lexicon, {})

    def find(self, message: Message, doc: Doc) -> list[Shadow]:
        """Every shadow in the message."""
        hits = self._patterns.find(doc)
        own = {index for hit in self._own.find(doc) for index in message.clause_of(hit.first)}
        shadows = [
            self._shadow(hit, message)
            for hit in hits
            if not (hit.name == "others" and hit.first in own) and not _jumps(hit, message)
        ]
        return shadows + self._conditionals(message)

    def _shadow(self, hit: Hit, message: Message) -> Shadow:
        frame: Mapping[str, Any] = self._content["frames"][hit.name]
        cue = range(hit.first, hit.last)
        words = {
            "overlap": cue,
            "clause": message.clause_of(hit.first),
            "sentence": message.sentence_of(hit.first),
        }.get(frame["scope"])
        return Shadow(
            hit.name, self._rest(hit, message) if words is None else words, cue, frozenset(frame.get("kinds", ()))
        )

    def _rest(self, hit: Hit, message: Message) -> range:
        """From the frame to the end of its sentence, or to where the customer speaks of the case again."""
        end = message.sentence_of(hit.first).stop
        for index in range(hit.last, end):
            if self._starts_afresh(message, index):
                return range(hit.first, index)
        return range(hit.first, max(end, hit.last))

    def _starts_afresh(self, message: Message, index: int) -> bool:
        fresh = self._content["fresh"]
        word = message.words[index]
        new_clause = word.clause != message.words[index - 1].clause
        after = message.words[index + 1].norm if index + 1 < len(message.words) else ""
        own = word.norm == "mine" and after in self._content["after_mine"]
        if word.norm in fresh["words"] and (new_clause or word.norm == "but" or own):
            return True
        if not new_clause:
            return False
        following = message.words[index + 1].norm if index + 1 < len(message.words) else ""
        joined = word.norm in ("and", "so", "because", "since")
        return (following if joined else word.norm) in fresh["starts"]

    def _conditionals(self, message: Message) -> list[Shadow]:
        """If-clauses, except those in a question about the customer's own case."""
        shadows = []
        for index, word in enumerate(message.words):
            if word.norm != "if":
                continue
            clause = message.clause_of(index)
            name = "asked_if" if self._is_own_question(message, index) else "conditional"
            shadows.append(Shadow(name, range(index, clause.stop), range(index, index + 1), frozenset()))
        return shadows

    def _is_own_question(self, message: Message, index: int) -> bool:
        sentence = message.sentence_of(index)
        norms = [message.words[place].norm for place in sentence]
        after = message.words[index + 1].norm if index + 1 < len(message.words) else ""
        if after in self._content["if_other_subjects"]:
            return False
        starters = self._lexicon.files["asks"]["starters"]
        pairs = pairwise(norms)
        mine = any(first in starters and second in ("i", "we", "it") for first, second in pairs)
        return "?" in norms or norms[0] in starters or mine


def _jumps(hit: Hit, message: Message) -> bool:
    """ "Don't need it, came 20 days ago": two clauses make no demand; "give me, say, 20 days" does."""
    commas = sum(message.words[index].norm == "," for index in range(hit.first, hit.last))
    return hit.name == "demand" and commas == 1


def covering(shadows: list[Shadow], first: int, last: int, kind: str = "") -> list[Shadow]:
    """The shadows that lie on words `first` up to and without `last`, for a kind of figure or for a state."""
    return [
        shadow
        for shadow in shadows
        if shadow.words.start < last
        and first < shadow.words.stop
        and (not shadow.kinds or kind in shadow.kinds)
        and not (kind == "" and shadow.name in FIGURES_ONLY)
    ]
