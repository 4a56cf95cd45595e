"""The console at work: who waits is seen at once, taken once, answered, moved on and closed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.floor import ASKS, PLEADS, Floor
from tests.gateway.processes import Customer

pytestmark = pytest.mark.browser


def test_that_an_escalation_comes_to_the_open_desk(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting(ASKS)
    expect(desk.line(customer)).to_be_visible()
    for words in ("Asked for a person", "I got a kettle 40 days ago", "not verified", "Returns"):
        expect(desk.line(customer)).to_contain_text(words)
    assert re.match(r"\(\d+\) Desk", desk.page.title())


def test_that_the_packet_stands_above_what_was_said(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting(ASKS, PLEADS)
    desk.open(customer)
    packet = desk.page.get_by_role("region", name="What you need to know")
    for words in ("I got a kettle 40 days ago", "No", "Asked for a person", "Pushed back", "Tone over time", "Offered"):
        expect(packet).to_contain_text(words)
    expect(desk.message("I was in hospital").first).to_be_visible()
    desk.button("Show less").click()
    expect(packet).not_to_contain_text("Asked for a person")
    expect(packet).to_contain_text("I got a kettle 40 days ago")


def test_that_both_sides_hear_each_other_at_once(floor: Floor) -> None:
    desk = floor.console("Dana Reed")
    customer = floor.waiting()
    desk.take(customer)
    desk.reply.fill("Hello, I have **read** everything.")
    desk.reply.press("Enter")
    expect(desk.message("Hello, I have read everything.").locator(".rich strong")).to_have_text("read")
    shown = customer.look()
    assert shown["owner"] == "agent"
    assert shown["messages"][-1]["text"] == "Hello, I have **read** everything."
    customer.say("Good, thank you")
    expect(desk.message("Good, thank you")).to_be_visible()


def test_that_who_leaves_the_line_leaves_the_desk_and_it_says_so(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting(ASKS)
    desk.open(customer)
    button = next(one for message in reversed(customer.look()["messages"]) for one in message["buttons"])
    assert button["label"] == "I don't need a person any more"
    customer.tap(button["id"])
    expect(desk.line(customer)).to_have_count(0)
    expect(desk.page.get_by_text("The customer left the line")).to_be_visible()
    expect(desk.page.locator(".head")).to_contain_text("with the assistant")


def test_that_of_two_agents_one_takes_it_and_the_other_hears_who(floor: Floor) -> None:
    first, second = floor.console("Dana"), floor.console("Ben")
    customer = floor.waiting()
    first.open(customer)
    second.open(customer)
    first.button("Take it").click()
    expect(first.reply).to_be_focused()
    expect(second.page.get_by_text("Dana has this conversation")).to_be_visible()
    expect(second.button("Take it")).to_have_count(0)


def test_that_a_note_is_for_colleagues_only(floor: Floor) -> None:
    first, second = floor.console("Dana"), floor.console("Ben")
    customer = floor.waiting()
    first.take(customer)
    first.page.keyboard.press("Alt+p")
    first.note.fill("She has been very patient.")
    first.note.press("Enter")
    expect(first.message("She has been very patient.")).to_contain_text("Private note")
    second.view("All open")
    second.open(customer)
    expect(second.message("She has been very patient.")).to_be_visible()
    assert "patient" not in str(customer.look())


def test_that_typing_is_seen_on_both_sides_and_by_colleagues(floor: Floor) -> None:
    first, second = floor.console("Dana"), floor.console("Ben")
    customer = floor.waiting()
    first.take(customer)
    second.view("All open")
    second.open(customer)
    first.reply.press_sequentially("I am wri")
    expect(second.log).to_contain_text("Dana is writing")
    assert customer.look()["typing"] is True


def test_that_a_conversation_is_passed_to_a_colleague_with_a_note(floor: Floor) -> None:
    first, second = floor.console("Dana"), floor.console("Ben")
    customer = floor.waiting()
    first.take(customer)
    first.button("Transfer").click()
    first.dialog().locator("select").select_option(value=f"staff:{second.person.staff.id}")
    first.dialog().get_by_label("Note for them").fill("Knows kettles.")
    first.dialog().get_by_role("button", name="Transfer").click()
    expect(first.page.get_by_text("Ben has this conversation")).to_be_visible()
    expect(second.page.locator("[data-urgent]")).to_contain_text("was given to you")
    second.view("Mine")
    second.open(customer)
    expect(second.message("Knows kettles.")).to_be_visible()
    second.say("Ben here.")


def test_that_words_that_come_while_it_is_put_aside_are_read_first(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting()
    desk.take(customer)
    desk.button("Resolve").click()
    desk.dialog().get_by_label("Note for colleagues").fill("She keeps the kettle.")
    customer.say("wait, I found the receipt")
    expect(desk.message("wait, I found the receipt")).to_be_attached()
    desk.dialog().get_by_role("button", name="Resolve").click()
    expect(desk.dialog()).to_contain_text("They have just written. Read it first")
    expect(desk.dialog().get_by_label("Note for colleagues")).to_have_value("She keeps the kettle.")
    desk.dialog().get_by_role("button", name="Resolve").click()
    expect(desk.dialog()).to_have_count(0)
    expect(desk.message("She keeps the kettle.")).to_be_visible()


def test_that_a_snoozed_conversation_wakes_when_the_customer_writes(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting()
    desk.take(customer)
    desk.button("Snooze").click()
    desk.dialog().get_by_role("button", name="Snooze").click()
    expect(desk.page.get_by_text("It is snoozed until")).to_be_visible()
    desk.view("Snoozed")
    expect(desk.line(customer)).to_be_visible()
    customer.say("I am back")
    expect(desk.line(customer)).to_have_count(0)
    desk.view("Mine")
    expect(desk.line(customer)).to_be_visible()


def test_that_a_conversation_of_the_bot_is_found_and_taken_over(floor: Floor) -> None:
    desk = floor.console()
    customer = Customer(floor.gateway)
    customer.ask(f"where is my lamp {customer.id}")
    desk.view("Assistant")
    desk.take(customer)
    desk.say("Ann here, I have your lamp.")
    assert customer.look()["messages"][-1]["text"] == "Ann here, I have your lamp."
    expect(desk.line(customer)).to_have_count(0)


def test_that_a_conversation_is_resolved_found_again_and_reopened(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting("my kettle hums zxqv")
    desk.take(customer)
    desk.button("Resolve").click()
    desk.dialog().get_by_label("Confirmed").check()
    desk.dialog().get_by_role("button", name="Resolve").click()
    expect(desk.page.get_by_text("This conversation is closed")).to_be_visible()
    desk.page.get_by_label("Search all conversations").fill("zxqv")
    expect(desk.lines).to_have_count(1)
    desk.open(customer)
    desk.button("Reopen").click()
    desk.say("One more thing.")


def test_that_the_assistant_gets_it_back(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting()
    desk.take(customer)
    desk.button("Hand back").click()
    expect(desk.page.get_by_text("The assistant has this conversation")).to_be_visible()
    assert customer.ask("are you there?")["author"] == "bot"
    expect(desk.message("are you there?").first).to_be_visible()


def test_that_the_one_who_waits_longest_is_taken_with_one_press(floor: Floor) -> None:
    desk = floor.console()
    floor.waiting()
    desk.page.keyboard.press("Alt+n")
    expect(desk.reply).to_be_focused()
    desk.view("Mine")
    expect(desk.lines).to_have_count(1)


def test_that_the_page_keeps_its_place_by_its_address(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting("where is it?")
    desk.open(customer)
    desk.page.reload()
    expect(desk.message("where is it?").first).to_be_visible()


def test_that_a_transcript_may_go_while_it_still_scrolls(floor: Floor) -> None:
    desk = floor.console()
    first, second = floor.waiting(*(f"line {number} of my story" for number in range(12))), floor.waiting("my lamp")
    desk.open(second).open(first)
    expect(desk.message("line 11 of my story")).to_be_visible()
    scroll_and_leave = "(log, link) => { log.scrollTop = 1; link.click(); }"
    desk.log.evaluate(scroll_and_leave, desk.line(second).element_handle())
    expect(desk.message("my lamp").first).to_be_visible()


def test_that_an_unknown_conversation_is_told_and_not_a_dead_end(floor: Floor) -> None:
    desk = floor.signed_in().go("nobody")
    expect(desk.page.get_by_role("heading", name="This conversation cannot be shown.")).to_be_visible()


def test_that_nobody_sees_the_console_without_signing_in(floor: Floor) -> None:
    chat = floor.chat()
    chat.page.goto(f"{floor.gateway.url}/desk")
    expect(chat.page).to_have_url(re.compile("/desk/sign-in"))


LISTEN = """
window.heard = [];
window.AudioContext = class {
  constructor() { window.heard.push("sound"); throw new Error("no device"); }
};
window.Notification = class {
  static permission = "granted";
  static requestPermission = async () => "granted";
  constructor(title, { body }) { window.heard.push(body); }
};
Object.defineProperty(document, "hidden", { get: () => window.away === true });
"""


def test_that_sound_and_notifications_are_off_until_chosen(floor: Floor) -> None:
    desk = floor.signed_in()
    desk.page.add_init_script(LISTEN)
    desk.go()
    desk.page.evaluate("window.away = true")
    expect(desk.line(floor.waiting())).to_be_visible()
    assert desk.page.evaluate("window.heard") == []
    desk.button("Preferences").click()
    desk.dialog().get_by_label("Play a sound").check()
    desk.dialog().get_by_label("Show notifications").check()
    desk.page.keyboard.press("Escape")
    expect(desk.line(floor.waiting())).to_be_visible()
    heard = desk.page.evaluate("window.heard")
    assert heard[0] == "sound"
    assert "is waiting: Asked for a person." in heard[1]
    assert desk.page.evaluate("JSON.parse(localStorage['plainly-desk-choices']).sound") is True


def test_that_what_was_not_looked_at_is_counted_in_the_title(floor: Floor) -> None:
    desk = floor.console()
    one, two = floor.waiting(), floor.waiting()
    desk.take(one)
    desk.take(two)
    desk.view("Mine")
    expect(desk.line(one)).not_to_contain_text("unread")
    before = int(re.sub(r"\D", "", desk.page.title()) or 0)
    one.say("are you still there?")
    expect(desk.line(one)).to_contain_text("unread")
    expect(desk.page).to_have_title(f"({before + 1}) Desk")
    expect(desk.page.locator("[data-polite]")).to_contain_text("are you still there?")
    desk.open(one)
    expect(desk.line(one)).not_to_contain_text("unread")
