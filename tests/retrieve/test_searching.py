"""Finding clauses in a small folder, with the real sentence encoder."""

from __future__ import annotations

import doctest
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from encoder import SentenceEncoder
from plainly.model import Business, Clause, Fact, KnowledgeBase, OpeningHours, Option, Policy
from plainly.retrieve import Index
from plainly.retrieve import words as words_module
from plainly.retrieve.words import content_words


class Remembering(SentenceEncoder):
    """The real encoder, which encodes no text twice in a run: every index without a cache needs the same thousands."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, npt.NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= dict(zip(new, super().encode(new), strict=True)) if new else {}
        return np.stack([self._known[text] for text in texts]) if texts else super().encode(texts)


@cache
def encoder() -> SentenceEncoder:
    return Remembering()


class Counting:
    """The real encoder, counting what it is asked to encode."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.texts += texts
        return encoder().encode(texts)


def policy(name: str, title: str, *clauses: tuple[str, str, str], **rest: object) -> Policy:
    found = {number: Clause(name, number, heading, text) for number, heading, text in clauses}
    return Policy(name, title, "", "quoted", "1", found, **rest)  # type: ignore[arg-type]


RETURNS = policy(
    "returns", "Returns",
    ("2.1", "Thirty days", "You can return a thing within 30 days of the day it was delivered."),
    ("2.4", "Who pays", "We pay for the return parcel when you use our label."),
    ("3.2", "Bedding and bath", "We can take back bedding and bath items only when they are unopened."),
    questions=("How long do I have to send something back?",),
    asked={"2.4": ("Is posting it back free of charge for me?",)},
)  # fmt: skip
CARDS = policy(
    "gift_cards", "Gift cards",
    ("1.1", "Where you can use it", "You can use a gift card online and in all stores."),
    ("2.1", "How long it lasts", "A gift card lasts 5 years from the day it was bought."),
    ("3.2", "Lost cards", "When you lost a card, we replace it with proof that you bought it."),
)  # fmt: skip
PILLOW = Fact("category", "choice", "?", options=(Option("bedding", "a bedding or bath item", ("pillow", "duvet")),))


def folder(*policies: Policy) -> KnowledgeBase:
    business = Business("Test", {}, OpeningHours({}, "Europe/London"), (), (), "")
    glossary = {"voucher": ("gift card",)}
    return KnowledgeBase("1", business, {one.id: one for one in policies}, {"category": PILLOW}, glossary)


@cache
def index() -> Index:
    return Index.build(folder(RETURNS, CARDS), encoder())


@pytest.mark.parametrize(
    ("question", "policy", "clause"),
    [
        ("How many days do I have to return it?", "returns", "2.1"),
        ("who pays the return label?", "returns", "2.4"),
        ("Is it free to post it back?", "returns", "2.4"),
        ("can I give back an opened pillow?", "returns", "3.2"),
        ("how many years does a voucher last?", "gift_cards", "2.1"),
        ("I lsot my gfit card", "gift_cards", "3.2"),
    ],
)
def test_that_the_right_clause_comes_first(question: str, policy: str, clause: str) -> None:
    best = index().search(question).passages[0]
    assert (best.policy, best.clause) == (policy, clause)


def test_that_the_policy_being_discussed_has_a_head_start_but_no_wall() -> None:
    alone = index().search("how long does that last?")
    discussing = index().search("how long does that last?", policy="returns")
    assert rank(discussing.policies, "returns") <= rank(alone.policies, "returns")
    assert share(discussing.policies, "returns") > share(alone.policies, "returns")
    assert index().search("I lost my gift card", policy="returns").passages[0].policy == "gift_cards"


def rank(policies: tuple[tuple[str, float], ...], name: str) -> int:
    return [policy for policy, _ in policies].index(name)


def share(policies: tuple[tuple[str, float], ...], name: str) -> float:
    return dict(policies)[name]


def test_that_passages_come_best_first_and_no_more_than_asked_for() -> None:
    found = index().search("return", limit=4)
    scores = [passage.score for passage in found.passages]
    assert len(scores) == 4
    assert scores == sorted(scores, reverse=True)
    assert index().search("return", limit=0).passages == ()
    assert sum(likely for _, likely in found.policies) == pytest.approx(1, abs=0.01)


def test_that_what_the_folder_does_not_tell_is_less_covered_than_what_it_does() -> None:
    asked = index().search("How many days do I have to return something?")
    strange = index().search("What is the capital of Australia?")
    assert 0 <= strange.covered < asked.covered <= 1
    assert strange.status == "not_covered"


@pytest.mark.parametrize(
    "question", ["", "   ", "\x00", "🙂🙂🙂", "\u202e\u202d", "?!", "a" * 1_000_000, "'; DROP TABLE x; --"]
)
def test_that_no_text_breaks_the_search(question: str) -> None:
    found = index().search(question)
    assert 0 <= found.covered <= 1
    assert found == index().search(question)


def test_that_an_empty_question_finds_nothing() -> None:
    found = index().search("  ")
    assert (found.passages, found.covered, found.status) == ((), 0.0, "not_covered")


def test_that_a_folder_without_policies_answers_nothing() -> None:
    assert Index.build(folder(), encoder()).search("can I return it?").status == "not_covered"


def test_that_an_unknown_policy_under_discussion_is_ignored() -> None:
    assert index().search("return label", policy="nothing") == index().search("return label")


def test_that_a_changed_clause_encodes_only_itself(tmp_path: Path) -> None:
    first = Counting()
    Index.build(folder(RETURNS), first, tmp_path)
    assert first.texts
    again = Counting()
    Index.build(folder(RETURNS), again, tmp_path)
    assert again.texts == []
    clauses = dict(RETURNS.clauses)
    clauses["2.4"] = replace(clauses["2.4"], text="You pay for the parcel.")
    changed = Counting()
    Index.build(folder(replace(RETURNS, clauses=clauses)), changed, tmp_path)
    assert changed.texts
    assert all("You pay for the parcel." in text for text in changed.texts)


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 half a file"])
def test_that_a_broken_cache_is_made_anew(tmp_path: Path, content: bytes) -> None:
    Index.build(folder(RETURNS), encoder(), tmp_path)
    (cached,) = tmp_path.glob("*.npz")
    cached.write_bytes(content)
    found = Index.build(folder(RETURNS), encoder(), tmp_path).search("who pays the return label?")
    assert found.passages[0].clause == "2.4"
    assert cached.read_bytes() != content


def test_that_a_cache_that_cannot_be_written_costs_no_answer(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    built = Index.build(folder(RETURNS), encoder(), blocked / "cache")
    assert built.search("who pays the return label?").passages[0].clause == "2.4"


def test_that_the_docs_of_words_tell_the_truth() -> None:
    assert doctest.testmod(words_module).failed == 0


@pytest.mark.parametrize(
    ("one", "other"), [("returns", "returning"), ("delivery", "delivered"), ("cancelled", "cancel"), ("cards", "card")]
)
def test_that_the_forms_of_a_word_are_one(one: str, other: str) -> None:
    assert content_words(one) == content_words(other)
