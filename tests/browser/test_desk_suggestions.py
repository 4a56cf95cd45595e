"""Suggested replies, discretion, corrected facts and saved replies, as an agent meets them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from plainly.store.desk_tables import OverrideRow, SuggestionRow
from plainly.store.tables import GrantRow
from plainly.suggest.placeholders import unfilled
from tests.browser.console import Console
from tests.browser.floor import ASKS, PLEADS, Floor
from tests.gateway.processes import Customer

pytestmark = pytest.mark.browser


def at_work(floor: Floor, *words: str, role: str = "agent") -> tuple[Console, Customer]:
    """An agent who took a conversation, with suggestions for the customer's last words."""
    desk = floor.console(role=role)
    customer = floor.waiting(*(words or (ASKS,)))
    desk.take(customer)
    seq = customer.say("!decide So can I return my kettle or not?")
    expect(desk.page.locator(f".drafts[data-for='{seq}'] [data-suggestion]").first).to_be_visible(timeout=15_000)
    return desk, customer


def used(floor: Floor, customer: Customer) -> list[SuggestionRow]:
    with floor.tables.read() as session:
        query = select(SuggestionRow).where(
            SuggestionRow.conversation_id == customer.id, SuggestionRow.used.is_not(None)
        )
        return list(session.scalars(query))


def test_that_a_suggestion_is_inserted_with_one_key_and_sent_as_edited(floor: Floor) -> None:
    desk, customer = at_work(floor)
    shown = desk.drafts.first.locator(".rich").inner_text()
    desk.page.keyboard.press("Alt+1")
    expect(desk.reply).to_be_focused()
    assert desk.reply.input_value().replace("*", "").split()[:4] == shown.split()[:4]
    desk.page.keyboard.press("Control+End")
    desk.page.keyboard.type(" Best wishes.")
    desk.page.keyboard.press("Enter")
    expect(desk.log.locator(".by-agent").filter(has_text="Best wishes.")).to_be_visible()
    expect(desk.page.locator(".unsent")).to_have_count(0)
    assert "Best wishes." in customer.look()["messages"][-1]["text"]
    (row,) = used(floor, customer)
    assert row.used == "edited"
    assert "Best wishes." in str(row.difference)


def test_that_a_suggestion_is_sent_as_it_is(floor: Floor) -> None:
    desk, customer = at_work(floor)
    desk.button("Send suggestion 1 as it is").click()
    expect(desk.page.locator("#suggestions").get_by_text("Answered.")).to_be_visible()
    (row,) = used(floor, customer)
    assert row.used == "sent"
    assert customer.look()["messages"][-1]["text"] == row.body


def test_that_a_suggestion_shows_its_sources_and_how_it_came_about(floor: Floor) -> None:
    desk, _ = at_work(floor)
    first = desk.drafts.first
    expect(first.get_by_role("link").first).to_have_attribute("target", "_blank")
    first.get_by_text("How the rules got there").click()
    expect(first).to_contain_text("The date that counts")
    expect(first.locator("code")).not_to_be_empty()


def test_that_a_suggestion_is_discarded_with_a_reason(floor: Floor) -> None:
    desk, customer = at_work(floor)
    count = desk.drafts.count()
    desk.page.keyboard.press("Alt+Shift+1")
    desk.dialog().get_by_label("The tone does not fit").check()
    desk.dialog().get_by_label("In your words").fill("too stern")
    desk.dialog().get_by_role("button", name="Discard").click()
    expect(desk.drafts).to_have_count(count - 1)
    (row,) = used(floor, customer)
    assert (row.used, row.reason) == ("discarded", "tone: too stern")


def test_that_parts_are_stacked_at_the_cursor_and_undone_one_by_one(floor: Floor) -> None:
    desk, _ = at_work(floor)
    desk.reply.fill("Hello.\n\nGoodbye.")
    desk.reply.evaluate("field => field.setSelectionRange(6, 6)")
    desk.page.keyboard.press("Alt+1")
    first, *middle, last = desk.reply.input_value().split("\n\n")
    assert (first, last) == ("Hello.", "Goodbye.")
    assert middle
    expect(desk.reply).to_be_focused()
    desk.page.keyboard.press("Control+z")
    expect(desk.reply).to_have_value("Hello.\n\nGoodbye.")


def test_that_gaps_are_marked_and_stop_the_reply(floor: Floor) -> None:
    desk, customer = at_work(floor)
    before = customer.look()["messages"][-1]["seq"]
    desk.reply.fill("Dear {name}, your order [order number] is here.")
    expect(desk.page.locator(".mirror mark")).to_have_text(["{name}", "[order number]"])
    desk.reply.press("Enter")
    expect(desk.page.locator("#write-note")).to_contain_text("Fill in before sending")
    assert desk.page.evaluate("getSelection().toString()") == "{name}"
    desk.page.keyboard.type("Ines")
    desk.button("Fill in order number").click()
    desk.page.keyboard.type("12")
    desk.reply.press("Enter")
    expect(desk.message("Dear Ines, your order 12 is here.")).to_be_visible()
    assert customer.look(before)["messages"][-1]["text"] == "Dear Ines, your order 12 is here."


@pytest.mark.parametrize(
    "text",
    [
        "Dear {name}, your {{ order.id }} and {{x}}",
        "[order number] but not [a link](/to/it), [another] one",
        "<date> is a gap, <https://example.com> and 3 < 4 > 2 are none, <b> is one",
        "____ and __ and XXX and xxxx and XXX 5 and Xxx",
        "{a\nb} [ ] {} [] <>",
    ],
)
def test_that_console_and_gateway_see_the_same_gaps(floor: Floor, text: str) -> None:
    desk = floor.console()
    script = "text => import('/static/desk/placeholders.js').then(({ gaps }) => gaps(text).map((gap) => gap.text))"
    found = desk.page.evaluate(script, text)
    assert list(dict.fromkeys(found)) == unfilled(text)


def test_that_words_against_the_rules_need_a_reason(floor: Floor) -> None:
    desk, customer = at_work(floor)
    before = customer.look()["messages"][-1]["seq"]
    wrong = "Good news: you can return it, our window is 90 days."
    desk.reply.fill(wrong)
    desk.reply.press("Enter")
    warning = desk.dialog()
    expect(warning).to_contain_text("The rules say otherwise")
    expect(warning).to_contain_text("90 days")
    assert desk.focused() == "Change it"
    warning.get_by_role("button", name="Change it").click()
    expect(desk.reply).to_have_value(wrong)
    assert customer.look(before)["messages"] == []
    desk.reply.press("Enter")
    warning.get_by_role("button", name="Send all the same").click()
    expect(warning).to_contain_text("Give a reason.")
    warning.get_by_label("Why you send it all the same").fill("Agreed with the shop")
    warning.get_by_role("button", name="Send all the same").click()
    expect(desk.message(wrong)).to_be_visible()
    expect(desk.page.locator(".unsent")).to_have_count(0)
    assert customer.look(before)["messages"][-1]["text"] == wrong
    with floor.tables.read() as session:
        (kept,) = session.scalars(select(OverrideRow).where(OverrideRow.conversation_id == customer.id))
    assert kept.reason == "Agreed with the shop"


def test_that_a_warning_put_aside_keeps_the_words_in_sight(floor: Floor) -> None:
    desk, _ = at_work(floor)
    desk.reply.fill("Good news: you can return it, our window is 90 days.")
    desk.reply.press("Enter")
    expect(desk.dialog()).to_be_visible()
    desk.page.keyboard.press("Escape")
    unsent = desk.page.locator(".unsent")
    expect(unsent).to_contain_text("Not sent: the rules say otherwise.")
    desk.page.reload()
    expect(unsent).to_contain_text("our window is 90 days")
    unsent.get_by_role("button", name="Look again").click()
    expect(desk.dialog()).to_contain_text("90 days")
    desk.page.keyboard.press("Escape")
    unsent.get_by_role("button", name="Discard").click()
    expect(unsent).to_have_count(0)


def test_that_a_lever_is_granted_with_one_press_and_told_in_words(floor: Floor) -> None:
    desk, customer = at_work(floor, ASKS, PLEADS)
    grant = desk.page.locator("#discretion .levers button").first
    expect(grant).to_be_visible()
    expect(desk.page.get_by_label("Reason, for the ledger")).not_to_have_value("")
    grant.click()
    expect(desk.reply).not_to_have_value("")
    expect(desk.page.locator(".granted li")).to_have_count(1)
    with floor.tables.read() as session:
        (kept,) = session.scalars(
            select(GrantRow).where(GrantRow.conversation_id == customer.id, GrantRow.granted_by != "bot")
        )
    assert kept.reason


def test_that_a_corrected_fact_decides_anew(floor: Floor) -> None:
    desk, _ = at_work(floor)
    packet = desk.page.get_by_role("region", name="What you need to know")
    expect(packet.locator(".verdict strong")).to_have_text("No")
    desk.page.keyboard.press("Alt+u")
    dialog = desk.dialog()
    dialog.get_by_label("Fact", exact=False).first.select_option(label="delivered on")
    dialog.locator("[data-first]").fill("2026-11-15")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(packet.locator(".verdict strong")).to_have_text("Yes")
    expect(packet).to_contain_text("corrected by staff")


def test_that_saved_replies_are_found_by_words_after_a_slash(floor: Floor) -> None:
    desk, _ = at_work(floor)
    desk.button("Saved replies").click()
    dialog = desk.dialog()
    for title, body in (("Refund sent", "Your refund is on its way, {name}."), ("Kettle care", "Descale it monthly.")):
        dialog.get_by_role("button", name="New reply").click()
        dialog.get_by_label("Title").fill(title)
        dialog.get_by_label("Text").fill(body)
        dialog.get_by_role("button", name="Save", exact=True).click()
        expect(dialog.get_by_text(body.partition("{")[0])).to_be_visible()
    desk.page.keyboard.press("Escape")
    desk.reply.fill("Hello. ")
    desk.reply.press_sequentially("/way refund")
    expect(desk.page.get_by_role("option")).to_have_count(1)
    assert desk.reply.get_attribute("aria-activedescendant")
    desk.page.keyboard.press("Enter")
    expect(desk.reply).to_have_value("Hello. Your refund is on its way, {name}.")
    assert desk.page.evaluate("getSelection().toString()") == "{name}"


def test_that_a_slash_in_a_sentence_stays_a_slash(floor: Floor) -> None:
    desk, _ = at_work(floor)
    desk.reply.press_sequentially("Yes and / or maybe 24/7")
    expect(desk.page.get_by_role("option")).to_have_count(0)
    desk.page.keyboard.press("Enter")
    expect(desk.message("Yes and / or maybe 24/7")).to_be_visible()


def test_that_saved_replies_are_mended_and_deleted_and_what_was_written_is_saved(floor: Floor) -> None:
    desk, _ = at_work(floor, role="supervisor")
    desk.reply.fill("We will call you back.")
    desk.button("Saved replies").click()
    dialog = desk.dialog()
    dialog.get_by_role("button", name="Save what I wrote as a reply").click()
    dialog.get_by_label("Title").fill("Call back")
    dialog.get_by_label("Share with everybody").check()
    dialog.get_by_role("button", name="Save", exact=True).click()
    dialog.get_by_role("button", name="Edit Call back").click()
    dialog.get_by_label("Text").fill("We will call you back today.")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_text("We will call you back today.")).to_be_visible()
    dialog.get_by_role("button", name="Delete Call back").click()
    dialog.get_by_role("button", name="Really delete").click()
    expect(dialog.get_by_text("We will call you back today.")).to_have_count(0)


def test_that_a_gap_in_the_policies_is_said(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting()
    desk.take(customer)
    customer.say("Can your drones deliver to the moon?")
    expect(desk.page.locator("#suggestions")).to_contain_text("No policy", timeout=15_000)
