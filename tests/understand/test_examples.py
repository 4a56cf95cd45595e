"""The worked examples of the shipped folder: what is understood from a message agrees with its facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from plainly.kb import load
from plainly.model import Example, KnowledgeBase
from plainly.understand import understand
from plainly.understand.values import differs
from tests.understand.stage import NOW

FOLDER = Path(__file__).parents[2] / "policies_kb"


@pytest.fixture(scope="module")
def shipped() -> KnowledgeBase:
    loaded = load(FOLDER)
    assert loaded.kb is not None, [str(problem) for problem in loaded.problems]
    return loaded.kb


def messages(kb: KnowledgeBase) -> list[Example]:
    return [example for policy in kb.policies.values() for example in policy.examples if example.message]


def test_that_no_example_message_is_understood_against_its_facts(shipped: KnowledgeBase) -> None:
    wrong = []
    for example in messages(shipped):
        now = NOW.replace(year=example.as_of.year, month=example.as_of.month, day=example.as_of.day)
        for name, fact in understand(example.message, shipped, now=now).facts.items():
            if name in example.given and differs(fact.value, example.given[name]):
                wrong.append((example.message, name, fact.value, fact.said))
    assert wrong == []
