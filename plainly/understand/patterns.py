"""The little language of the content files, and finding its patterns in a message.

A pattern is words in a row: `word`, `one|two`, `{class}`, `optional?`, `*` for up to three words.
`{n}` is an amount, `{y}` a year, `{o}` a rank such as "3rd", `{d}` a written date, `{t}` a time of day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc

from plainly.understand.lexicon import Lexicon
from plainly.understand.text import Message, english

SPECIAL = {
    "n": ["<n>", "a", "an", "one"],
    "N": ["<n>", "<y>"],
    "y": ["<y>"],
    "o": ["<o>"],
    "d": ["<d>"],
    "t": ["<t>"],
    "q": ["?"],
}
STOPS = [".", "!", "?", ";", "\n"]

Token = dict[str, Any]


@dataclass(frozen=True)
class Hit:
    """A pattern found: its name, and the words from `first` up to and without `last`."""

    name: str
    first: int
    last: int


class Patterns:
    """Named patterns, ready to be found in messages."""

    def __init__(
        self, named: Mapping[str, Iterable[str]], lexicon: Lexicon, classes: Mapping[str, Iterable[str]]
    ) -> None:
        self._classes = {**lexicon.classes, **{name: frozenset(map(str, words)) for name, words in classes.items()}}
        self._matcher = Matcher(english().vocab)
        for name, lines in named.items():
            self._matcher.add(name, [tokens for line in lines for tokens in [self._compiled(str(line))]])

    def find(self, doc: Doc) -> list[Hit]:
        """Every place where a pattern fits, in order; longer ones first where they start together."""
        strings = doc.vocab.strings
        hits = {Hit(strings[name], first, last) for name, first, last in self._matcher(doc)}
        return sorted(hits, key=lambda hit: (hit.first, -hit.last, hit.name))

    def _compiled(self, line: str) -> list[Token]:
        return [token for element in line.split() for token in self._element(element)]

    def _element(self, element: str) -> list[Token]:
        if set(element) == {"*"}:
            return [{"ORTH": {"NOT_IN": STOPS}, "OP": "?"}] * (3 if len(element) == 1 else 7)
        optional = element.endswith("?") and len(element) > 1
        words = self._words(element[:-1] if optional else element)
        token: Token = {"ORTH": words[0]} if len(words) == 1 else {"ORTH": {"IN": words}}
        return [{**token, "OP": "?"} if optional else token]

    def _words(self, element: str) -> list[str]:
        if element == "|":
            return [element]
        words: list[str] = []
        for part in element.split("|"):
            name = part.strip("{}")
            if part == f"{{{name}}}":
                words += SPECIAL.get(name) or sorted(self._classes[name])
            else:
                words.append(part)
        return words


def as_doc(message: Message) -> Doc:
    """The words of a message as patterns see them."""
    return Doc(english().vocab, words=[word.norm for word in message.words])


def longest(hits: Sequence[Hit], rank: Mapping[str, int] | None = None) -> list[Hit]:
    """Hits that do not overlap: the longest win, then the better ranked, then the earlier."""
    taken: set[int] = set()
    kept: list[Hit] = []
    order = rank or {}
    for hit in sorted(hits, key=lambda hit: (hit.first - hit.last, order.get(hit.name, 0), hit.first)):
        if taken.isdisjoint(range(hit.first, hit.last)):
            kept.append(hit)
            taken.update(range(hit.first, hit.last))
    return sorted(kept, key=lambda hit: hit.first)
