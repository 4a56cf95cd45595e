"""The words and phrases of one language, read from the content files beside this module."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA
from ruamel.yaml import YAML

from encoder.errors import EncoderError
from encoder.weights import shipped_folder

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Lexicon:
    """All content files of one language, and the words a misspelt word may have been meant to be.

    `files` maps a file's name to what it says; `classes` are the word classes that patterns name.
    """

    files: Mapping[str, Mapping[str, Any]]
    classes: Mapping[str, frozenset[str]]
    same_as: Mapping[str, str]
    words: frozenset[str]
    not_dates: frozenset[str]
    known: frozenset[str]
    extra: frozenset[str] = frozenset()
    _targets: dict[str, list[str]] = field(default_factory=dict, compare=False)
    _mended: dict[str, str] = field(default_factory=dict, compare=False)

    def mended(self, norm: str) -> str:
        """The word that was meant, when `norm` is no English word and close to one we listen for."""
        if len(norm) < 5 or not norm.isalpha() or norm in english_words() or norm in self.extra or norm in self.known:
            return norm
        if norm not in self._mended:
            if len(self._mended) > 5000:
                self._mended.clear()
            self._mended[norm] = self._closest(norm)
        return self._mended[norm]

    def _closest(self, norm: str) -> str:
        if not self._targets:
            for word in self.words | self.extra:
                if len(word) >= 5 and word.isalpha():
                    self._targets.setdefault(word[0], []).append(word)
        allowed = 1 if len(norm) < 8 else 2
        near = [word for word in self._targets.get(norm[0], ()) if abs(len(word) - len(norm)) <= 1]
        found = process.extractOne(norm, near, scorer=OSA.distance, score_cutoff=allowed)
        return found[0] if found else norm

    def hearing(self, extra: Iterable[str]) -> Lexicon:
        """This lexicon, also listening for the words of a policy folder."""
        return Lexicon(self.files, self.classes, self.same_as, self.words, self.not_dates, self.known, frozenset(extra))


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Common English words, from the sentence model's vocabulary: a word in it is no typing slip."""
    try:
        lines = (shipped_folder() / "vocab.txt").read_text(encoding="utf-8").split("\n")
    except (OSError, EncoderError):
        return frozenset()
    return frozenset(line for line in lines if len(line) > 3 and line.isalpha())


@lru_cache(maxsize=4)
def lexicon(language: str = "en") -> Lexicon:
    """The content files of a language, read once."""
    folder = HERE / language
    files = {path.stem: _load(path) for path in sorted(folder.glob("*.yml"))}
    classes = {name: frozenset(_flat(words)) for name, words in files["words"]["classes"].items()}
    spoken = {word for words in classes.values() for phrase in words for word in phrase.split()}
    spoken |= set(files["numbers"]["words"])
    same = {str(k): str(v) for k, v in files["words"]["same_as"].items()}
    return Lexicon(
        files, classes, same, frozenset(spoken), frozenset(files["words"]["not_dates"]), frozenset(_words_in(files))
    )


@lru_cache(maxsize=4)
def shared(name: str) -> Mapping[str, Any]:
    """A content file that belongs to no one language."""
    return _load(HERE / f"{name}.yml")


def _load(path: Path) -> Mapping[str, Any]:
    content: Mapping[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return content


def _words_in(content: Any) -> Iterable[str]:
    """Every word of the content files: none of them is a typing slip."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            yield from _words_in(key)
            yield from _words_in(value)
    elif isinstance(content, list):
        for value in content:
            yield from _words_in(value)
    elif isinstance(content, str):
        yield from re.findall(r"[a-z]+", content)


def _flat(words: Any) -> Iterable[str]:
    if isinstance(words, Mapping):
        return [str(word) for part in words.values() for word in (part if isinstance(part, list) else [part])] + [
            str(key) for key in words
        ]
    return [str(word) for word in words]
