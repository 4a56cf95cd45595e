"""Everything works without a mouse, and the focus is never taken away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.browser.conftest import Visits

pytestmark = pytest.mark.browser


def test_that_the_chat_is_used_by_keyboard_alone(visits: Visits) -> None:
    chat = visits.chat()
    keyboard = chat.page.keyboard
    chat.launcher.focus()
    keyboard.press("Enter")
    expect(chat.panel).to_be_visible()
    assert chat.focused() == "Your message"
    keyboard.type("buttons please")
    keyboard.press("Enter")
    chat.answer(1)
    assert chat.focused() == "Your message"
    order = []
    for _ in range(5):
        keyboard.press("Shift+Tab")
        order.append(chat.focused())
    assert order == ["Returns 2.1", "Talk to a person", "Unopened", "Conversation", "Close the chat"]
    keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    assert chat.focused() == "Ask us"


def test_that_tab_goes_through_the_chat_from_the_top(chat: Chat) -> None:
    chat.ask("decide buttons")
    chat.panel.focus()
    order = []
    for _ in range(7):
        chat.page.keyboard.press("Tab")
        order.append(chat.focused())
    top = ["Talk to a person", "Close the chat", "Conversation", "Returns 2.1", "Receipt", "Your message", "Send"]
    assert order == top


def test_that_the_focus_returns_to_what_opened_the_chat(visits: Visits) -> None:
    chat = visits.chat()
    opener = chat.page.get_by_role("button", name="Ask about our rules")
    opener.click()
    assert chat.focused() == "Your message"
    chat.page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_that_a_question_on_the_page_is_asked_in_the_chat(visits: Visits) -> None:
    chat = visits.chat()
    question = chat.page.locator("[data-plainly-ask]").first
    asked = question.get_attribute("data-plainly-ask")
    question.click()
    assert chat.answer(1).inner_text() != ""
    assert chat.texts()[0] == asked


def test_that_shift_and_enter_start_a_new_line_and_input_methods_keep_their_enter(chat: Chat) -> None:
    chat.field.press_sequentially("one")
    chat.field.press("Shift+Enter")
    chat.field.press_sequentially("two")
    expect(chat.field).to_have_value("one\ntwo")
    chat.field.evaluate(
        "field => field.dispatchEvent(new KeyboardEvent('keydown', "
        "{key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    expect(chat.mine).to_have_count(0)
    chat.field.press("Enter")
    expect(chat.mine).to_have_count(1)


def test_that_nothing_is_sent_when_nothing_is_written(chat: Chat) -> None:
    chat.field.fill("  \n ")
    chat.field.press("Enter")
    chat.page.get_by_role("button", name="Send").click(force=True)
    expect(chat.mine).to_have_count(0)
    assert chat.focused() == "Your message"


def test_that_a_new_message_does_not_take_the_focus(chat: Chat) -> None:
    chat.say("slow 1 please")
    chat.page.get_by_role("button", name="Close the chat").focus()
    chat.answer(1)
    assert chat.focused() == "Close the chat"


def test_that_a_tapped_button_keeps_the_focus_and_is_shown_as_chosen(chat: Chat) -> None:
    chat.ask("buttons")
    button = chat.page.get_by_role("group", name="Answers you can choose").get_by_role("button", name="Unopened")
    button.focus()
    chat.page.keyboard.press("Enter")
    chat.answer(2)
    assert chat.focused() == "Unopened (chosen)"
    chat.page.keyboard.press("Enter")
    expect(chat.mine).to_have_count(2)
    chat.page.reload()
    chat.answer(2)
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(chat.panel.get_by_role("button", name="Talk to a person").last).not_to_have_attribute(
        "aria-disabled", "true"
    )


def test_that_buttons_of_older_answers_still_work(chat: Chat) -> None:
    chat.ask("buttons")
    chat.ask("something else")
    chat.page.get_by_role("button", name="Unopened").click()
    chat.answer(3)
    assert chat.texts()[-2:] == ["Unopened", "Turn 3: Unopened"]


def test_that_tab_stays_inside_where_the_chat_fills_the_screen(visits: Visits) -> None:
    chat = visits.chat(viewport={"width": 375, "height": 700}).open()
    expect(chat.panel).to_have_attribute("aria-modal", "true")
    seen = []
    for _ in range(9):
        chat.page.keyboard.press("Tab")
        seen.append(chat.focused())
    assert seen.count("Your message") == 1
    assert seen[:3] == ["Send", "Talk to a person", "Close the chat"]


def test_that_a_person_can_be_asked_for_at_any_time(chat: Chat) -> None:
    chat.page.get_by_role("button", name="Talk to a person").click()
    chat.answer(1)
    assert chat.texts()[0] == "I'd like to talk to a person"
    chat.ask("escalate asked")
    waiting = chat.page.get_by_role("button", name="A person will join")
    expect(waiting).to_have_attribute("aria-disabled", "true")


def test_that_sources_open_the_clause_in_place(chat: Chat) -> None:
    chat.ask("hello")
    chip = chat.page.get_by_role("button", name="Returns 2.1")
    chip.focus()
    chat.page.keyboard.press("Enter")
    clause = chat.page.get_by_role("region", name="Returns 2.1")
    expect(clause).to_contain_text("within 30 days")
    expect(chip).to_have_attribute("aria-expanded", "true")
    expect(clause.get_by_role("link")).to_have_attribute("href", f"{chat.url}/policies/returns#2.1")
    chat.page.keyboard.press("Enter")
    expect(clause).to_be_hidden()


def test_that_the_receipt_can_be_read_and_copied(visits: Visits) -> None:
    context = visits.context(permissions=["clipboard-read", "clipboard-write"])
    chat = visits.chat(context=context).open()
    chat.ask("decide")
    chat.page.get_by_text("Receipt", exact=True).click()
    expect(chat.page.get_by_text("r-1")).to_be_visible()
    chat.page.get_by_role("button", name="Copy the receipt").click()
    expect(chat.page.get_by_text("Copied")).to_be_visible()
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert "Receipt number: r-1" in copied
    assert "Condition: unopened" in copied
