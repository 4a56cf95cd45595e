"""How hard an English text is to read, as a school grade.

Two measures that fail in different ways: Flesch-Kincaid counts syllables, the automated readability
index counts letters. docs/checking.md says how well each tells plain texts from hard ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from plainly.check.content import word_list, word_map
from plainly.check.syllables import syllables
from plainly.check.words import normalise, sentences_in, words_in

_BE = r"(?:am|is|are|was|were|be|been|being|isn't|aren't|wasn't|weren't|get|gets|got)"
_BETWEEN = r"(?:\s+(?:not|also|always|never|only|just|already|still|often|usually|then|now|[a-z]+ly))*"


@dataclass(frozen=True)
class Reading:
    """The measures of one text. Grades are years of school; `longest` is the longest sentence."""

    words: int
    sentences: int
    flesch_kincaid: float
    automated: float
    longest: str
    longest_words: int
    passive: tuple[str, ...]

    @property
    def grade(self) -> float:
        """The higher of the two measures, so that neither hides what the other sees."""
        return max(self.flesch_kincaid, self.automated)

    @property
    def passive_share(self) -> float:
        """The share of sentences in the passive voice, 0 to 1."""
        return len(self.passive) / self.sentences if self.sentences else 0.0


def read(text: str) -> Reading:
    """Measures a text as a whole: single short sentences say little about a reader's effort."""
    plain = normalise(text)
    sentences = sentences_in(plain)
    words = words_in(plain)
    longest = max(sentences, key=lambda sentence: len(words_in(sentence)), default="")
    return Reading(
        len(words),
        len(sentences),
        flesch_kincaid(words, len(sentences)),
        automated(words, len(sentences)),
        longest,
        len(words_in(longest)),
        tuple(sentence for sentence in sentences if is_passive(sentence)),
    )


def flesch_kincaid(words: list[str], sentences: int) -> float:
    """The Flesch-Kincaid grade (Kincaid and others, 1975)."""
    if not words or not sentences:
        return 0.0
    per_word = sum(syllables(word) for word in words) / len(words)
    return round(0.39 * len(words) / sentences + 11.8 * per_word - 15.59, 2)


def automated(words: list[str], sentences: int) -> float:
    """The automated readability index (Smith and Senter, 1967), as a grade."""
    if not words or not sentences:
        return 0.0
    letters = sum(sum(char.isalpha() for char in word) for word in words)
    return round(4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43, 2)


def is_passive(sentence: str) -> bool:
    """True when a form of "be" is followed by a participle that is not used as an adjective."""
    return any(_is_participle(match[1]) for match in _passive_pattern().finditer(sentence.lower().replace("’", "'")))


def _passive_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b{_BE}{_BETWEEN}\s+([a-z]+)\b")


def _is_participle(word: str) -> bool:
    if word in word_list("en/passive.yml", "adjectives") or (word.startswith("un") and word.endswith("ed")):
        return False
    return word in word_list("en/passive.yml", "participles") or (
        len(word) > 4 and word.endswith("ed") and not word.endswith("eed")
    )


def hard_words(text: str, most: int = 3) -> tuple[str, ...]:
    """The words that cost a reader most, by syllables; at least four."""
    found = {word.lower() for word in words_in(normalise(text)) if syllables(word) >= 4}
    return tuple(sorted(found, key=lambda word: (-syllables(word), word))[:most])


def jargon_in(text: str) -> Iterable[tuple[str, str]]:
    """The words of officials and lawyers in a text, each with what to say instead."""
    lower = normalise(text).lower()
    for words, instead in word_map("en/jargon.yml", "jargon").items():
        if words in lower and re.search(rf"(?<![\w-]){re.escape(words)}(?![\w-])", lower):
            yield words, instead
