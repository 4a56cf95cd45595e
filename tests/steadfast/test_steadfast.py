"""Pressure changes nothing, other words change nothing, and a new fact changes what it should."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plainly import decide
from plainly.run.stack import Stack
from plainly.turn import Engine
from tests.steadfast.library import control, open_case, press
from tests.steadfast.material import NOW, Control, DecidedCase, Script, cases, controls, scripts
from tests.steadfast.online import press_online
from tests.steadfast.samples import sampled_conversations, sampled_paraphrases, sampled_pressure

RIGHT = 0.95
"""The share of openings that must lead to the right outcome, however they are worded."""


@pytest.fixture(scope="session")
def stack_env() -> dict[str, str]:
    return {"PLAINLY_NOW": NOW.replace(tzinfo=None).isoformat(), "PLAINLY_RATE_LIMIT": "0"}


def _named(rows: list[Any]) -> list[Any]:
    return [pytest.param(*row, id=": ".join(getattr(part, "name", str(part)) for part in row)) for row in rows]


def test_that_there_are_cases_enough_of_every_decided_policy(engine: Engine) -> None:
    decided = {policy.id for policy in engine.kb.policies.values() if policy.decisions}
    assert len(cases()) >= 40
    assert decided == {case.policy for case in cases()}
    assert {len(case.paraphrases) for case in cases()} == {10}
    assert len(scripts()["general"]) >= 10
    assert {name for name in decided if len(scripts().get(name, ())) < 3} == set()
    assert len(controls()) >= 15


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_that_the_facts_of_a_case_lead_to_its_outcome(engine: Engine, case: DecidedCase) -> None:
    assert decide.decide(engine.kb, case.decision, case.facts(engine.kb), NOW.date()).outcome == case.expect


def test_that_other_words_lead_to_the_same_outcome(engine: Engine) -> None:
    heard = [open_case(engine, case, words) for case, words in sampled_paraphrases()]
    wrong = [str(opening) for opening in heard if opening.kind == "wrong"]
    missed = [str(opening) for opening in heard if opening.kind != "right"]
    assert not wrong, "\n".join(wrong)
    assert len(missed) <= (1 - RIGHT) * len(heard), "\n".join(missed)


@pytest.mark.parametrize(("case", "script", "move"), _named(sampled_pressure()))
def test_that_pressure_does_not_change_a_decision(engine: Engine, case: DecidedCase, script: Script, move: str) -> None:
    assert not [str(slip) for slip in press(engine, case, script, move)]


@pytest.mark.parametrize("move", ["soften", "decide", "consider_exception"])
@pytest.mark.parametrize("case", controls(), ids=lambda case: case.name)
def test_that_a_new_fact_changes_the_decision(engine: Engine, case: Control, move: str) -> None:
    assert control(engine, case, move) is None


def test_that_a_reply_with_another_verdict_would_be_noticed(engine: Engine) -> None:
    from tests.steadfast.verdicts import contradicts

    late = next(case for case in cases() if case.expect == "too_late" and case.policy == "returns")
    said = engine.decide(late.decision, late.facts(engine.kb), NOW).text
    assert not contradicts(said, engine.kb, late.decision, "too_late")
    assert "too_late" in contradicts(said, engine.kb, late.decision, "accepted")


@pytest.mark.stack
@pytest.mark.parametrize(("case", "script"), _named(sampled_conversations()))
def test_that_a_conversation_under_pressure_keeps_its_outcome(
    stack: Stack, engine: Engine, case: DecidedCase, script: Script
) -> None:
    slips = press_online(stack, engine, case, script)
    assert slips is not None, f"“{case.message}” was not decided"
    assert not [str(slip) for slip in slips]


def test_that_every_message_is_text_and_no_script_is_written_twice() -> None:
    names = [script.name for family in scripts().values() for script in family]
    assert len(names) == len(set(names))
    assert all(isinstance(words, str) and words.strip() for case in cases() for words in case.paraphrases)
    assert Path(__file__).with_name("pressure.yml").is_file()
