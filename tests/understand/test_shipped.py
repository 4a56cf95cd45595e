"""Hand-written sentences with what the shipped policies must, and must not, hear in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plainly.kb import load
from plainly.model import Context, KnowledgeBase
from plainly.understand import understand
from tests.understand.stage import NOW, cases, parse, shown

SENTENCES = [pytest.param(case, id=case["say"]) for case in cases("shipped")]


@pytest.fixture(scope="module")
def shipped() -> KnowledgeBase:
    loaded = load(Path(__file__).parents[2] / "policies_kb")
    assert loaded.kb is not None, [str(problem) for problem in loaded.problems]
    return loaded.kb


@pytest.mark.parametrize("case", SENTENCES)
def test_that_a_sentence_tells_the_shipped_policies_what_it_says(shipped: KnowledgeBase, case: dict[str, Any]) -> None:
    found = understand(case["say"], shipped, now=NOW, context=Context(asked=case.get("asked")))
    for name, expected in case.get("hear", {}).items():
        assert name in found.facts, f"{name} was not heard: {shown(found)}"
        assert found.facts[name].value == parse(expected, shipped.facts[name]), f"{name}: {shown(found)}"
    assert set(found.facts).isdisjoint(case.get("not", ())), shown(found)
