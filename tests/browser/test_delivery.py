"""What the customer writes arrives once, whatever happens on the way."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import Route, expect

from plainly.clock import now
from plainly.store import Store
from plainly.store.conversations import locked
from plainly.store.messages import NewMessage, add_message
from tests import web
from tests.browser.chat import Chat
from tests.browser.conftest import Visits
from tests.gateway.processes import GatewayProcess

pytestmark = pytest.mark.browser


def said_by_customer(chat: Chat) -> list[str]:
    """What the gateway has from the customer."""
    key = chat.kept("conversation")
    address = f"{chat.url}/api/v1/conversations/{key['id']}/messages"
    found = web.get(address, headers={"Authorization": f"Bearer {key['token']}"}).json()
    return [message["text"] for message in found["messages"] if message["author"] == "customer"]


def test_that_a_message_is_shown_at_once_then_sent_and_answered(chat: Chat) -> None:
    chat.say("slow 1 hello")
    expect(chat.mine).to_have_count(1)
    expect(chat.page.locator("plainly-chat .typing")).to_be_visible()
    expect(chat.mine.locator(".meta")).to_contain_text("Sent")
    chat.answer(1)
    expect(chat.page.locator("plainly-chat .typing")).to_be_hidden()
    assert chat.texts() == ["slow 1 hello", "Turn 1: slow 1 hello"]


def test_that_a_reload_keeps_the_conversation_and_the_open_chat(chat: Chat) -> None:
    chat.ask("hello")
    chat.field.fill("half a thought")
    chat.page.reload()
    expect(chat.panel).to_be_visible()
    chat.answer(1)
    assert chat.texts() == ["hello", "Turn 1: hello"]
    expect(chat.field).to_have_value("half a thought")
    chat.ask("again")
    assert chat.texts()[2:] == ["again", "Turn 2: again"]


def test_that_words_written_offline_are_kept_and_sent_once(chat: Chat) -> None:
    chat.ask("hello")
    chat.page.context.set_offline(True)
    expect(chat.connection).to_contain_text("You are offline")
    chat.say("are you there?")
    chat.say("second")
    expect(chat.mine.last.locator(".meta")).to_contain_text("Kept")
    chat.page.context.set_offline(False)
    chat.answer(3)
    expect(chat.connection).to_be_hidden()
    assert said_by_customer(chat) == ["hello", "are you there?", "second"]
    assert len(chat.texts()) == 6


def test_that_what_was_written_offline_survives_leaving_the_page(visits: Visits) -> None:
    chat = visits.chat().open()
    chat.ask("hello")
    chat.page.route("**/messages", lambda route: route.abort())
    chat.say("do not lose me")
    expect(chat.mine.last.locator(".meta")).to_contain_text("Kept")
    chat.page.unroute("**/messages")
    chat.go("/policies")
    chat.answer(2)
    assert said_by_customer(chat) == ["hello", "do not lose me"]
    assert chat.kept("outbox") == []


def test_that_a_gateway_that_dies_loses_nothing(chat: Chat, scripted: GatewayProcess) -> None:
    chat.ask("hello")
    scripted.kill()
    chat.say("while you were away")
    expect(chat.connection).to_contain_text("can't be reached", timeout=20_000)
    scripted.restart()
    chat.answer(2)
    assert said_by_customer(chat) == ["hello", "while you were away"]
    expect(chat.connection).to_be_hidden()


def test_that_what_was_said_meanwhile_is_filled_in(visits: Visits) -> None:
    context = visits.context()
    chat = visits.chat(context=context).open()
    chat.ask("hello")
    other = visits.chat(context=context).open()
    expect(other.theirs).to_have_count(1)
    chat.page.context.set_offline(True)
    expect(chat.connection).to_contain_text("offline")
    key = chat.kept("conversation")
    address = f"{chat.url}/api/v1/conversations/{key['id']}/messages"
    headers = {"Authorization": f"Bearer {key['token']}"}
    for number in range(3):
        web.post(address, json={"id": f"gap-{number}", "text": f"gap {number}"}, headers=headers).raise_for_status()
    context.set_offline(False)
    chat.answer(4)
    assert [text for text in chat.texts() if text.startswith("gap")] == ["gap 0", "gap 1", "gap 2"]


def test_that_two_tabs_show_the_same_without_doubles(visits: Visits) -> None:
    context = visits.context()
    first = visits.chat(context=context).open()
    second = visits.chat("/policies", context=context).open()
    first.ask("from the first")
    expect(second.theirs).to_have_count(1)
    second.ask("from the second")
    expect(first.theirs).to_have_count(2)
    assert first.texts() == second.texts()
    assert len(first.texts()) == 4
    assert said_by_customer(first) == ["from the first", "from the second"]


def test_that_two_tabs_that_begin_at_once_share_one_conversation(visits: Visits) -> None:
    context = visits.context()
    first, second = visits.chat(context=context).open(), visits.chat(context=context).open()
    for chat in (first, second):
        chat.field.fill("hello")
    for chat in (first, second):
        chat.page.evaluate("document.querySelector('plainly-chat').ask('hello')")
    first.answer(2)
    second.answer(2)
    assert len(said_by_customer(first)) == 2


def test_that_it_works_where_the_browser_keeps_nothing(visits: Visits) -> None:
    context = visits.context()
    deny = "Object.defineProperty(window, '{0}', {{get() {{ throw new DOMException('denied', 'SecurityError') }}}});"
    context.add_init_script(deny.format("localStorage") + deny.format("sessionStorage"))
    chat = visits.chat(context=context).open()
    chat.ask("hello")
    chat.ask("again")
    assert chat.texts() == ["hello", "Turn 1: hello", "again", "Turn 2: again"]


def test_that_it_works_where_tabs_may_not_wait_for_each_other(visits: Visits) -> None:
    context = visits.context()
    context.add_init_script(
        "LockManager.prototype.request = () => Promise.reject(new DOMException('', 'SecurityError'));"
    )
    chat = visits.chat(context=context).open()
    chat.ask("hello")
    assert chat.texts() == ["hello", "Turn 1: hello"]


def test_that_it_works_where_sockets_do_not_get_through(visits: Visits) -> None:
    context = visits.context()
    context.add_init_script("window.WebSocket = class { constructor() { throw new Error('blocked') } };")
    chat = visits.chat(context=context).open()
    chat.ask("hello")
    chat.ask("again")
    assert chat.texts() == ["hello", "Turn 1: hello", "again", "Turn 2: again"]


def test_that_an_unknown_conversation_begins_anew_and_says_so(chat: Chat) -> None:
    chat.ask("hello")
    name = f"plainly:{chat.url}:conversation"
    chat.page.evaluate('(name) => localStorage.setItem(name, \'{"id": "gone", "token": "gone"}\')', name)
    chat.page.reload()
    expect(chat.page.get_by_text("Your earlier conversation has ended")).to_be_visible()
    chat.ask("hello again")
    assert said_by_customer(chat) == ["hello again"]
    assert chat.texts() == ["hello again", "Turn 1: hello again"]


def test_that_a_conversation_that_ends_meanwhile_takes_the_message_along(chat: Chat) -> None:
    chat.ask("hello")
    refused = {"error": {"code": "no_access", "message": "There is no such conversation.", "details": {}}}
    old = chat.kept("conversation")["id"]
    chat.page.route(f"**/{old}/messages", lambda route: route.fulfill(status=401, json=refused))
    chat.say("take me along")
    chat.answer(2)
    assert said_by_customer(chat) == ["take me along"]
    expect(chat.page.get_by_text("Your earlier conversation has ended")).to_be_visible()
    assert chat.texts() == ["hello", "Turn 1: hello", "take me along", "Turn 1: take me along"]


@pytest.mark.parametrize(("status", "code"), [(429, "too_many"), (503, "not_ready"), (500, "internal")])
def test_that_a_busy_server_is_tried_again(chat: Chat, status: int, code: str) -> None:
    tries: list[float] = []

    def refuse_twice(route: Route) -> None:
        tries.append(time.monotonic())
        if route.request.method == "POST" and len(tries) <= 2:
            body = {"error": {"code": code, "message": "Please wait.", "details": {}}}
            route.fulfill(status=status, json=body, headers={"Retry-After": "1"})
        else:
            route.fallback()

    chat.ask("hello")
    chat.page.route("**/messages", refuse_twice)
    chat.say("patience")
    chat.answer(2)
    assert len(tries) == 3
    assert tries[1] - tries[0] >= 0.9
    assert said_by_customer(chat) == ["hello", "patience"]


@pytest.mark.parametrize("status", [413, 422])
def test_that_a_refused_message_comes_back_with_the_reason(chat: Chat, status: int) -> None:
    body = {"error": {"code": "message_too_long", "message": "Please send it in parts.", "details": {}}}
    chat.ask("hello")
    chat.page.route("**/messages", lambda route: route.fulfill(status=status, json=body))
    chat.say("a very long story")
    expect(chat.page.get_by_text("Please send it in parts.")).to_be_visible()
    expect(chat.field).to_have_value("a very long story")
    expect(chat.mine).to_have_count(1)
    chat.page.unroute("**/messages")
    chat.field.press("Enter")
    chat.answer(2)


def test_that_a_message_whose_id_is_taken_is_sent_under_another_and_shown_once(chat: Chat) -> None:
    sent: list[str] = []

    def say_taken_once(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(json.loads(route.request.post_data or "{}")["id"])
        if len(sent) == 1:
            body = {"error": {"code": "message_id_used", "message": "Another message has this id.", "details": {}}}
            route.fulfill(status=409, json=body)
        else:
            route.fallback()

    chat.ask("hello")
    chat.page.route("**/messages", say_taken_once)
    chat.say("once only")
    chat.answer(2)
    assert len(set(sent)) == 2
    assert said_by_customer(chat) == ["hello", "once only"]
    assert chat.kept("outbox") == []
    expect(chat.mine).to_have_count(2)


def test_that_words_another_tab_wrote_over_are_still_sent(visits: Visits) -> None:
    context = visits.context()
    chat = visits.chat(context=context).open()
    chat.ask("hello")
    chat.page.route("**/messages", lambda route: route.abort())
    chat.say("do not lose me")
    expect(chat.mine.last.locator(".meta")).to_contain_text("Kept")
    name = f"plainly:{chat.url}:outbox"
    chat.page.evaluate("(name) => localStorage.setItem(name, '[]')", name)
    chat.page.unroute("**/messages")
    chat.answer(2)
    assert said_by_customer(chat) == ["hello", "do not lose me"]


def test_that_a_message_that_fails_again_and_again_can_be_tried_by_hand(chat: Chat) -> None:
    chat.ask("hello")
    chat.page.route("**/messages", lambda route: route.abort())
    chat.say("try me")
    retry = chat.page.get_by_role("button", name="Try again")
    expect(retry).to_be_visible()
    chat.page.unroute("**/messages")
    retry.click()
    chat.answer(2)
    assert said_by_customer(chat) == ["hello", "try me"]


def test_that_the_widget_counts_near_the_limit(chat: Chat) -> None:
    chat.field.fill("x" * 3700)
    expect(chat.page.get_by_text("3,700 of 4,000 characters")).to_be_visible()
    chat.field.fill("x" * 4001)
    expect(chat.page.get_by_text("Please send it in parts.")).to_be_visible()
    chat.field.press("Enter")
    expect(chat.mine).to_have_count(0)
    chat.field.fill("😀" * 3900)
    chat.field.press("Enter")
    chat.answer(1)


def test_that_a_server_that_ends_every_conversation_is_not_stormed(chat: Chat) -> None:
    opened: list[str] = []
    chat.page.on("request", lambda request: opened.append(request.url) if request.url.endswith("/messages") else None)
    refused = {"error": {"code": "no_access", "message": "There is no such conversation.", "details": {}}}
    chat.page.route("**/messages", lambda route: route.fulfill(status=401, json=refused))
    chat.say("hello")
    expect(chat.mine.last.locator(".meta")).to_contain_text("Kept")
    assert len(opened) <= 4
    chat.page.unroute("**/messages")
    chat.answer(1)


def test_that_the_chat_goes_on_when_the_page_moves_it(chat: Chat) -> None:
    chat.ask("hello")
    chat.page.evaluate("document.querySelector('main').append(document.querySelector('plainly-chat'))")
    chat.ask("again")
    assert chat.texts() == ["hello", "Turn 1: hello", "again", "Turn 2: again"]
    assert chat.spoken() == ["Marlow & Finch: Turn 1: hello", "Marlow & Finch: Turn 2: again"]


def test_that_a_long_history_comes_whole(chat: Chat, scripted_database: str) -> None:
    chat.ask("hello")
    tables = Store(scripted_database)
    with tables.write() as session:
        row = locked(session, chat.kept("conversation")["id"])
        for number in range(250):
            add_message(session, row, NewMessage("bot", f"note {number}"), now())
    tables.close()
    chat.page.reload()
    expect(chat.theirs).to_have_count(251, timeout=10_000)
    assert chat.texts()[-1] == "note 249"
