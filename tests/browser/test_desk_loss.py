"""Nothing an agent writes is lost: reloads, networks that go, gateways that die, sign-ins that end."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import func, select

from plainly.store.desk_tables import StaffSessionRow
from plainly.store.tables import MessageRow
from tests.browser.console import Console
from tests.browser.floor import Floor
from tests.gateway.processes import Customer

pytestmark = pytest.mark.browser

MESSAGES = re.compile(r"/api/v1/desk/conversations/[^/]+/messages$")
UNSENT = ".unsent"


def taken(floor: Floor, name: str = "Dana") -> tuple[Console, Customer]:
    desk = floor.console(name)
    customer = floor.waiting()
    return desk.take(customer), customer


def count(floor: Floor, customer: Customer, text: str) -> int:
    with floor.tables.read() as session:
        query = select(func.count()).where(MessageRow.conversation_id == customer.id, MessageRow.body == text)
        return session.scalar(query) or 0


def test_that_drafts_are_kept_for_each_conversation_over_a_reload(floor: Floor) -> None:
    desk = floor.console()
    one, two = floor.waiting(), floor.waiting()
    desk.take(one)
    desk.reply.fill("for the first")
    desk.take(two)
    expect(desk.reply).to_have_value("")
    desk.reply.fill("for the second")
    desk.button("Private note").click()
    desk.note.fill("a note begun")
    desk.page.reload()
    expect(desk.note).to_have_value("a note begun")
    desk.button("Reply (draft)").click()
    expect(desk.reply).to_have_value("for the second")
    desk.view("Mine")
    expect(desk.line(one)).to_contain_text("draft")
    desk.open(one)
    expect(desk.reply).to_have_value("for the first")
    desk.page.keyboard.press("Control+z")
    expect(desk.reply).not_to_have_value("for the second")


def test_that_two_who_share_a_computer_do_not_see_each_others_drafts(floor: Floor) -> None:
    desk, _ = taken(floor)
    desk.reply.fill("mine alone")
    kept = desk.page.evaluate("Object.keys(localStorage).filter((key) => key.includes('draft:'))")
    assert len(kept) == 1
    assert desk.person.staff.id in kept[0]


def test_that_the_network_going_is_said_and_what_was_written_goes_out_after(floor: Floor) -> None:
    desk, customer = taken(floor)
    desk.page.context.set_offline(True)
    expect(desk.connection).to_contain_text("No connection. What you write is kept here")
    expect(desk.page.locator("[data-urgent]")).to_contain_text("No connection")
    for text in ("first without a network", "second without a network"):
        desk.reply.fill(text)
        desk.reply.press("Enter")
    expect(desk.page.locator(UNSENT)).to_have_count(2)
    missed = "said while you were away"
    customer.say(missed)
    desk.page.context.set_offline(False)
    expect(desk.connection).to_have_count(0, timeout=15_000)
    expect(desk.page.locator(UNSENT)).to_have_count(0, timeout=15_000)
    expect(desk.message(missed)).to_be_visible()
    assert customer.texts("agent") == ["first without a network", "second without a network"]


def test_that_words_without_a_network_survive_a_closed_page(floor: Floor) -> None:
    desk, customer = taken(floor)
    desk.page.context.set_offline(True)
    desk.reply.fill("kept over night")
    desk.reply.press("Enter")
    expect(desk.page.locator(UNSENT)).to_contain_text("Not sent yet")
    context = desk.page.context
    desk.page.close()
    context.set_offline(False)
    again = Console(context.new_page(), desk.url, desk.person).go(customer.id)
    expect(again.message("kept over night")).to_be_visible()
    expect(again.page.locator(UNSENT)).to_have_count(0)
    assert count(floor, customer, "kept over night") == 1


def test_that_an_answer_lost_on_the_way_doubles_nothing(floor: Floor) -> None:
    desk, customer = taken(floor)
    lost: list[object] = []

    def swallow(route: Route) -> None:
        if not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    desk.page.route(MESSAGES, swallow)
    desk.reply.fill("once and only once")
    desk.reply.press("Enter")
    expect(desk.page.locator(UNSENT)).to_have_count(0, timeout=15_000)
    expect(desk.message("once and only once")).to_have_count(1)
    assert count(floor, customer, "once and only once") == 1


@pytest.mark.parametrize("step", ["before", "after"])
def test_that_a_reload_while_sending_loses_and_doubles_nothing(floor: Floor, step: str) -> None:
    desk, customer = taken(floor)

    def hang(route: Route) -> None:
        if step == "after":
            route.fetch()

    desk.page.route(MESSAGES, hang)
    desk.reply.fill("sent in the nick of time")
    desk.reply.press("Enter")
    if step == "after":
        # The live connection may tell of it before anybody can see it being sent.
        for _ in range(100):
            if count(floor, customer, "sent in the nick of time"):
                break
            desk.page.wait_for_timeout(50)
    else:
        expect(desk.page.locator("[data-state=sending]")).to_have_count(1)
    desk.page.unroute(MESSAGES)
    desk.page.reload()
    desk.live()
    expect(desk.message("sent in the nick of time")).to_have_count(1)
    expect(desk.page.locator(UNSENT)).to_have_count(0)
    assert count(floor, customer, "sent in the nick of time") == 1


def test_that_a_failing_gateway_is_said_and_tried_again(floor: Floor) -> None:
    desk, customer = taken(floor)
    problem = {"error": {"code": "database_unreachable", "message": "The database does not answer.", "details": {}}}
    desk.page.route(MESSAGES, lambda route: route.fulfill(status=503, json=problem))
    desk.reply.fill("try me again")
    desk.reply.press("Enter")
    expect(desk.page.locator(UNSENT)).to_contain_text("Not sent yet")
    desk.page.unroute(MESSAGES)
    desk.page.locator(UNSENT).get_by_role("button", name="Try again").click()
    expect(desk.message("try me again")).to_be_visible()
    assert customer.texts("agent") == ["try me again"]


def test_that_refused_words_come_back_to_be_changed(floor: Floor) -> None:
    desk, _ = taken(floor)
    problem = {"error": {"code": "wrong_request", "message": "The text has a sign we cannot take.", "details": {}}}
    desk.page.route(MESSAGES, lambda route: route.fulfill(status=422, json=problem))
    desk.reply.fill("odd words")
    desk.reply.press("Enter")
    unsent = desk.page.locator(UNSENT)
    expect(unsent).to_contain_text("Not sent: The text has a sign we cannot take.")
    desk.reply.fill("meanwhile")
    unsent.get_by_role("button", name="Edit").click()
    expect(desk.reply).to_have_value("odd words\n\nmeanwhile")
    expect(unsent).to_have_count(0)


def test_that_words_for_a_conversation_somebody_else_got_are_not_lost(floor: Floor) -> None:
    desk, customer = taken(floor)
    boss = floor.console("Ruth", "supervisor")
    desk.page.context.set_offline(True)
    desk.reply.fill("too late, alas")
    desk.reply.press("Enter")
    boss.view("All open")
    boss.open(customer)
    boss.button("Transfer").click()
    boss.dialog().locator("select").select_option("queue:")
    boss.dialog().get_by_role("button", name="Transfer").click()
    expect(boss.button("Take it")).to_be_visible()
    desk.page.context.set_offline(False)
    unsent = desk.page.locator(UNSENT)
    expect(unsent).to_contain_text("Not sent:", timeout=15_000)
    assert customer.texts("agent") == []
    unsent.get_by_role("button", name="Edit").click()
    desk.button("Take it").click()
    expect(desk.reply).to_have_value("too late, alas")


def test_that_held_words_can_be_taken_back(floor: Floor) -> None:
    desk, customer = taken(floor)
    desk.button("Preferences").click()
    desk.dialog().get_by_label("Hold each reply").select_option(label="5 seconds")
    desk.page.keyboard.press("Escape")
    desk.reply.fill("oh no")
    desk.reply.press("Enter")
    expect(desk.page.locator(UNSENT)).to_contain_text("Sends in")
    desk.button("Take back").click()
    expect(desk.reply).to_have_value("oh no")
    desk.reply.fill("oh yes")
    desk.reply.press("Enter")
    expect(desk.message("oh yes")).to_be_visible(timeout=10_000)
    assert customer.texts("agent") == ["oh yes"]


def test_that_a_sign_in_that_ended_is_said_and_taken_up_again(floor: Floor) -> None:
    desk, customer = taken(floor)
    desk.reply.fill("begun while signed in")
    with floor.tables.write() as session:
        for row in session.scalars(select(StaffSessionRow).where(StaffSessionRow.staff_id == desk.person.staff.id)):
            session.delete(row)
    expect(desk.connection).to_contain_text("You are signed out.", timeout=20_000)
    desk.reply.press("Enter")
    expect(desk.page.locator(UNSENT)).to_contain_text("Not sent yet")
    with desk.page.expect_popup() as opened:
        desk.page.get_by_role("link", name="Sign in again").click()
    form = opened.value
    form.get_by_label("Login").fill(desk.person.staff.login)
    form.get_by_label("Password").fill("four words will do")
    form.get_by_role("button", name="Sign in").click()
    expect(form).to_have_url(re.compile("/desk$"))
    form.close()
    desk.page.bring_to_front()
    desk.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(desk.connection).to_have_count(0, timeout=15_000)
    expect(desk.message("begun while signed in")).to_be_visible(timeout=15_000)
    assert customer.texts("agent") == ["begun while signed in"]


DROP_ONE = """
window.WebSocket = class extends WebSocket {
  set onmessage(then) {
    super.onmessage = then && ((event) => {
      if (!window.dropped && event.data.includes('"changed"')) window.dropped = event.data;
      else then(event);
    });
  }
};
"""


def test_that_a_missed_frame_is_noticed_and_everything_asked_again(floor: Floor) -> None:
    desk = floor.signed_in()
    desk.page.add_init_script(DROP_ONE)
    desk.go()
    one = floor.waiting()
    two = floor.waiting()
    # When it was the last one, silence makes the page ask.
    expect(desk.line(two)).to_be_visible(timeout=40_000)
    expect(desk.line(one)).to_be_visible()
    assert desk.page.evaluate("window.dropped")


def test_that_a_gateway_killed_in_the_middle_comes_back_without_loss(floor: Floor) -> None:
    desk, customer = taken(floor)
    desk.say("before the fall")
    floor.gateway.kill()
    expect(desk.connection).to_contain_text("No connection", timeout=15_000)
    desk.reply.fill("during the fall")
    desk.reply.press("Enter")
    expect(desk.page.locator(UNSENT)).to_contain_text("Not sent yet", timeout=25_000)
    floor.gateway.restart()
    expect(desk.connection).to_have_count(0, timeout=30_000)
    expect(desk.page.locator(UNSENT)).to_have_count(0, timeout=20_000)
    assert customer.texts("agent") == ["before the fall", "during the fall"]
