"""After the conversation, and around it: the rating, the transcript, the place in line, who the customer is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from plainly.clock import elapsed, now
from plainly.desk import Claimed, Resolved
from plainly.store import Store
from plainly.store.conversations import locked
from plainly.store.desk_tables import RatingRow, StaffRow
from plainly.store.messages import NewMessage, add_message
from plainly.store.owners import change_owner
from plainly.store.presence import who_types
from plainly.store.tables import ConversationRow
from tests.browser.chat import Chat
from tests.browser.conftest import Visits
from tests.browser.test_access import SMALL_TARGETS, WIDER_THAN_THE_WINDOW, complaints
from tests.gateway.identity.shop import ISSUER, Shop
from tests.gateway.processes import ROOT, GatewayProcess, StandInRasa, running

pytestmark = pytest.mark.browser

Picture = Callable[[Page, str], Path]


@pytest.fixture
def tables(scripted: GatewayProcess, scripted_database: str) -> Iterator[Store]:
    assert scripted.process.poll() is None
    store = Store(scripted_database)
    yield store
    store.close()


def question(chat: Chat) -> Locator:
    return chat.page.get_by_role("group", name="How did we do?")


def finish(chat: Chat) -> Chat:
    """A question, its answer, and thanks."""
    chat.ask("hello")
    chat.ask("act thank smalltalk")
    expect(question(chat)).to_be_visible()
    return chat


def kept(tables: Store, chat: Chat) -> tuple[Any, ...]:
    with tables.read() as session:
        query = select(RatingRow).where(RatingRow.conversation_id == chat.kept("conversation")["id"])
        row = session.scalars(query).one()
    return row.score, row.solved, row.words, row.answered_at is not None


def as_staff(tables: Store, chat: Chat, *steps: str) -> None:
    """Claim, write, resolve: as Ann of the desk."""
    with tables.write() as session:
        if session.get(StaffRow, "ann") is None:
            ann = StaffRow(
                id="ann", login="ann", name="Ann \u202eMarlow<b>", role="agent", password_hash="", created_at=now()
            )
            session.add(ann)
        row = locked(session, chat.kept("conversation")["id"])
        for step in steps:
            if step == "claim":
                change_owner(session, row, Claimed(row.epoch, "ann"), now())
            elif step == "resolve":
                change_owner(session, row, Resolved(row.epoch, "ann"), now(), data={"outcome": "resolved"})
            else:
                add_message(session, row, NewMessage("agent", step, author="ann"), now())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375, 320])
def test_that_a_customer_rates_what_was_said(
    visits: Visits, tables: Store, scheme: str, width: int, picture: Picture
) -> None:
    chat = finish(visits.chat(color_scheme=scheme, viewport={"width": width, "height": 740}).open())
    page = chat.page
    picture(page, f"rating-asked-{scheme}-{width}")
    expect(page.get_by_text("Was it solved?")).to_be_hidden()
    assert chat.spoken().count("How did we do?") == 1
    page.get_by_role("radio", name="Good", exact=True).check()
    page.get_by_role("radio", name="Yes").check()
    page.get_by_label("Anything to add?").fill("Quick and kind")
    picture(page, f"rating-{scheme}-{width}")
    assert complaints(page) == []
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.evaluate(WIDER_THAN_THE_WINDOW) == []
    page.get_by_role("button", name="Send rating").click()
    expect(page.get_by_text("Thank you for telling us.").first).to_be_visible()
    expect(question(chat)).to_be_hidden()
    assert kept(tables, chat) == (4, True, "Quick and kind", True)
    assert chat.focused() == "Your message"
    page.reload()
    chat.answer(2)
    expect(question(chat)).to_be_hidden()


def test_that_rating_goes_by_keyboard_alone(chat: Chat, tables: Store) -> None:
    finish(chat)
    keys = chat.page.keyboard
    chat.page.get_by_role("radio", name="Very poor").focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "Tab", "ArrowRight", "Tab", "n", "Tab", "Enter"):
        keys.press(key)
    expect(chat.page.get_by_text("Thank you for telling us.").first).to_be_visible()
    assert kept(tables, chat) == (3, False, "n", True)


def test_that_the_question_can_be_skipped_and_stays_away(chat: Chat, tables: Store) -> None:
    finish(chat)
    chat.page.get_by_role("button", name="Not now").click()
    expect(question(chat)).to_be_hidden()
    assert kept(tables, chat) == (None, None, None, True)
    chat.page.reload()
    chat.answer(2)
    chat.ask("hello again")
    chat.ask("act thank smalltalk")
    chat.page.wait_for_timeout(300)
    expect(question(chat)).to_be_hidden()


def test_that_the_question_waits_through_a_reload_and_goes_when_the_talk_goes_on(chat: Chat) -> None:
    finish(chat)
    chat.page.reload()
    expect(question(chat)).to_be_visible()
    chat.ask("one more thing")
    expect(question(chat)).to_be_hidden()


def test_that_a_rating_that_does_not_get_through_can_be_sent_again(chat: Chat, tables: Store) -> None:
    finish(chat)
    chat.page.route("**/rating", lambda route: route.abort())
    chat.page.get_by_role("radio", name="Very good").check()
    chat.page.get_by_role("button", name="Send rating").click()
    expect(chat.page.get_by_text("That did not work. Please try again.")).to_be_visible()
    chat.page.unroute("**/rating")
    chat.page.get_by_role("button", name="Send rating").click()
    expect(chat.page.get_by_text("Thank you for telling us.").first).to_be_visible()
    assert kept(tables, chat)[0] == 5


def test_that_a_rating_given_in_another_tab_ends_the_question_here(visits: Visits) -> None:
    context = visits.context()
    first = finish(visits.chat(context=context).open())
    second = visits.chat(context=context).open()
    expect(question(second)).to_be_visible()
    second.page.get_by_role("radio", name="Fair").check()
    second.page.get_by_role("button", name="Send rating").click()
    expect(question(first)).to_be_hidden()


def test_that_a_complaint_is_not_asked_to_rate(chat: Chat) -> None:
    chat.ask("hello")
    chat.ask("act complain softened")
    chat.ask("act thank smalltalk")
    chat.page.wait_for_timeout(300)
    expect(question(chat)).to_be_hidden()


def test_that_the_transcript_can_be_taken_along(chat: Chat) -> None:
    expect(chat.page.get_by_role("button", name="Download this conversation")).to_be_hidden()
    chat.ask("hello")
    with chat.page.expect_download() as waiting:
        chat.page.get_by_role("button", name="Download this conversation").click()
    assert waiting.value.suggested_filename == "Conversation.txt"
    text = waiting.value.path().read_text(encoding="utf-8")
    assert "hello" in text
    assert "Turn 1: hello" in text
    chat.page.route("**/transcript", lambda route: route.abort())
    chat.page.get_by_role("button", name="Download this conversation").click()
    expect(chat.connection.get_by_text("That did not work")).to_be_visible()


def test_that_a_waiting_customer_sees_their_place_and_then_who_came(
    chat: Chat, tables: Store, picture: Picture
) -> None:
    chat.ask("escalate asked")
    expect(chat.page.get_by_text("in line.")).to_be_visible()
    picture(chat.page, "waiting-in-line")
    as_staff(tables, chat, "claim", "Hello, I have read it all.")
    expect(chat.page.get_by_text("in line.")).to_be_hidden()
    said = chat.page.locator("plainly-chat li.message.agent")
    expect(said.locator(".who")).to_have_text("Ann \u202eMarlow<b>")
    assert any(spoken.startswith("Ann \u202eMarlow<b>: Hello, I have read it all.") for spoken in chat.spoken())
    picture(chat.page, "with-a-person")
    as_staff(tables, chat, "resolve")
    expect(question(chat)).to_be_visible()
    assert complaints(chat.page) == []


def test_that_who_no_longer_wants_to_wait_leaves_the_line_with_one_tap(chat: Chat, picture: Picture) -> None:
    chat.ask("escalate asked")
    expect(chat.page.get_by_text("in line.")).to_be_visible()
    chat.page.get_by_role("button", name="I don't need a person any more").click()
    expect(chat.theirs.last).to_contain_text("All right, you're out of the line")
    expect(chat.page.get_by_text("in line.")).to_be_hidden()
    picture(chat.page, "left-the-line")
    chat.say("hello again")
    chat.answer(3)
    assert chat.texts()[-2:] == ["hello again", "Turn 2: hello again"]
    assert complaints(chat.page) == []


def test_that_staff_see_that_the_customer_types(chat: Chat, tables: Store) -> None:
    chat.ask("escalate asked")
    as_staff(tables, chat, "claim", "Hello")
    expect(chat.page.get_by_text("A person is here")).to_be_visible()
    chat.field.press_sequentially("my", delay=50)
    chat.page.wait_for_timeout(500)
    conversation = chat.kept("conversation")["id"]
    with tables.read() as session:
        assert who_types(session, [conversation], elapsed())[conversation].customer


# --- who the customer is ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("shop") / "keys.json")


@pytest.fixture(scope="module")
def vouching(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[GatewayProcess, str]]:
    folder = tmp_path_factory.mktemp("vouching")
    database = f"sqlite:///{folder / 'plainly.db'}"
    bot = StandInRasa()
    env = {"PLAINLY_KB": str(ROOT / "policies_kb"), "PLAINLY_IDENTITY_KEYS": str(shop.path)}
    env["PLAINLY_IDENTITY_ISSUER"] = ISSUER
    with running(GatewayProcess(database, bot.url, folder / "log", env)) as gateway:
        yield gateway, database
    bot.end()


@pytest.fixture
def signed_in(chromium: Any, vouching: tuple[GatewayProcess, str]) -> Iterator[Callable[[Any, str], Chat]]:
    """Opens a page of the shop whose chat carries a token."""
    visits = Visits(chromium, vouching[0].url)

    def visit(context: Any, token: str) -> Chat:
        page = visits.page(context)
        given = f' data-identity="{token}"' if token else ""
        html = '<!doctype html><html lang="en"><title>Shop</title><script src="/widget.js" defer></script>'
        html += f"<plainly-chat{given}></plainly-chat>"
        page.route(f"{visits.url}/account", lambda route: route.fulfill(body=html, content_type="text/html"))
        return Chat(page, visits.url).go("/account").open()

    visit.context = visits.context  # type: ignore[attr-defined]
    yield visit
    visits.end()


NOON = datetime.fromisoformat("2026-11-24T11:00+00:00")


def customer_of(database: str, chat: Chat) -> str | None:
    store = Store(database)
    with store.read() as session:
        found = session.get_one(ConversationRow, chat.kept("conversation")["id"]).customer
    store.close()
    return found


def test_that_a_page_can_vouch_for_its_customer(
    signed_in: Any, shop: Shop, vouching: tuple[GatewayProcess, str]
) -> None:
    context = signed_in.context()
    chat = signed_in(context, shop.token(NOON))
    chat.ask("hello")
    assert customer_of(vouching[1], chat) == "c-1001"
    again = signed_in(context, shop.token(NOON))
    again.answer(1)
    assert again.kept("conversation")["id"] == chat.kept("conversation")["id"]


def test_that_another_person_does_not_see_what_the_last_one_said(
    signed_in: Any, shop: Shop, vouching: tuple[GatewayProcess, str]
) -> None:
    context = signed_in.context()
    signed_in(context, shop.token(NOON)).ask("my secret")
    for token in (shop.token(NOON, sub="c-2"), ""):
        chat = signed_in(context, token)
        chat.page.wait_for_timeout(300)
        assert chat.texts() == []
        chat.ask("hello")
    assert customer_of(vouching[1], chat) is None


def test_that_a_token_that_is_not_taken_leaves_a_visitor_nobody_knows(
    signed_in: Any, shop: Shop, vouching: tuple[GatewayProcess, str]
) -> None:
    chat = signed_in(signed_in.context(), shop.token(NOON, aud="somebody else"))
    chat.ask("hello")
    assert customer_of(vouching[1], chat) is None
