"""The plain pages of the desk: axe finds nothing, all of it goes by keyboard, nothing runs over the edge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from plainly.store import Store
from plainly.store.desk_tables import StaffRow
from tests.browser.conftest import Visits
from tests.browser.test_access import SCHEMES, WIDER_THAN_THE_WINDOW, complaints
from tests.gateway.processes import GatewayProcess
from tests.gateway.staff.people import PASSWORD, make_staff

pytestmark = pytest.mark.browser

SIZES = [(1280, 800), (375, 740), (320, 640)]
SMALL = """() => [...document.querySelectorAll("button, input:not([type=checkbox], [type=hidden]), select, nav a")]
  .concat(...document.querySelectorAll(".choice"))
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map((one) => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def tables(scripted: GatewayProcess, scripted_database: str) -> Iterator[Store]:
    assert scripted.process.poll() is None
    store = Store(scripted_database)
    yield store
    store.close()


@pytest.fixture
def olive(tables: Store) -> StaffRow:
    return make_staff(tables, "owner", name="Olive Marlow")


def sign_in(page: Page, url: str, login: str, path: str = "/desk/settings") -> Page:
    page.goto(url + path)
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(url + path)  # and until it has loaded, which its address alone does not tell
    return page


def focused(page: Page) -> str:
    return str(page.evaluate("(document.activeElement.id || document.activeElement.textContent).trim()"))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_that_axe_finds_nothing_on_the_plain_pages(
    visits: Visits, olive: StaffRow, scheme: str, picture: Callable[[Page, str], Path]
) -> None:
    page = visits.page(color_scheme=scheme)
    page.goto(f"{visits.url}/desk/sign-in")
    assert complaints(page) == []
    picture(page, f"staff-sign-in-{scheme}")
    page.get_by_label("Login").fill(olive.login)
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The login or the password is wrong.")
    assert complaints(page) == []
    sign_in(page, visits.url, olive.login)
    paths = ("/desk/settings", "/desk/staff", f"/desk/staff/{olive.id}", "/desk/keys", "/desk/no-such-page")
    for path in paths:
        page.goto(visits.url + path)
        assert complaints(page) == [], path
        picture(page, f"staff{path.replace('/', '-')[:16]}-{scheme}")


@pytest.mark.parametrize("size", SIZES)
def test_that_the_plain_pages_fit_and_their_targets_are_large(
    visits: Visits, olive: StaffRow, tables: Store, size: tuple[int, int]
) -> None:
    make_staff(tables, name="Wolfeschlegelsteinhausenbergerdorff the Second of Somewhere"[:60])
    page = visits.page(viewport={"width": size[0], "height": size[1]})
    page.goto(f"{visits.url}/desk/sign-in")
    assert page.evaluate(SMALL) == []
    sign_in(page, visits.url, olive.login)
    for path in ("/desk/settings", "/desk/staff", f"/desk/staff/{olive.id}", "/desk/keys"):
        page.goto(visits.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        assert page.evaluate(SMALL) == [], path


def test_that_text_twice_as_large_still_fits(visits: Visits, olive: StaffRow) -> None:
    page = visits.page(viewport={"width": 800, "height": 700})
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '32px' })"
    )
    sign_in(page, visits.url, olive.login)
    assert page.evaluate(WIDER_THAN_THE_WINDOW) == []


def test_that_signing_in_and_out_needs_no_mouse(visits: Visits, olive: StaffRow) -> None:
    page = visits.page()
    page.goto(f"{visits.url}/desk/settings")
    assert focused(page) == "login"
    page.keyboard.type(olive.login)
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{visits.url}/desk/settings")
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    for _ in range(8):
        page.keyboard.press("Tab")
    assert focused(page) == "Sign out"
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("You are signed out.")


def test_that_an_owner_makes_an_account_and_closes_it_by_keyboard(visits: Visits, olive: StaffRow) -> None:
    page = sign_in(visits.page(), visits.url, olive.login, "/desk/staff")
    login = f"noor-{uuid4().hex[:8]}"
    page.get_by_label("Login").focus()
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type("Noor Ali")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("The account of Noor Ali was made.")
    expect(page.get_by_role("status").first).to_be_focused()
    password = page.get_by_label("Password").input_value()
    other = visits.page()
    other.goto(f"{visits.url}/desk/settings")
    other.get_by_label("Login").fill(login)
    other.get_by_label("Password").fill(password)
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="Settings")).to_be_visible()
    page.get_by_role("row", name=login).get_by_role("link").press("Enter")
    page.get_by_role("button", name="Close the account").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("was closed")
    other.reload()
    expect(other.get_by_role("heading", name="Sign in to the desk")).to_be_visible()


def test_that_a_key_can_be_copied_and_is_gone_afterwards(visits: Visits, olive: StaffRow) -> None:
    context = visits.context(permissions=["clipboard-read", "clipboard-write"])
    page = sign_in(visits.page(context), visits.url, olive.login, "/desk/keys")
    page.get_by_label("Name").fill("Phone team")
    page.get_by_role("button", name="Make the key").click()
    key = page.get_by_label("Key", exact=True).input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == key
    page.goto(f"{visits.url}/desk/keys")
    assert key not in page.content()
    page.get_by_role("button", name="Revoke Phone team").first.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("was revoked")


def test_that_choices_stay_in_the_browser(visits: Visits, olive: StaffRow) -> None:
    page = sign_in(visits.page(), visits.url, olive.login)
    expect(page.get_by_label("Enter sends")).to_be_checked()
    page.get_by_label("Play a sound").check()
    page.get_by_label("Enter sends").uncheck()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Play a sound")).to_be_checked()
    expect(page.get_by_label("Enter sends")).not_to_be_checked()


def test_that_the_colours_chosen_at_the_desk_hold_on_the_plain_pages(visits: Visits, olive: StaffRow) -> None:
    page = sign_in(visits.page(color_scheme="light"), visits.url, olive.login)
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.evaluate("localStorage.setItem('plainly-desk-choices', JSON.stringify({theme: 'dark'}))")
    page.reload()
    assert page.evaluate(colour) != light
    assert complaints(page) == []


def test_that_another_page_cannot_frame_the_desk(visits: Visits) -> None:
    page = visits.page()
    page.goto(f"{visits.url}/policies")
    page.evaluate("document.body.append(Object.assign(document.createElement('iframe'), {src: '/desk/sign-in'}))")
    page.wait_for_timeout(1_000)
    assert [frame for frame in page.frames[1:] if "Sign in" in frame.content()] == []
    assert [line for line in visits.errors if "frame-ancestors 'none'" not in line] == []
    assert visits.errors
    visits.errors.clear()
