"""The supervisor's page in a browser: axe finds nothing, plots are seen in light and dark, all goes by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from plainly.desk import Claimed, Escalated
from plainly.store import Store
from plainly.store.conversations import open_conversation
from plainly.store.desk_tables import StaffRow
from plainly.store.episodes import begin_episode, end_episode, latest_episode, settle
from plainly.store.handoffs import open_escalation
from plainly.store.messages import NewMessage, add_message
from plainly.store.owners import change_owner
from plainly.store.ratings import Rating, rate
from plainly.store.records import keep_record
from tests.browser.conftest import Visits
from tests.browser.test_access import SCHEMES, WIDER_THAN_THE_WINDOW, complaints
from tests.browser.test_staff import sign_in
from tests.gateway.processes import GatewayProcess
from tests.gateway.staff.people import make_staff

pytestmark = pytest.mark.browser

LAST = datetime(2026, 11, 23, 15, tzinfo=UTC)
PATH = "/desk/reports"


def past(store: Store, number: int) -> None:
    """A matter of some day of the last four weeks, its course by its number."""
    at = LAST - timedelta(days=number % 27, minutes=number)
    outcome = ("confirmed", "silent", "resolved", "abandoned", "confirmed", "silent")[number % 6]
    with store.write() as session:
        row, _ = open_conversation(session, at)
        add_message(session, row, NewMessage("customer", f"Question {number} about a kettle"), at)
        begin_episode(session, row, row.seq, at)
        add_message(session, row, NewMessage("bot", "An answer.", status="answered"), at)
        if outcome == "resolved" or number % 5 == 0:
            reason = ("asked", "complaint", "second_refusal")[number % 3]
            change_owner(session, row, Escalated(row.epoch, reason), at)  # type: ignore[arg-type]
            escalation = open_escalation(session, row.id, reason, {"wants": "a kettle"}, told_seq=row.seq, now=at)
            came = at + timedelta(minutes=1 + number % 9)
            change_owner(session, row, Claimed(row.epoch, "ann"), came)
            add_message(session, row, NewMessage("agent", "Hello.", author="ann"), came)
            escalation.answered_at = came
            row.owner = "closed"
        end_episode(session, row, outcome, "customer", at + timedelta(minutes=12))  # type: ignore[arg-type]
        episode = latest_episode(session, row.id)
        assert episode is not None
        settle(session, episode, lambda start, end: (end - start) / timedelta(minutes=1))
        if number % 4 == 0:
            rate(session, row, Rating(1 + number % 5, number % 8 != 0, "Thank you"), None, at)


def told(store: Store) -> None:
    """What customers told us beside their case, with words that are long or wide."""
    said: list[tuple[str, dict[str, str]]] = [
        ("gap", {"question": "Where do I park?", "nearest": "delivery"}),
        ("gap", {"question": f"What about {'x' * 90}?", "nearest": ""}),
        ("complaint", {"text": "Nobody rang me back. " * 20, "policy": "returns"}),
        ("feedback", {"text": "Lovely people", "policy": ""}),
    ]
    with store.write() as session:
        for kind, data in said:
            row, _ = open_conversation(session, LAST)
            keep_record(session, row.id, kind, dict(data), message_seq=1, now=LAST)


@pytest.fixture(scope="module")
def filled(scripted: GatewayProcess, scripted_database: str) -> Iterator[Store]:
    assert scripted.process.poll() is None
    store = Store(scripted_database)
    for number in range(90):
        past(store, number)
    told(store)
    yield store
    store.close()


@pytest.fixture
def sue(filled: Store) -> StaffRow:
    return make_staff(filled, "supervisor", name="Sue Finch")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1280, 375])
def test_that_axe_finds_nothing_on_the_reports(
    visits: Visits, sue: StaffRow, scheme: str, width: int, picture: Callable[[Page, str], Path]
) -> None:
    page = visits.page(color_scheme=scheme, viewport={"width": width, "height": 900})
    sign_in(page, visits.url, sue.login, PATH)
    expect(page.get_by_role("heading", name="How it ended")).to_be_visible()
    picture(page, f"reports-{scheme}-{width}")
    page.get_by_role("heading", name="How it ended").scroll_into_view_if_needed()
    page.mouse.wheel(0, 600)
    page.wait_for_timeout(200)
    picture(page, f"reports-plot-{scheme}-{width}")
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"{visits.url}{PATH}/conversations?figure=rating")
    expect(page.get_by_role("heading", name="Rating")).to_be_visible()
    picture(page, f"reports-list-{scheme}-{width}")
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1280, 375])
def test_that_axe_finds_nothing_on_what_customers_told_us(
    visits: Visits, sue: StaffRow, scheme: str, width: int, picture: Callable[[Page, str], Path]
) -> None:
    page = visits.page(color_scheme=scheme, viewport={"width": width, "height": 900})
    sign_in(page, visits.url, sue.login, "/desk/voice")
    expect(page.get_by_role("link", name="Delivery").first).to_be_visible()
    picture(page, f"voice-{scheme}-{width}")
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("Show", exact=True).select_option("feedback")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="Lovely people")).to_be_visible()
    expect(page.locator("#gap")).to_have_count(0)
    expect(page.get_by_role("link", name="Feedback", exact=True)).to_have_attribute("aria-current", "page")


def test_that_a_plot_has_its_colours_and_a_table(visits: Visits, sue: StaffRow) -> None:
    page = sign_in(visits.page(), visits.url, sue.login, PATH)
    figure = page.locator("#resolution")
    expect(figure.locator(".plot rect").first).to_be_attached()
    colours = {bar.evaluate("one => getComputedStyle(one).fill") for bar in figure.locator(".plot rect").all()}
    assert len(colours) >= 4
    expect(figure.locator("tbody tr")).to_have_count(29)
    expect(page.locator("#wait .plot line.line").first).to_be_attached()


def test_that_a_number_leads_to_its_conversations_by_keyboard(visits: Visits, sue: StaffRow) -> None:
    page = sign_in(visits.page(), visits.url, sue.login, PATH)
    figure = page.locator("#resolution")
    figure.locator(".total a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="How it ended")).to_be_visible()
    assert page.locator("tbody tr").count() >= 80
    page.get_by_role("link", name="Reports").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#resolution")).to_be_visible()


def test_that_days_can_be_chosen_and_sheets_taken(visits: Visits, sue: StaffRow) -> None:
    page = sign_in(visits.page(), visits.url, sue.login, PATH)
    page.get_by_label("From", exact=True).fill("2026-11-01")
    page.get_by_label("To", exact=True).fill("2026-11-23")
    page.get_by_label("By", exact=True).select_option("week")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(f"{visits.url}{PATH}?from=2026-11-01&to=2026-11-23&by=week")
    expect(page.locator("#resolution tbody tr")).to_have_count(6)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="figures (CSV)").click()
    assert waiting.value.suggested_filename == "figures-2026-11-01-2026-11-23.csv"


@pytest.mark.parametrize("size", [(320, 640), (640, 400)])
def test_that_the_reports_do_not_run_over(visits: Visits, sue: StaffRow, size: tuple[int, int]) -> None:
    page = visits.page(viewport={"width": size[0], "height": size[1]})
    sign_in(page, visits.url, sue.login, PATH)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    inside = WIDER_THAN_THE_WINDOW.replace(".sr, .skip", ".sr, .skip, .scroll")
    assert page.evaluate(inside) == []
