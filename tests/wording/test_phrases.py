"""Frame sentences: all there, never twice, none that sounds like a form letter."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

import plainly
from plainly.errors import PlainlyError
from plainly.model import Tone, Understanding
from plainly.wording.acknowledge import acknowledge
from plainly.wording.phrases import phrases

ROOT = Path(plainly.__file__).parent
ALL = [(key, text) for key, variants in phrases().entries.items() for text in variants]
STOCK = ("unfortunately", "inconvenience", "your frustration", "please note", "valued customer", "kindly", "as per")


def understanding(label: str, situation: str | None = None) -> Understanding:
    return Understanding({}, Tone(label, 0.8), False, False, False, (), "en", situation)  # type: ignore[arg-type]


def test_that_a_phrase_is_not_said_twice_while_there_are_others() -> None:
    first = phrases().pick("answer.restate", ())
    second = phrases().pick("answer.restate", (first.id,))
    third = phrases().pick("answer.restate", (first.id, second.id))
    assert first.text != second.text
    assert third == first


def test_that_an_acknowledgement_is_never_repeated() -> None:
    said: list[str] = []
    while phrase := acknowledge(understanding("angry"), "no", "it arrived 40 days ago", said):
        assert phrase.id not in said
        said.append(phrase.id)
    assert len(said) >= 2


@pytest.mark.parametrize("label", ["calm", "grateful"])
def test_that_a_neutral_question_gets_no_acknowledgement(label: str) -> None:
    assert acknowledge(understanding(label), "no", "it arrived 40 days ago", ()) is None


def test_that_the_customers_own_words_come_first_in_an_acknowledgement() -> None:
    phrase = acknowledge(understanding("annoyed"), "no", "it is still sealed", ())
    assert phrase is not None
    assert phrase.text.startswith("It is still sealed")


def test_that_a_situation_is_named_once() -> None:
    first = acknowledge(understanding("calm", "illness"), None, "", ())
    assert first is not None
    assert acknowledge(understanding("calm", "illness"), None, "", (first.id,)) is None


def test_that_a_missing_phrase_says_where_to_add_it() -> None:
    with pytest.raises(PlainlyError, match=r"wording/en has no phrase “answer\.nonsense”"):
        phrases().line("answer.nonsense")


@pytest.mark.parametrize(("key", "text"), ALL, ids=[f"{key}: {text[:30]}" for key, text in ALL])
def test_that_no_frame_sentence_is_a_stock_phrase(key: str, text: str) -> None:
    assert not [phrase for phrase in STOCK if phrase in text.lower()], key
    assert "  " not in text


def test_that_every_phrase_named_in_the_code_exists() -> None:
    """Keys are plain strings in the code; a misspelt one must not wait for a customer to find it."""
    rooms = {key.split(".")[0] for key in phrases().entries}
    pattern = re.compile(rf"^(?:{'|'.join(rooms)})\.[a-z_.]*[a-z_]$")
    missing = []
    # The store names columns, and none of our words.
    for path in (path for path in ROOT.rglob("*.py") if "store" not in path.parts):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if (
                isinstance(node, ast.Constant)
                and pattern.match(named)
                and not {named, f"agent.{named}"} & set(phrases().entries)
                and not named.endswith((".yml", ".json"))
            ):
                missing.append(f"{path.relative_to(ROOT)}:{node.lineno} {named}")
    assert not missing


def test_that_every_phrase_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py"))
    families = (
        "acknowledge.",
        "words.",
        "social.",
        "handoff.safety",
        "handoff.vulnerable",
        "handoff.legal",
        "gateway.",
        "granted.",
        "languages.",
        "pages.",
        "desk.",
        "reports.",
        "staff.",
        "suggest.",
    )
    # A person's form of a sentence is found under the key of the bot's own.
    own = {key.removeprefix("agent.") for key, _ in ALL}
    assert not [
        key for key in own if not key.startswith(families) and f'"{key}"' not in code and f"'{key}'" not in code
    ]


def test_that_every_word_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py"))
    words = [key.removeprefix("words.") for key, _ in ALL if key.startswith("words.")]
    assert not [word for word in words if f'"{word}"' not in code and f"'{word}'" not in code]


def test_that_the_slots_of_variants_agree() -> None:
    for key, variants in phrases().entries.items():
        wanted = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in variants]
        assert all(names <= set().union(*wanted) for names in wanted), key
        if key.startswith(("answer.", "handoff.")):
            assert len({frozenset(names) for names in wanted}) == 1, f"{key}: variants ask for different slots"
