"""The questions in a message, each as a text of its own."""

from __future__ import annotations

from itertools import pairwise

from spacy.tokens import Doc

from plainly.understand.lexicon import Lexicon
from plainly.understand.patterns import Patterns
from plainly.understand.text import Message


class Questions:
    """How questions begin in a language."""

    def __init__(self, lexicon: Lexicon) -> None:
        content = lexicon.files["asks"]
        self._openers = Patterns({"open": content["openers"]}, lexicon, {})
        self._sudden = Patterns({"open": content["sudden"]}, lexicon, {})
        self._leads = frozenset(content["leads"])
        self._joins = frozenset(content["joins"])
        self._dropped = frozenset(content["dropped"])
        self._rhetorical = frozenset(content["rhetorical"])
        self._tags = frozenset(content["tags"])

    def find(self, message: Message, doc: Doc) -> tuple[str, ...]:
        """The questions, in order; a statement gives none."""
        openers = {hit.first: False for hit in self._openers.find(doc)}
        openers.update({hit.first: True for hit in self._sudden.find(doc)})
        asks: list[str] = []
        start = 0
        while start < len(message.words):
            sentence = message.sentence_of(start)
            asks += self._in_sentence(message, sentence, openers)
            start = sentence.stop
        return tuple(dict.fromkeys(asks))

    def _in_sentence(self, message: Message, sentence: range, openers: dict[int, bool]) -> list[str]:
        words = message.words
        marked = any(words[index].norm == "?" for index in sentence)
        starts = [
            index
            for index in sentence
            if index in openers and self._may_start(message, index, sentence.start, sudden=openers[index])
        ]
        if not starts:
            whole = self._told(message, sentence.start, sentence.stop)
            return [whole] if marked and self._asks_something(message, sentence) else []
        edges = [*starts, sentence.stop]
        return [
            text
            for first, last in pairwise(edges)
            if (text := self._told(message, first, last)) and self._asks_something(message, range(first, last))
        ]

    def _may_start(self, message: Message, index: int, sentence: int, *, sudden: bool) -> bool:
        """A question starts a sentence, or after a joining word; a clear one also in the middle of unbroken text."""
        if index == sentence:
            return True
        before = message.words[index - 1].norm
        return before in self._joins or before in self._dropped or (sudden and before not in self._leads)

    def _told(self, message: Message, first: int, last: int) -> str:
        words = message.words
        while first < last and (
            words[first].norm in self._dropped or words[first].norm in (",", "-", ".", "\n", ":", ")")
        ):
            first += 1
        while last > first and words[last - 1].norm != "?" and self._trails(message, last):
            last -= 1
        return " ".join(message.said(first, last).split()) if last > first else ""

    def _trails(self, message: Message, last: int) -> bool:
        """Whether the last word of a question only leads to the next one."""
        norm = message.words[last - 1].norm
        numbered = norm == "<n>" and last < len(message.words) and message.words[last].norm in (")", ".")
        return numbered or norm in self._joins or norm in (".", "\n", "!", "please")

    def _asks_something(self, message: Message, part: range) -> bool:
        norms = [
            message.words[index].norm
            for index in part
            if message.words[index].norm.isalnum() or "<" in message.words[index].norm
        ]
        said = " ".join(norms)
        return bool(norms) and said not in self._rhetorical and not all(norm in self._tags for norm in norms)
