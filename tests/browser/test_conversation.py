"""A customer's whole way, with the real assistant behind the chat."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from plainly.run.stack import Stack
from tests.browser.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.stack]

KETTLE = "I bought a kettle 40 days ago, it's still in the box. Can I return it?"


def test_that_a_customer_gets_a_decision_with_buttons_and_sources(
    live_visits: Visits, picture: Callable[[Page, str], Path]
) -> None:
    chat = live_visits.chat().open()
    answer = chat.ask("Can I return a kettle?")
    assert answer.inner_text() != ""
    answer = chat.ask(KETTLE)
    expect(answer.locator(".receipt")).to_be_visible()
    expect(answer.locator(".bubble")).to_contain_text("30 days")
    expect(answer.locator(".bubble")).to_contain_text("40 days")
    answer.get_by_role("button", name="Returns 2.1").click()
    expect(chat.page.get_by_role("region", name="Returns 2.1")).to_contain_text("within 30 days")
    picture(chat.page, "decision")
    said = chat.texts()
    chat.page.reload()
    expect(chat.messages).to_have_count(len(said))
    assert chat.texts() == said
    choice = chat.theirs.last.locator(".choice").first
    label = choice.inner_text()
    count = chat.theirs.count()
    choice.click()
    chat.answer(count + 1)
    assert label in chat.texts()


def test_that_a_person_is_one_tap_away(live_visits: Visits) -> None:
    chat = live_visits.chat("/policies/returns").open()
    chat.page.get_by_role("button", name="Talk to a person").first.click()
    answer = chat.answer(1)
    expect(answer.locator(".bubble")).to_contain_text(re.compile("team|person|line", re.IGNORECASE))
    expect(chat.page.get_by_role("button", name="A person will join")).to_be_visible(timeout=15_000)


def test_that_a_killed_gateway_comes_back_and_answers_once(live_visits: Visits, stack: Stack) -> None:
    chat = live_visits.chat().open()
    chat.ask("What is your returns policy?")
    stack.kill("gateway")
    chat.say("How long do I have to return something?")
    expect(chat.theirs).to_have_count(2, timeout=90_000)
    answer = chat.theirs.last
    assert "30 days" in answer.inner_text()
    expect(chat.connection).to_be_hidden(timeout=30_000)
    chat.page.wait_for_timeout(1_000)
    assert chat.theirs.count() == 2
    assert chat.mine.count() == 2
