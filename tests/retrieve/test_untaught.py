"""A policy of which only the words are written is found by them; what is not its matter is still refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from encoder import SentenceEncoder
from plainly.kb import load
from plainly.model import Policy
from plainly.retrieve import Index
from plainly.run import ROOT
from plainly.settings import settings

QUOTED = ("returns", "delivery", "gift_cards")


@pytest.fixture(scope="module")
def index() -> Index:
    kb = load(ROOT / "policies_kb").kb
    assert kb is not None
    policies = {name: kb.policies[name] for name in QUOTED}
    bare = {one.id: Policy(one.id, one.title, "", "quoted", one.version, one.clauses) for one in policies.values()}
    return Index.build(replace(kb, policies=bare, facts={}), SentenceEncoder(), Path(settings().cache))


@pytest.mark.parametrize(
    ("question", "policy"),
    [
        ("How many days do I have to return something?", "returns"),
        ("How long is a gift card valid?", "gift_cards"),
        ("What does delivery cost?", "delivery"),
    ],
)
def test_that_a_policy_is_found_by_its_words_alone(index: Index, question: str, policy: str) -> None:
    found = index.search(question)
    assert (found.status, found.passages[0].policy) == ("covered", policy)


@pytest.mark.parametrize(
    "question", ["What is the weather tomorrow?", "Who won the football?", "Can you write a poem?"]
)
def test_that_what_is_not_its_matter_is_refused(index: Index, question: str) -> None:
    assert index.search(question).status == "not_covered"
