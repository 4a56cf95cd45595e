"""All of an agent's work without a mouse, and keys that each can change or turn off."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.console import Console
from tests.browser.floor import ASKS, PLEADS, Floor
from tests.gateway.processes import Customer

pytestmark = pytest.mark.browser


def press(desk: Console, *keys: str) -> None:
    for key in keys:
        desk.page.keyboard.press(key)


def tab_to(desk: Console, name: str, most: int = 60) -> None:
    """Go on by Tab until this has the focus."""
    seen = []
    for _ in range(most):
        if desk.focused() == name:
            return
        seen.append(desk.focused())
        press(desk, "Tab")
    raise AssertionError(f"{name!r} is not reached by Tab: {seen}")


def with_suggestions(floor: Floor) -> tuple[Console, Customer]:
    desk = floor.console(role="supervisor")
    customer = floor.waiting(ASKS, PLEADS)
    press(desk, "Alt+q")
    expect(desk.line(customer)).to_be_visible()
    desk.page.evaluate("id => { location.hash = id }", customer.id)
    expect(desk.log).to_be_visible()
    press(desk, "Alt+c")
    expect(desk.reply).to_be_focused()
    seq = customer.say("!decide So can I return it or not?")
    expect(desk.page.locator(f".drafts[data-for='{seq}'] [data-suggestion]").first).to_be_visible(timeout=15_000)
    return desk, customer


def test_that_one_tab_reaches_the_list_and_arrows_go_through_it(floor: Floor) -> None:
    desk = floor.console()
    customers = [floor.waiting(), floor.waiting()]
    expect(desk.line(customers[1])).to_be_visible()
    press(desk, "Alt+q")
    expect(desk.page.locator(".lines a:focus")).to_have_count(1)
    press(desk, "Home")
    first = desk.page.evaluate("document.activeElement.hash")
    press(desk, "ArrowDown")
    assert desk.page.evaluate("document.activeElement.hash") != first
    press(desk, "End")
    assert desk.page.evaluate("document.activeElement.hash") == f"#{customers[1].id}"
    press(desk, "Enter")
    expect(desk.log).to_be_visible()
    expect(desk.page.locator("#talk-title")).to_be_focused()
    assert desk.page.locator(".lines a[tabindex='0']").count() == 1


def test_that_the_skip_link_comes_first(floor: Floor) -> None:
    desk = floor.console()
    press(desk, "Tab")
    assert desk.focused() == "Skip to the conversations"
    press(desk, "Enter")
    expect(desk.page.locator("main")).to_be_focused()


def test_that_every_part_is_reached_by_tab_alone(floor: Floor) -> None:
    desk, _ = with_suggestions(floor)
    desk.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    desk.page.locator("#desk h1").evaluate("one => { one.tabIndex = -1; one.focus() }")
    for name in ("Commands", "Sign out", "Search all conversations", "Resolve", "Show less"):
        tab_to(desk, name)
    tab_to(desk, "Private note")
    tab_to(desk, "Insert suggestion 1")


def test_that_a_conversation_is_handled_by_keys_alone(floor: Floor) -> None:
    desk, customer = with_suggestions(floor)
    press(desk, "Alt+1")
    expect(desk.reply).not_to_have_value("")
    press(desk, "Control+Enter")
    expect(desk.reply).to_have_value("")
    expect(desk.page.locator(".unsent")).to_have_count(0)
    press(desk, "Alt+p")
    expect(desk.note).to_be_focused()
    desk.page.keyboard.type("Very patient")
    press(desk, "Enter", "Alt+l")
    expect(desk.message("Very patient")).to_be_visible()
    expect(desk.reply).to_be_focused()
    press(desk, "Alt+g")
    expect(desk.page.get_by_label("Reason, for the ledger")).to_be_focused()
    tab_to(desk, desk.page.locator("#discretion .levers button").first.get_attribute("aria-label") or "")
    press(desk, "Enter")
    expect(desk.page.locator(".granted li")).to_have_count(1)
    press(desk, "Alt+u")
    expect(desk.dialog()).to_contain_text("Correct a fact")
    press(desk, "Escape", "Alt+i")
    expect(desk.button("Show all")).to_be_visible()
    press(desk, "Alt+m")
    expect(desk.dialog()).to_contain_text("Snooze until")
    press(desk, "ArrowDown", "Enter")
    expect(desk.page.get_by_text("It is snoozed until")).to_be_visible()
    press(desk, "Alt+m")
    expect(desk.page.get_by_text("It is snoozed until")).to_have_count(0)
    press(desk, "Alt+e")
    expect(desk.dialog()).to_contain_text("How did it end?")
    press(desk, "ArrowDown", "Enter")
    expect(desk.page.get_by_text("This conversation is closed")).to_be_visible()
    press(desk, "Alt+r")
    expect(desk.reply).to_be_visible()
    press(desk, "Alt+b")
    expect(desk.page.get_by_text("The assistant has this conversation")).to_be_visible()
    assert customer.look()["owner"] == "bot"


def test_that_transfer_discard_and_availability_have_keys_too(floor: Floor) -> None:
    desk, _ = with_suggestions(floor)
    press(desk, "Alt+a")
    expect(desk.page.get_by_role("switch", name="Taking conversations")).to_be_checked()
    press(desk, "Alt+a")
    expect(desk.page.get_by_role("switch", name="Away")).not_to_be_checked()
    count = desk.drafts.count()
    press(desk, "Alt+s")
    expect(desk.button("Insert suggestion 1")).to_be_focused()
    press(desk, "Alt+Shift+1", "Enter")
    expect(desk.drafts).to_have_count(count - 1)
    press(desk, "Alt+t")
    expect(desk.dialog()).to_contain_text("Transfer to")
    press(desk, "T", "Tab")
    desk.dialog().locator("select").focus()
    press(desk, "End", "Tab")
    desk.page.keyboard.type("Please")
    tab_to(desk, "Transfer", 5)
    press(desk, "Enter")
    expect(desk.button("Take it")).to_be_visible()


def test_that_one_steps_from_conversation_to_conversation(floor: Floor) -> None:
    desk = floor.console()
    customers = [floor.waiting(), floor.waiting()]
    for customer in customers:
        desk.line(customer).click()
        press(desk, "Alt+c")
        expect(desk.reply).to_be_focused()
    desk.view("Mine")
    desk.reply.focus()
    before = desk.page.url
    press(desk, "Alt+ArrowDown")
    expect(desk.reply).to_be_focused()
    assert desk.page.url != before
    press(desk, "Alt+k")
    assert desk.page.url == before


def test_that_the_palette_finds_commands_and_conversations(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting(ASKS.replace("kettle", "qzxkettle"))
    expect(desk.line(customer)).to_be_visible()
    press(desk, "Control+k")
    desk.page.keyboard.type("qzxk")
    expect(desk.page.get_by_role("option")).to_have_count(1)
    press(desk, "Enter")
    expect(desk.log).to_be_visible()
    press(desk, "Control+k")
    desk.page.keyboard.type("show snoozed")
    press(desk, "Enter")
    expect(desk.page.get_by_role("button", name="Snoozed", exact=True)).to_have_attribute("aria-pressed", "true")
    press(desk, "Control+k", "Escape")
    expect(desk.dialog()).to_have_count(0)


def test_that_the_sheet_opens_by_a_question_mark_but_not_while_writing(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting()
    desk.take(customer)
    desk.page.keyboard.type("Really?")
    expect(desk.dialog()).to_have_count(0)
    expect(desk.reply).to_have_value("Really?")
    press(desk, "Escape", "?")
    expect(desk.dialog()).to_contain_text("Keyboard shortcuts")
    expect(desk.dialog().get_by_role("row", name="Take this conversation")).to_contain_text("Alt + C")


def test_that_keys_can_be_changed_turned_off_and_set_back(floor: Floor) -> None:
    desk = floor.console()
    sheet = desk.dialog()
    press(desk, "?")
    sheet.get_by_role("button", name="Change the keys of: Commands").click()
    press(desk, "x")
    expect(sheet).to_contain_text("Hold Alt, Control or Command with it")
    press(desk, "Alt+c")
    expect(sheet).to_contain_text("“Take this conversation” has these keys already.")
    press(desk, "Alt+x")
    expect(sheet.get_by_role("row", name="Commands")).to_contain_text("Alt + X")
    sheet.get_by_role("button", name="Turn off: Preferences").click()
    press(desk, "Escape", "Control+k", "Alt+,")
    expect(desk.dialog()).to_have_count(0)
    desk.page.reload()
    desk.live()
    press(desk, "Alt+x")
    expect(desk.page.get_by_role("combobox")).to_be_focused()
    press(desk, "Escape", "?")
    sheet.get_by_role("button", name="Back to the beginning").click()
    press(desk, "Escape", "Control+k")
    expect(desk.page.get_by_role("combobox")).to_be_focused()


def test_that_all_shortcuts_can_be_turned_off_at_once(floor: Floor) -> None:
    desk = floor.console()
    press(desk, "?")
    desk.dialog().get_by_label("Use keyboard shortcuts").uncheck()
    press(desk, "Escape", "?", "Control+k")
    expect(desk.dialog()).to_have_count(0)
    assert desk.button("Shortcuts").get_attribute("aria-keyshortcuts") is None


def test_that_keys_count_by_place_and_letters_of_altgr_stay_letters(floor: Floor) -> None:
    desk = floor.console()
    fire = """(given) => document.body.dispatchEvent(new KeyboardEvent("keydown",
      { bubbles: true, cancelable: true, ...given }))"""
    desk.page.evaluate(fire, {"key": "л", "code": "KeyK", "ctrlKey": True})
    expect(desk.dialog()).to_be_visible()
    press(desk, "Escape")
    altgr = {"key": "ę", "code": "KeyK", "ctrlKey": True, "altKey": True, "modifierAltGraph": True}
    desk.page.evaluate(fire, altgr)
    expect(desk.dialog()).to_have_count(0)


def test_that_enter_can_start_a_line_instead(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting()
    desk.take(customer)
    press(desk, "Alt+,")
    desk.dialog().get_by_label("Enter sends").uncheck()
    press(desk, "Escape")
    desk.reply.focus()
    desk.page.keyboard.type("one")
    press(desk, "Enter")
    desk.page.keyboard.type("two")
    expect(desk.reply).to_have_value("one\ntwo")
    press(desk, "Control+Enter")
    expect(desk.reply).to_have_value("")
    expect(desk.log.locator(".by-agent").filter(has_text="two")).to_be_visible()


def test_that_a_dialog_gives_the_focus_back(floor: Floor) -> None:
    desk = floor.console()
    for name in ("Shortcuts", "Preferences", "Saved replies"):
        desk.button(name).focus()
        press(desk, "Enter")
        expect(desk.dialog()).to_be_visible()
        press(desk, "Escape")
        expect(desk.button(name)).to_be_focused()
