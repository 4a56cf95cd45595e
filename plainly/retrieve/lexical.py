"""Word search: BM25 over stems, with what customers call things and what they mistype."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from plainly.retrieve.words import content_words, stem, words

Scores = npt.NDArray[np.float32]
_K1, _B = 1.2, 0.6
# A synonym or a mended typo says a little less than the word itself.
_SYNONYM, _MENDED = 0.7, 0.8
_LEAST_ALIKE = 82
_SHORTEST_TYPO = 4
_LONGEST_PHRASE = 4


@dataclass(frozen=True)
class Query:
    """A question as weighted stems: `groups` holds, for each content word, the stems that may stand for it.

    `unknown` are the content words the folder knows nothing of, even after mending.
    """

    groups: tuple[Mapping[str, float], ...]
    unknown: tuple[str, ...]


class Glossary:
    """What customers say, and the policies' words for it: phrases of up to four words."""

    def __init__(self, entries: Mapping[str, Sequence[str]]) -> None:
        self._entries: dict[tuple[str, ...], set[str]] = {}
        for said, meant in entries.items():
            key = tuple(stem(word) for word in words(said))
            if key:
                stems = {one for text in meant for one in content_words(text)}
                self._entries.setdefault(key, set()).update(stems)

    @property
    def stems(self) -> set[str]:
        """Every stem a customer may use that the glossary explains."""
        return {one for key in self._entries for one in key}

    def meanings(self, stems: Sequence[str]) -> list[set[str]]:
        """What each phrase in a question means."""
        found = []
        for size in range(1, _LONGEST_PHRASE + 1):
            for start in range(len(stems) - size + 1):
                meant = self._entries.get(tuple(stems[start : start + size]))
                if meant:
                    found.append(meant)
        return found


class Lexicon:
    """The words of all texts, weighed by how rare they are."""

    def __init__(self, texts: Sequence[str], glossary: Glossary) -> None:
        counts = [Counter(content_words(text)) for text in texts]
        lengths = np.array([max(1, count.total()) for count in counts] or [1], dtype=np.float32)
        self._norm = _K1 * (1 - _B + _B * lengths / lengths.mean())
        self._size = len(texts)
        self._glossary = glossary
        found: dict[str, list[tuple[int, int]]] = {}
        for at, count in enumerate(counts):
            for one, times in count.items():
                found.setdefault(one, []).append((at, times))
        self._postings = {one: self._posting(places) for one, places in found.items()}
        self._rarity = {one: self._idf(len(places)) for one, places in found.items()}
        self._vocabulary = sorted(self._postings)
        self._known = set(self._vocabulary) | glossary.stems

    def _posting(self, places: list[tuple[int, int]]) -> tuple[npt.NDArray[np.int32], Scores]:
        at = np.array([place for place, _ in places], dtype=np.int32)
        times = np.array([count for _, count in places], dtype=np.float32)
        saturation = times * (_K1 + 1) / (times + self._norm[at])
        return at, saturation.astype(np.float32)

    def _idf(self, places: int) -> float:
        return float(np.log(1 + (self._size - places + 0.5) / (places + 0.5)))

    def rarity(self, group: Mapping[str, float]) -> float:
        """How telling a question's word is: 0 for one in every text."""
        known = [self._rarity[one] for one in group if one in self._rarity]
        return max(known) if known else self._idf(0)

    def query(self, question: str) -> Query:
        """A question as weighted stems, synonyms and mended typos included."""
        every = [stem(word) for word in words(question)]
        groups: list[Mapping[str, float]] = [self._group(one) for one in dict.fromkeys(content_words(question))]
        unknown = tuple(next(iter(group)) for group in groups if not any(one in self._known for one in group))
        groups += [dict.fromkeys(sorted(meant), _SYNONYM) for meant in self._glossary.meanings(every)]
        return Query(tuple(groups), unknown)

    def _group(self, one: str) -> Mapping[str, float]:
        if one in self._known or len(one) < _SHORTEST_TYPO:
            return {one: 1.0}
        near = process.extract(one, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_LEAST_ALIKE, limit=2)
        return {one: 1.0} | {word: _MENDED for word, _, _ in near if word[0] == one[0]}

    def scores(self, query: Query) -> Scores:
        """How much of the question each text answers: near 1 when it has all of its telling words."""
        total = np.zeros(self._size, dtype=np.float32)
        ideal = 1e-6
        for group in query.groups:
            best = np.zeros(self._size, dtype=np.float32)
            for one, weight in group.items():
                if one in self._postings:
                    at, saturation = self._postings[one]
                    best[at] = np.maximum(best[at], weight * self._rarity[one] * saturation)
            total += best
            ideal += self.rarity(group) * max(group.values()) * (_K1 + 1) / 2
        return total / np.float32(ideal)
