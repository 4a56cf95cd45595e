"""The few things the dialogue itself listens for: "I don't know", "the second one", "why do you ask"."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz
from ruamel.yaml import YAML

from plainly.model import Button
from plainly.retrieve.words import content_words

CLOSE_ENOUGH = 82
"""rapidfuzz token-set score from which typed words count as naming a button's label."""


@cache
def _heard(language: str = "en") -> dict[str, Any]:
    path = Path(__file__).parent / language / "listening.yml"
    content: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return content


def is_unsure(text: str) -> bool:
    """Whether the customer says that they don't know.

    >>> is_unsure("Sorry, I can't remember"), is_unsure("three weeks ago")
    (True, False)
    """
    return _says(text, _heard()["unsure"])


def names_a_topic(text: str) -> bool:
    """Whether the words point at something of their own, or only at what is being discussed.

    >>> names_a_topic("Why is that the rule?"), names_a_topic("Why do gift cards run out?")
    (False, True)
    """
    empty = {stem for word in str(_heard()["dialogue"]).split() for stem in content_words(word)}
    return bool(set(content_words(text)) - empty)


def asks_why_we_ask(text: str) -> bool:
    """Whether the customer wants to know why a question is asked."""
    return _says(text, _heard()["why_ask"])


def asks_the_way(text: str) -> bool:
    """Whether the customer asks for steps rather than for a rule.

    >>> asks_the_way("Where do I send it?"), asks_the_way("I want to know who you sell my data to")
    (True, False)
    """
    return _says(text, _heard()["way"])


def points_back(text: str) -> bool:
    """Whether the words name what was spoken of before by "it" or "that".

    >>> points_back("And can I add a cushion to it?"), points_back("What is the weather like?")
    (True, False)
    """
    return _says(text, _heard()["back"])


def says_goodbye(text: str) -> bool:
    """Whether there is a word of leaving."""
    return _says(text, _heard()["goodbye"])


def asks_what_was_agreed(text: str) -> bool:
    """Whether the customer asks what people said or agreed with them.

    >>> asks_what_was_agreed("So what did we agree?"), asks_what_was_agreed("I don't agree")
    (True, False)
    """
    return _says(text, _heard()["agreed"])


def pick(text: str, choices: tuple[Button, ...]) -> Button | None:
    """The choice the customer means: by order ("the second one") or by its words ("store credit")."""
    if not choices:
        return None
    plain = _plain(text)
    for position, names in _heard()["ordinals"].items():
        if any(re.search(rf"\b{re.escape(name)}\b", plain) for name in names) and len(plain.split()) <= 8:
            return choices[position] if -len(choices) <= position < len(choices) else None
    scored = [(fuzz.token_set_ratio(_plain(button.label), plain), button) for button in choices]
    score, best = max(scored, key=lambda pair: pair[0])
    return best if score >= CLOSE_ENOUGH else None


def _says(text: str, phrases: list[str]) -> bool:
    plain = _plain(text)
    return any(re.search(rf"\b{re.escape(_plain(phrase))}\b", plain) for phrase in phrases)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text.lower().replace("’", "'")).split())
