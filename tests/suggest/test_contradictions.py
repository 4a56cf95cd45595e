"""Agents' own words against the engine: what contradicts it is seen, and what does not is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from plainly.model import KnowledgeBase
from plainly.suggest.contradictions import check_reply
from tests.suggest.conftest import ground_of

Cases = list[dict[str, Any]]


def cases(name: str) -> Cases:
    content: Cases = YAML(typ="safe").load((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return content


def contradicting(cases: Cases) -> list[tuple[str, str, str]]:
    return [(one["case"], kind, text) for one in cases for kind, text in one["contradicts"]]


def harmless(cases: Cases) -> list[tuple[str, str]]:
    return [(one["case"], text) for one in cases for text in one["harmless"]]


@pytest.mark.parametrize(("case", "kind", "text"), contradicting(cases("replies.yml")))
def test_that_a_contradiction_is_seen(kb: KnowledgeBase, case: str, kind: str, text: str) -> None:
    found = check_reply(text, ground_of(kb, case))
    assert kind in [caution.kind for caution in found], found


@pytest.mark.parametrize(("case", "text"), harmless(cases("replies.yml")))
def test_that_a_harmless_reply_raises_no_warning(kb: KnowledgeBase, case: str, text: str) -> None:
    assert check_reply(text, ground_of(kb, case)) == ()


def test_that_most_contradictions_in_replies_nobody_tuned_for_are_seen(kb: KnowledgeBase) -> None:
    lot = contradicting(cases("replies_unseen.yml"))
    seen = [kind in [one.kind for one in check_reply(text, ground_of(kb, case))] for case, kind, text in lot]
    assert sum(seen) >= 0.85 * len(lot), [one for one, was in zip(lot, seen, strict=True) if not was]


def test_that_harmless_replies_nobody_tuned_for_hardly_ever_warn(kb: KnowledgeBase) -> None:
    lot = harmless(cases("replies_unseen.yml"))
    wrong = [(text, found) for case, text in lot if (found := check_reply(text, ground_of(kb, case)))]
    assert len(wrong) <= 0.05 * len(lot), wrong


def test_that_a_granted_lever_may_be_told(kb: KnowledgeBase) -> None:
    ground = ground_of(kb, "returns.can_return.too_late", "illness_days")
    assert check_reply("I've added 14 extra days, so you can still send it back for a refund.", ground) == ()


def test_that_more_than_was_granted_is_a_promise_too_far(kb: KnowledgeBase) -> None:
    ground = ground_of(kb, "returns.can_return.too_late", "illness_days")
    (found,) = check_reply("I've given you another 30 days.", ground)
    assert found.kind == "promise"
    assert "14 days" in found.says


WRONG_TIMES = [
    "You have 90 days to return it, no problem.",
    "You've still got 90 days to send it back.",
    "You can return it until 10 January.",
    "You now have three months to send it back to us.",
]
RIGHT_TIMES = [
    "You have 44 days to return it, counted from the day it came.",
    "You've got another 14 days to send it back.",
    "You can return it until 25 November.",
    "You have 4 days left to send it back.",
    "You have 90 days to swap it for something else.",
    "You can swap it until 10 January.",
    "You can return it for a refund by 25 November, or swap it until 10 January.",
]


@pytest.mark.parametrize("text", WRONG_TIMES)
def test_that_the_time_of_another_rule_is_no_time_for_this_one(kb: KnowledgeBase, text: str) -> None:
    (found,) = check_reply(text, ground_of(kb, "returns.can_return.too_late", "illness_days"))
    assert found.kind == "figure"
    assert found.says.endswith("and yours came 40 days ago. Granted on top: 14 days.")


@pytest.mark.parametrize("text", RIGHT_TIMES)
def test_that_the_rules_time_and_what_was_granted_may_be_told(kb: KnowledgeBase, text: str) -> None:
    assert check_reply(text, ground_of(kb, "returns.can_return.too_late", "illness_days")) == ()


def test_that_a_lever_one_may_grant_is_named(kb: KnowledgeBase) -> None:
    (found,) = check_reply("I'll extend it for you by 14 days.", ground_of(kb, "returns.can_return.too_late"))
    assert "Ask for extra days" in found.says


def test_that_figures_of_the_customer_may_be_repeated(kb: KnowledgeBase) -> None:
    ground = ground_of(kb, "returns.can_return.too_late", said=("I paid £64.50 and a £4 fee",))
    assert check_reply("The £4 fee you speak of is not ours.", ground) == ()


def test_that_an_old_limit_told_as_old_is_no_contradiction(kb: KnowledgeBase) -> None:
    ground = ground_of(kb, "returns.can_return.too_late")
    assert check_reply("For deliveries before November 2025 the limit was 14 days.", ground) == ()
