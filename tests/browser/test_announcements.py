"""What a screen reader hears: each new message once, and never the history."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.browser.conftest import Visits

pytestmark = pytest.mark.browser


def test_that_each_new_answer_is_spoken_once_in_plain_words(chat: Chat) -> None:
    chat.ask("say **this** with [a link](/policies)\n\n- one\n- two")
    chat.ask("second")
    assert chat.spoken() == [
        "Marlow & Finch: Turn 1: say this with a link one two",
        "Marlow & Finch: Turn 2: second",
    ]


def test_that_the_choices_are_spoken_too(chat: Chat) -> None:
    chat.ask("buttons")
    assert chat.spoken() == ["Marlow & Finch: Turn 1: buttons You can choose: Unopened, Talk to a person."]


def test_that_a_reload_reads_nothing_again(chat: Chat) -> None:
    chat.ask("hello")
    chat.ask("again")
    chat.page.reload()
    chat.answer(2)
    assert chat.spoken() == []
    chat.ask("third")
    assert chat.spoken() == ["Marlow & Finch: Turn 3: third"]


def test_that_a_lost_connection_does_not_read_twice(chat: Chat) -> None:
    chat.ask("hello")
    chat.page.context.set_offline(True)
    expect(chat.connection).to_contain_text("offline")
    chat.page.context.set_offline(False)
    expect(chat.connection).to_be_hidden()
    chat.ask("again")
    assert chat.spoken() == ["Marlow & Finch: Turn 1: hello", "Marlow & Finch: Turn 2: again"]


def test_that_an_answer_that_comes_after_a_reload_is_spoken(chat: Chat) -> None:
    chat.ask("hello")
    chat.say("slow 2 please")
    expect(chat.mine.last.locator(".meta")).to_contain_text("Sent")
    chat.page.reload()
    chat.answer(2)
    assert chat.spoken() == ["Marlow & Finch: Turn 2: slow 2 please"]


def test_that_a_second_tab_does_not_read_the_history(visits: Visits) -> None:
    context = visits.context()
    first = visits.chat(context=context).open()
    first.ask("hello")
    second = visits.chat(context=context).open()
    second.answer(1)
    assert second.spoken() == []


def test_that_the_history_itself_is_not_a_live_region(chat: Chat) -> None:
    chat.ask("hello")
    expect(chat.page.get_by_role("log")).to_have_attribute("aria-live", "off")
    region = chat.page.locator("plainly-chat [data-announcer]")
    expect(region).to_have_attribute("aria-live", "polite")
    expect(region).to_have_text("", timeout=12_000)


def test_that_a_closed_chat_tells_how_much_is_new(chat: Chat) -> None:
    title = chat.page.title()
    chat.say("slow 1 please")
    expect(chat.mine.locator(".meta")).to_contain_text("Sent")
    chat.page.keyboard.press("Escape")
    unread = chat.page.get_by_role("button", name="Open the chat, 1 new message")
    expect(unread).to_be_visible()
    assert chat.spoken() == ["1 new message in the chat"]
    assert chat.page.title() == f"(1) {title}"
    unread.click()
    assert chat.page.title() == title
    chat.page.keyboard.press("Escape")
    expect(chat.page.get_by_role("button", name="Ask us")).to_be_visible()


def test_that_a_reader_further_up_is_not_moved(chat: Chat) -> None:
    for number in range(6):
        chat.ask(f"fill the log {number}")
    log = chat.page.get_by_role("log")
    chat.say("slow 1 please")
    log.evaluate("log => { log.scrollTop = 0 }")
    chat.answer(7)
    more = chat.page.get_by_role("button", name="New message")
    expect(more).to_be_visible()
    assert log.evaluate("log => log.scrollTop") == 0
    more.click()
    expect(more).to_be_hidden()
    assert log.evaluate("log => log.scrollHeight - log.scrollTop - log.clientHeight") < 5
