"""Hand-written sentences with the facts that must be heard in them, and no others."""

from __future__ import annotations

from typing import Any

import pytest

from plainly.model import Context, KnownFact
from tests.understand.stage import NOW, agrees, cases, context_of, hear, parse, shown, small_kb

FILES = ("dates", "hedges", "amounts", "choices", "negation", "several", "corrections", "answers")
SENTENCES = [pytest.param(case, id=f"{name}: {case['say']}") for name in FILES for case in cases(name)]


@pytest.mark.parametrize("case", SENTENCES)
def test_that_a_sentence_gives_its_facts_and_no_others(case: dict[str, Any]) -> None:
    kb = small_kb()
    found = hear(case["say"], context_of(case, kb))
    for name, expected in case["hear"].items():
        assert name in found.facts, f"{name} was not heard: {shown(found)}"
        assert agrees(found.facts[name].value, expected, kb.facts[name]), f"{name}: {shown(found)}"
    if not case.get("loosely"):
        assert set(found.facts) == set(case["hear"]), shown(found)
    if "corrected" in case:
        assert list(found.corrected) == case["corrected"]


@pytest.mark.parametrize("case", SENTENCES)
def test_that_the_span_of_a_fact_holds_its_words(case: dict[str, Any]) -> None:
    found = hear(case["say"], context_of(case, small_kb()))
    for fact in found.facts.values():
        assert fact.span is not None
        assert case["say"][fact.span[0] : fact.span[1]] == fact.said


KNOWN = {"delivered_on": "2026-10-12", "condition": "opened", "category": "hygiene", "faulty": "no", "price": "45"}


@pytest.mark.parametrize("line", cases("pressure"))
def test_that_pressure_never_tells_or_changes_a_fact(line: str) -> None:
    kb = small_kb()
    told = {name: KnownFact(name, parse(value, kb.facts[name])) for name, value in KNOWN.items()}
    contexts = [
        None,
        Context(decision="returns.can_return", facts=told, outcome="too_late", policy="returns"),
        Context(decision="returns.can_return", asked="delivered_on"),
    ]
    for context in contexts:
        found = hear(line, context)
        # The thing under discussion may be named again; that is no news.
        ruled = {name: value for name, value in shown(found).items() if name != "category"}
        assert ruled == {}
        assert found.corrected == ()


def test_that_now_is_the_saturday_the_sentences_were_written_for() -> None:
    assert NOW.strftime("%A %d %B %Y") == "Saturday 21 November 2026"
