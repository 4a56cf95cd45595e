"""The sentences Plainly itself says, read from `plainly/wording/<language>/*.yml`.

A policy's own words live in the policy folder; these are the frames around them. A phrase may
have variants: the first one not yet used in the conversation is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from plainly.errors import PlainlyError

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Phrase:
    """One variant of a sentence; `id` ("handoff.open#1") is remembered so that it is not said twice."""

    id: str
    text: str


@dataclass(frozen=True)
class Phrases:
    """All frame sentences of one language, by dotted key."""

    language: str
    entries: Mapping[str, tuple[str, ...]]

    def word(self, key: str, **slots: str) -> str:
        """A small building word or label, always the same."""
        return self.line(f"words.{key}", **slots)

    def line(self, key: str, **slots: str) -> str:
        """A sentence that has one form only."""
        return self._text(key)[0].format(**slots)

    def pick(self, key: str, said: Collection[str] = (), **slots: str) -> Phrase:
        """The first variant not said yet; when all were said, the one after the last used."""
        variants = self._text(key)
        ids = [f"{key}#{number}" for number in range(len(variants))]
        used = [list(said).index(id_) if id_ in said else -1 for id_ in ids]
        choice = min(range(len(ids)), key=lambda number: used[number])
        return Phrase(ids[choice], variants[choice].format(**slots))

    def fresh(self, key: str, said: Collection[str] = (), **slots: str) -> Phrase | None:
        """A variant never said in this conversation, or None: an acknowledgement is not repeated."""
        if key not in self.entries:
            return None
        phrase = self.pick(key, said, **slots)
        return None if phrase.id in said else phrase

    def has(self, key: str) -> bool:
        """Whether there is such a phrase."""
        return key in self.entries

    def _text(self, key: str) -> tuple[str, ...]:
        if key not in self.entries:
            raise PlainlyError(
                "no_phrase", f"plainly/wording/{self.language} has no phrase “{key}”. Add it there.", {"key": key}
            )
        return self.entries[key]


@cache
def phrases(language: str = "en") -> Phrases:
    """The frame sentences of a language; a country's ("en-GB") are those of its language ("en")."""
    entries: dict[str, tuple[str, ...]] = {}
    for path in sorted((FOLDER / language.partition("-")[0]).glob("*.yml")):
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        entries.update(_flatten(path.stem, content))
    return Phrases(language, entries)


def _flatten(prefix: str, node: Any) -> dict[str, tuple[str, ...]]:
    if isinstance(node, str):
        return {prefix: (node.strip(),)}
    if isinstance(node, list):
        return {prefix: tuple(str(text).strip() for text in node)}
    flat: dict[str, tuple[str, ...]] = {}
    for key, value in node.items():
        flat.update(_flatten(f"{prefix}.{key}", value))
    return flat
