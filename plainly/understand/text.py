"""A message as words with their place in the original text."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import spacy

from plainly.understand.lexicon import Lexicon

LONGEST = 4000
SENTENCE_ENDS = frozenset({".", "!", "?", ";", "\n", "…"})
QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": ",", "−": "-"})

_lock = threading.RLock()


@dataclass(frozen=True)
class Range:
    """A number heard: exact when low equals high. `loose` when it was a vague word ("a few")."""

    low: float
    high: float
    loose: bool = False
    digits: str = ""


@dataclass(frozen=True)
class Word:
    """One word or sign. `norm` is how patterns see it; `start` and `end` count in the cleaned text."""

    text: str
    norm: str
    start: int
    end: int
    number: Range | None = None
    sentence: int = 0
    clause: int = 0


@dataclass(frozen=True)
class Message:
    """A message, read: cleaned text, its words, and where each cleaned character came from."""

    original: str
    clean: str
    places: tuple[int, ...]
    words: tuple[Word, ...]

    def said(self, first: int, last: int) -> str:
        """The words `first` up to and without `last` as the customer wrote them."""
        start, end = self.span(first, last)
        return self.original[start:end]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The character range in the original text of words `first` up to and without `last`."""
        return self.places[self.words[first].start], self.places[self.words[last - 1].end - 1] + 1

    def clause_of(self, index: int) -> range:
        """The word range of the clause that the word at `index` belongs to."""
        return self._around(index, lambda word: (word.sentence, word.clause))

    def sentence_of(self, index: int) -> range:
        """The word range of the sentence that the word at `index` belongs to."""
        return self._around(index, lambda word: word.sentence)

    def _around(self, index: int, key: Any) -> range:
        first = last = index
        wanted = key(self.words[index])
        while first > 0 and key(self.words[first - 1]) == wanted:
            first -= 1
        while last + 1 < len(self.words) and key(self.words[last + 1]) == wanted:
            last += 1
        return range(first, last + 1)


@lru_cache(maxsize=1)
def english() -> Any:
    """The tokenizer all messages share."""
    return spacy.blank("en")


@contextmanager
def workspace() -> Iterator[Any]:
    """The shared tokenizer, for one message at a time; words met inside are forgotten afterwards."""
    with _lock:
        nlp = english()
        with nlp.memory_zone():
            yield nlp


def clean(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without marks that only disturb, and the original index of each character kept.

    Control signs become spaces; format signs (writing direction, joiners) and stacked accents vanish.
    """
    kept: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text[:LONGEST]):
        for part in unicodedata.normalize("NFKD", sign.translate(QUOTES)):
            plain = _plain(part)
            if plain:
                kept.append(plain)
                places.append(place)
    return "".join(kept), tuple(places)


def _plain(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in ("Cf", "Mn", "Me", "Cn", "Cs", "Co"):
        return ""
    if sign == "\n":
        return sign
    return " " if category[0] in "ZC" else sign


GLUED = re.compile(r"^(\d[\d.,]*)([a-z]+)$", re.IGNORECASE)
SLASH_DATE = re.compile(
    r"(?<![\w/.-])(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{1,2}/\d{1,2})(?![\w/])"
)
CLOCK = re.compile(r"(?<![\w/.])\d{1,2}[:.]\d{2} ?(?:am|pm)?(?![\w/])(?=.*)", re.IGNORECASE)


def read(text: str, lexicon: Lexicon, nlp: Any) -> Message:
    """Split a message into words, with spelling mended where a known word was clearly meant."""
    from plainly.understand.numbers import merge_numbers

    cleaned, places = clean(text)
    words = [_normalised(word, lexicon) for word in _split(cleaned, nlp)]
    words = merge_numbers(_merge_dates(words, cleaned, lexicon), lexicon)
    return Message(text, cleaned, places, tuple(_placed(words, lexicon)))


def _split(cleaned: str, nlp: Any) -> Iterator[Word]:
    for token in nlp.tokenizer(cleaned):
        if token.is_space and "\n" not in token.text:
            continue
        lower = "\n" if token.is_space else token.lower_
        yield from _unglued(Word(token.text, lower, token.idx, token.idx + len(token.text)))


def _unglued(word: Word) -> Iterator[Word]:
    """ "30days" is two words; so are "hello.next" and "opened/used"."""
    parts = (
        re.findall(r"\d[\d.,]*\d|\d|[^\W\d_']+(?:'[^\W\d_]+)?|[^\w\s]|'\w*|_+", word.norm)
        if _is_glued(word.norm)
        else []
    )
    if "".join(parts) != word.norm:
        yield word
        return
    place = word.start
    for part in parts:
        yield Word(word.text[place - word.start : place - word.start + len(part)], part, place, place + len(part))
        place += len(part)


def _is_glued(norm: str) -> bool:
    if GLUED.match(norm):
        return GLUED.match(norm).group(2) not in ("st", "nd", "rd", "th", "k", "ish")  # type: ignore[union-attr]
    return bool(re.match(r"^[a-z]{2,}\.$|^[a-z]+[./,!?;:-]+[a-z0-9]+([./,!?;:-]+[a-z0-9]*)*$", norm))


def _normalised(word: Word, lexicon: Lexicon) -> Word:
    norm = lexicon.same_as.get(word.norm, word.norm)
    if norm == word.norm and norm not in lexicon.words:
        norm = lexicon.mended(norm)
    return replace(word, norm=norm)


def _merge_dates(words: list[Word], cleaned: str, lexicon: Lexicon) -> list[Word]:
    """Written dates and clock times become one word each: `<d>` and `<t>`."""
    found = [
        (hit.start(), hit.end(), "<d>") for hit in SLASH_DATE.finditer(cleaned) if hit.group() not in lexicon.not_dates
    ]
    found += [(hit.start(), hit.end(), "<t>") for hit in CLOCK.finditer(cleaned) if _is_clock(hit.group())]
    for start, end, norm in sorted(found, reverse=True):
        inside = [index for index, word in enumerate(words) if word.start < end and word.end > start]
        if inside and words[inside[0]].start == start:
            merged = Word(cleaned[start:end], norm, start, max(end, words[inside[-1]].end))
            words[inside[0] : inside[-1] + 1] = [merged]
    return words


def _is_clock(said: str) -> bool:
    """ "10:30" and "3.30pm" are times; "45.50" is an amount."""
    return ":" in said or said.lower().endswith("m")


def _placed(words: list[Word], lexicon: Lexicon) -> Iterator[Word]:
    """Number the sentences and clauses. A clause ends at a comma, a dash, or a joining word."""
    sentence = clause = 0
    for index, word in enumerate(words):
        before = words[index - 1].norm if index else ""
        if before in SENTENCE_ENDS and word.norm not in SENTENCE_ENDS:
            sentence, clause = sentence + 1, 0
        elif (
            before in (",", "(", ")", "|", "...")
            or (before == "-" and index > 1 and words[index - 1].start > words[index - 2].end)
            or (index and _joins(words, index, lexicon))
        ):
            clause += 1
        yield replace(word, sentence=sentence, clause=clause)


def _joins(words: list[Word], index: int, lexicon: Lexicon) -> bool:
    norm = words[index].norm
    if norm in lexicon.classes["divider"]:
        return True
    after = words[index + 1].norm if index + 1 < len(words) else ""
    return norm in lexicon.classes["joiner"] and after in lexicon.classes["clause_start"]
