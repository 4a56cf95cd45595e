"""What a message does besides telling: pushes back, asks for a person, complains, names an event, raises an alarm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from spacy.tokens import Doc

from plainly.model import Context, Tone
from plainly.understand.lexicon import Lexicon
from plainly.understand.patterns import Patterns
from plainly.understand.phrases import Grammar, Key, PhraseBook
from plainly.understand.text import Message

Alarm = Literal["vulnerable", "safety", "legal"]
_NO_EVENT = "no_event"
ALARMS: tuple[Alarm, ...] = ("vulnerable", "safety", "legal")


class Signals:
    """The signal phrases of a language, compiled."""

    def __init__(self, lexicon: Lexicon, grammar: Grammar, words: Any) -> None:
        content = lexicon.files["signals"]
        named: dict[str, Sequence[str]] = {
            "human": content["wants_human"]["patterns"],
            "human:not": content["wants_human"]["not"],
            "complaint": content["complaint"]["patterns"],
            "complaint:not": content["complaint"]["not"],
            "push": content["pushback"]["sure"],
            "push:after": content["pushback"]["after_answer"],
            "push:not": content["pushback"]["not_after_answer"],
            "legal:threat": content["alarm"]["legal_threats"],
            **{name: content["alarm"][name] for name in ALARMS},
        }
        self._patterns = Patterns(named, lexicon, content["classes"])
        events: Mapping[str, Sequence[str]] = lexicon.files["situations"]["situations"]
        self._events = list(events)
        said = {**events, _NO_EVENT: lexicon.files["situations"][_NO_EVENT]}
        self._book = PhraseBook(
            [(phrase, name) for name, phrases in said.items() for phrase in phrases], grammar, words
        )
        self._grammar = grammar

    def find(self, message: Message, doc: Doc) -> dict[str, list[range]]:
        """The signals by name, each with the words that gave it."""
        found: dict[str, list[range]] = {}
        for hit in self._patterns.find(doc):
            found.setdefault(hit.name, []).append(range(hit.first, hit.last))
        return found

    def wants_human(self, found: Mapping[str, list[range]]) -> bool:
        """Whether the customer asks for a person."""
        return _stands(found, "human", "human:not")

    def complaint(self, found: Mapping[str, list[range]]) -> bool:
        """Whether the customer wants to make a complaint."""
        return _stands(found, "complaint", "complaint:not")

    def pushback(self, found: Mapping[str, list[range]], context: Context, tone: Tone) -> bool:
        """Whether the customer disagrees with what was said; a past answer makes softer words count."""
        if "push" in found:
            return True
        if context.outcome is None:
            return tone.label == "angry" and tone.score >= 0.6
        strong = tone.label in ("angry", "annoyed", "disappointed") and tone.score >= 0.3
        return strong or ("push:after" in found and "push:not" not in found)

    def alarm(self, found: Mapping[str, list[range]]) -> Alarm | None:
        """The gravest alarm: harm to a person, then danger, then legal steps that have been taken."""
        for name in ALARMS[:2]:
            if name in found:
                return name
        threats = found.get("legal:threat", [])
        real = [
            hit
            for hit in found.get("legal", [])
            if not any(threat.start < hit.stop and hit.start < threat.stop for threat in threats)
        ]
        return "legal" if real else None

    def situation(self, message: Message, keys: Sequence[Key]) -> str | None:
        """The life event told, the most serious first."""
        hits = self._book.find(message, keys)
        names = [range(hit.first, hit.last) for hit in hits if hit.tag == _NO_EVENT]
        told = {hit.tag for hit in hits if not any(hit.first in name for name in names)}
        return next((name for name in self._events if name in told), None)


def _stands(found: Mapping[str, list[range]], name: str, unless: str) -> bool:
    """Whether some hit is not inside or touching words that mean something else."""
    against = found.get(unless, [])
    return any(
        not any(hit.start < other.stop and other.start < hit.stop for other in against) for hit in found.get(name, [])
    )
