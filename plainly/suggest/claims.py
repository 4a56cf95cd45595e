"""What an agent's words claim: what they grant, what they refuse, and what only sounds like it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_SENTENCE = re.compile(r"(?<=[.!?])[)\"”'*]*\s+|\n+")
_CLAUSE = re.compile(
    r"[;:]\s+|,? \bbut\b |,? \bhowever\b,? | – | — |,? so (?=you|we|i\b)|, (?=(?:you|we|i)\b)"
    r"|,? and (?=(?:you|we|i)\b)"
)
_MARKS = re.compile(r"[*_>#`]+|^\s*[-•]\s+", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "})

GRANT_REACH = 7
REFUSE_REACH = 4
"""Words that may stand between granting or refusing and the thing."""


@dataclass(frozen=True)
class Lexicon:
    """The compiled patterns of one language."""

    things: Mapping[str, re.Pattern[str]]
    given: Mapping[str, re.Pattern[str]]
    patterns: Mapping[str, re.Pattern[str]]

    def says(self, name: str, text: str) -> re.Match[str] | None:
        """The first hit of a list of patterns."""
        return self.patterns[name].search(text)

    def things_in(self, text: str) -> set[str]:
        """What a text speaks of."""
        return {name for name, pattern in self.things.items() if pattern.search(text)}


@cache
def lexicon(language: str = "en") -> Lexicon:
    """The patterns of a language, from `plainly/suggest/<language>/claims.yml`."""
    path = Path(__file__).parent / language / "claims.yml"
    content: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    lists = {name: one for name, one in content.items() if isinstance(one, list)}
    return Lexicon(
        {name: _any(one) for name, one in content["things"].items()},
        {name: _any(one) for name, one in content["given"].items()},
        {name: _any(one) for name, one in lists.items()},
    )


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{'|'.join(patterns)})(?![\w'])", re.IGNORECASE)


def plain(text: str) -> str:
    """A text without Markdown, with straight quotes."""
    return _MARKS.sub("", _LINK.sub(r"\1", text.translate(_QUOTES)))


def sentences(text: str) -> list[str]:
    """The sentences of a text, list items by themselves."""
    return [one.strip() for one in _SENTENCE.split(plain(text)) if one and one.strip()]


def clauses(sentence: str) -> list[str]:
    """The parts of a sentence that may say different things: "we can't refund it, but you can swap it"."""
    return [part.strip() for part in _CLAUSE.split(sentence) if part and part.strip()]


def granted_things(clause: str) -> set[str]:
    """What a clause says the customer gets; nothing for questions, conditions and next steps."""
    return _things(clause, _is_granted, unless="only_works")


def refused_things(clause: str) -> set[str]:
    """What a clause says the customer does not get."""
    return _things(clause, _is_refused, unless="not_yet")


def _things(clause: str, is_meant: Callable[[str, re.Match[str]], bool], *, unless: str) -> set[str]:
    words = lexicon()
    if _claims_nothing(clause) or words.says(unless, clause):
        return set()
    kept = words.patterns["cut_away"].sub(" ", clause)
    return {
        name
        for name, pattern in words.things.items()
        for found in pattern.finditer(kept)
        if is_meant(kept, found) and not _is_of_some_only(kept, found)
    }


def _claims_nothing(clause: str) -> bool:
    words = lexicon()
    return clause.endswith("?") or bool(words.says("only_asks", clause) or words.says("only_tells", clause))


def _is_granted(clause: str, thing: re.Match[str]) -> bool:
    words = lexicon()
    before = clause[: thing.start()]
    after = clause[thing.end() :]
    if words.says("refuses", before) or words.says("is_refused", after):
        return False
    said = words.says("is_granted", after)
    by_itself = words.patterns["by_itself"].search(clause, thing.start())
    if (by_itself and by_itself.start() == thing.start()) or (
        said and len(after[: said.start()].split()) <= REFUSE_REACH
    ):
        return True
    return any(_gap(before, found) <= GRANT_REACH for found in words.patterns["grants"].finditer(before))


def _is_refused(clause: str, thing: re.Match[str]) -> bool:
    words = lexicon()
    after = clause[thing.end() :]
    said = words.says("is_refused", after)
    if said and len(after[: said.start()].split()) <= REFUSE_REACH:
        return True
    before = clause[: thing.start()]
    near = [found for found in words.patterns["refuses"].finditer(before) if _gap(before, found) <= REFUSE_REACH]
    return bool(near) and not words.says("harmless_between", before[near[0].end() :])


def _is_of_some_only(clause: str, thing: re.Match[str]) -> bool:
    """ "You can return unopened items", "our refund policy": not about this customer's own."""
    return bool(lexicon().says("only_some", " ".join(clause[thing.end() :].split()[:1])))


def _gap(before: str, found: re.Match[str]) -> int:
    return len(before[found.end() :].split())
