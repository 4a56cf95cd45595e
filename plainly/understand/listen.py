"""One message in, one understanding out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from plainly.model import Context, Fact, KnowledgeBase, KnownFact, Understanding
from plainly.understand.anchors import Scene
from plainly.understand.asks import Questions
from plainly.understand.figures_to_facts import Cues, Heard, known_fact
from plainly.understand.frames import Frames
from plainly.understand.language import language_of
from plainly.understand.lexicon import Lexicon, lexicon
from plainly.understand.mentions import Figures
from plainly.understand.patterns import Patterns, as_doc
from plainly.understand.phrases import Grammar
from plainly.understand.signals import Signals
from plainly.understand.states import Said, States
from plainly.understand.tables import used_together
from plainly.understand.text import Message, Word, read, workspace
from plainly.understand.tone import Feelings
from plainly.understand.values import differs


class Ear:
    """Everything a language needs to be understood, compiled once."""

    def __init__(self, words: Lexicon) -> None:
        self.lexicon = words
        self.grammar = Grammar(words)
        self.figures = Figures(words)
        self.frames = Frames(words)
        self.questions = Questions(words)
        self.feelings = Feelings(words)
        self.signals = Signals(words, self.grammar, self.phrase)
        self.markers = Patterns(
            {"mend": words.files["corrections"]["markers"], "back": words.files["corrections"]["back"]}, words, {}
        )

    def phrase(self, text: str) -> Sequence[Word]:
        """A phrase of the folder as words."""
        with workspace() as nlp:
            return read(text, self.lexicon, nlp).words


class FolderEar:
    """What a policy folder's facts sound like."""

    def __init__(self, kb: KnowledgeBase, ear: Ear) -> None:
        facts = dict(kb.facts)
        phrases = [phrase for fact in facts.values() for phrase in _phrases(fact)]
        self.lexicon = ear.lexicon.hearing(word for phrase in phrases for word in phrase.lower().split())
        self.states = States(facts, ear.grammar, ear.lexicon, ear.phrase, together=used_together(kb))
        self.cues = Cues(facts, ear.grammar, ear.lexicon, ear.phrase)


def _phrases(fact: Fact) -> list[str]:
    heard = [phrase for option in fact.options for phrase in (option.name.replace("_", " "), *option.heard)]
    return [*heard, *fact.cues, *fact.since, *fact.yes, *fact.no]


@lru_cache(maxsize=2)
def ear_for(language: str = "en") -> Ear:
    """The ear for a language."""
    return Ear(lexicon(language))


_folders: dict[tuple[str, int], tuple[KnowledgeBase, FolderEar]] = {}


def _folder_ear(kb: KnowledgeBase, ear: Ear) -> FolderEar:
    """What this folder's facts sound like; kept for the last few folders seen."""
    key = (kb.version, id(kb))
    if key not in _folders:
        while len(_folders) >= 4:
            _folders.pop(next(iter(_folders)), None)
        # The folder is kept beside its ear, so that its id is not given to another one.
        _folders[key] = (kb, FolderEar(kb, ear))
    return _folders[key][1]


def understand(text: str, kb: KnowledgeBase, *, now: datetime, context: Context | None = None) -> Understanding:
    """What a message says: facts, tone, wishes, questions. Only the first 4,000 characters are read.

    Facts that others claim, that the customer demands or imagines, and that are about somebody
    else are not heard. A guess ("what if it arrived last week?") never replaces a known fact.
    """
    ear = ear_for()
    folder = _folder_ear(kb, ear)
    with workspace() as nlp:
        message = read(text, folder.lexicon, nlp)
        doc = as_doc(message)
        return _understood(message, doc, kb, (ear, folder, now, context or Context()))


def _understood(
    message: Message, doc: Any, kb: KnowledgeBase, at: tuple[Ear, FolderEar, datetime, Context]
) -> Understanding:
    ear, folder, now, context = at
    keys = ear.grammar.keys(message)
    shadows = ear.frames.find(message, doc)
    marks = ear.markers.find(doc)
    figures = ear.figures.find(message, doc, now.date())
    scene = Scene(
        message, keys, shadows, [range(mark.first, mark.last) for mark in marks], figures, context, now.date()
    )
    heard = folder.cues.assign(scene, kb)
    _add_states(heard, folder.states.find(message, keys, shadows, context), message, context)
    tone = ear.feelings.of(message, message.clean)
    found = ear.signals.find(message, doc)
    return Understanding(
        facts=_news(heard, context),
        tone=tone,
        pushback=ear.signals.pushback(found, context, tone),
        wants_human=ear.signals.wants_human(found),
        complaint=ear.signals.complaint(found),
        asks=ear.questions.find(message, doc),
        language=language_of(message.clean),
        situation=ear.signals.situation(message, keys),
        corrected=_corrected(heard, context),
        alarm=ear.signals.alarm(found),
    )


def _add_states(heard: Heard, states: Sequence[Said], message: Message, context: Context) -> None:
    for said in states:
        known = context.facts.get(said.fact)
        if said.supposed and known:
            continue
        if said.option is None:
            continue
        value = {"yes": True, "no": False}.get(said.option, said.option) if _is_yes_no(said, known) else said.option
        heard.facts[said.fact] = known_fact(message, said.fact, value, said.first, said.last)


def _is_yes_no(said: Said, known: KnownFact | None) -> bool:
    return said.option in ("yes", "no")


def _news(heard: Heard, context: Context) -> dict[str, KnownFact]:
    """What was heard, without vaguer words for something already known exactly."""
    return {
        name: fact
        for name, fact in heard.facts.items()
        if name not in context.facts or context.facts[name].value == fact.value or _adds(fact, context.facts[name])
    }


def _adds(new: KnownFact, old: KnownFact) -> bool:
    from plainly.model import Between

    return differs(new.value, old.value) or (isinstance(old.value, Between) and not isinstance(new.value, Between))


def _corrected(heard: Heard, context: Context) -> tuple[str, ...]:
    taken_back = [
        name
        for name, fact in heard.facts.items()
        if name in context.facts and differs(fact.value, context.facts[name].value)
    ]
    return tuple(dict.fromkeys([*heard.mended, *taken_back]))
