"""Questions, tone, wishes, alarms, situations and language, on hand-written sentences."""

from __future__ import annotations

from typing import Any

import pytest

from plainly.model import Context
from tests.understand.stage import cases, hear


@pytest.mark.parametrize("case", [pytest.param(case, id=case["say"]) for case in cases("asks")])
def test_that_each_question_is_a_text_of_its_own(case: dict[str, Any]) -> None:
    assert list(hear(case["say"]).asks) == case["asks"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["say"]) for case in cases("signals")])
def test_that_a_message_shows_what_it_wants_and_how_it_feels(case: dict[str, Any]) -> None:
    found = hear(case["say"], Context(outcome=case.get("outcome"), decision="returns.can_return"))
    heard = {
        "human": found.wants_human,
        "complaint": found.complaint,
        "push": found.pushback,
        "alarm": found.alarm,
        "situation": found.situation,
        "language": found.language,
    }
    expected = {name: case[name] for name in heard if name in case}
    assert {name: heard[name] for name in expected} == expected
    if "tone" in case:
        assert found.tone.label in case["tone"], found.tone
    assert 0 <= found.tone.score <= 1
