"""Nobody is shut out: axe finds nothing, targets are large, nothing runs over at 320 pixels or twice the size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.chat import Chat
from tests.browser.conftest import Visits

pytestmark = pytest.mark.browser

PAGES = ["/", "/policies", "/policies/returns", "/help/complaints"]
SCHEMES = ["light", "dark"]

WIDER_THAN_THE_WINDOW = """() => {
  const wide = [];
  const look = (root) => root.querySelectorAll("*").forEach((one) => {
    if (one.shadowRoot) look(one.shadowRoot);
    const box = one.getBoundingClientRect();
    const hidden = one.closest(".sr, .skip") || !box.width;
    if (!hidden && (box.right > innerWidth + 1 || box.left < -1)) wide.push(one.outerHTML.slice(0, 120));
  });
  look(document);
  return wide;
}"""

SMALL_TARGETS = """() => [...document.querySelector("plainly-chat").shadowRoot
  .querySelectorAll("button, textarea, summary, .clause a")]
  .filter((one) => one.checkVisibility() && !one.disabled)
  .map((one) => [one.textContent || one.ariaLabel || one.id, one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""


def complaints(page: Page) -> list[str]:
    """What axe objects to, with the places."""
    page.emulate_media(reduced_motion="reduce")
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", PAGES)
def test_that_axe_finds_nothing_on_a_page(visits: Visits, path: str, scheme: str) -> None:
    assert complaints(visits.chat(path, color_scheme=scheme).page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1280, 375])
def test_that_axe_finds_nothing_in_the_chat(
    visits: Visits, scheme: str, width: int, picture: Callable[[Page, str], Path]
) -> None:
    chat = visits.chat(color_scheme=scheme, viewport={"width": width, "height": 800}).open()
    assert complaints(chat.page) == []
    chat.ask("buttons with **bold** and [a link](/policies)")
    chat.page.get_by_role("button", name="Unopened").click()
    chat.answer(2)
    chat.ask("decide")
    chat.page.get_by_text("Receipt", exact=True).click()
    chat.page.get_by_role("button", name="Returns 2.1").last.click()
    expect(chat.page.get_by_role("region", name="Returns 2.1")).to_contain_text("within 30 days")
    chat.page.route("**/messages", lambda route: route.abort())
    chat.say("not sent yet")
    expect(chat.page.get_by_role("button", name="Try again")).to_be_visible()
    picture(chat.page, f"chat-{scheme}-{width}")
    assert complaints(chat.page) == []
    assert chat.page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("size", [(320, 640), (640, 400), (375, 740)])
@pytest.mark.parametrize("path", PAGES)
def test_that_no_page_scrolls_sideways(visits: Visits, path: str, size: tuple[int, int]) -> None:
    chat = visits.chat(path, viewport={"width": size[0], "height": size[1]})
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert chat.page.evaluate(WIDER_THAN_THE_WINDOW) == []


@pytest.mark.parametrize("size", [(320, 640), (640, 400), (320, 256)])
def test_that_long_words_stay_in_the_chat(visits: Visits, size: tuple[int, int]) -> None:
    chat = visits.chat(viewport={"width": size[0], "height": size[1]}).open()
    chat.ask("Donaudampfschifffahrtsgesellschaft" * 8)
    chat.ask("see https://example.com/" + "a" * 300)
    chat.ask("buttons " + "x" * 200)
    chat.page.get_by_role("button", name="Returns 2.1").last.click()
    expect(chat.page.get_by_role("region", name="Returns 2.1")).to_contain_text("within 30 days")
    assert chat.page.evaluate(WIDER_THAN_THE_WINDOW) == []
    expect(chat.field).to_be_in_viewport()
    expect(chat.page.get_by_role("button", name="Talk to a person").first).to_be_in_viewport()
    expect(chat.page.get_by_role("button", name="Close the chat")).to_be_in_viewport()


def test_that_text_twice_as_large_still_fits(visits: Visits) -> None:
    chat = visits.chat(viewport={"width": 800, "height": 700})
    chat.page.add_init_script("document.documentElement.style.fontSize = '32px'")
    chat.page.evaluate("document.documentElement.style.fontSize = '32px'")
    chat.open()
    chat.ask("buttons with many words so that lines have to break somewhere")
    assert chat.page.evaluate(WIDER_THAN_THE_WINDOW) == []
    expect(chat.field).to_be_in_viewport()
    expect(chat.page.get_by_role("button", name="Close the chat")).to_be_in_viewport()


def test_that_each_message_finds_its_own_direction(chat: Chat) -> None:
    chat.ask("مرحبا، كم يوما للإرجاع؟")
    direction = "one => getComputedStyle(one).direction"
    assert chat.mine.locator("p[dir=auto]").first.evaluate(direction) == "rtl"
    chat.ask("hello")
    assert chat.mine.last.locator("p[dir=auto]").first.evaluate(direction) == "ltr"
    assert chat.texts()[0] == "مرحبا، كم يوما للإرجاع؟"


def test_that_direction_marks_do_not_turn_the_rest_round(chat: Chat) -> None:
    chat.ask("\u202eabc")
    chat.ask("hello")
    assert next(text.strip("\u202e\u202c") for text in chat.texts()) == "abc"
    assert chat.theirs.last.locator("p").first.evaluate("one => getComputedStyle(one).direction") == "ltr"


def test_that_motion_stops_for_those_who_ask(visits: Visits) -> None:
    chat = visits.chat(reduced_motion="reduce").open()
    assert chat.panel.evaluate("one => getComputedStyle(one).animationName") == "none"
    assert chat.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_that_forced_colours_leave_every_edge_visible(visits: Visits) -> None:
    chat = visits.chat(forced_colors="active").open()
    chat.ask("buttons")
    for name in (".mine .bubble", ".theirs .bubble", ".choice", ".chip", "textarea", ".send"):
        width = chat.page.locator(f"plainly-chat {name}").first.evaluate("one => getComputedStyle(one).borderTopWidth")
        assert width != "0px", name


def test_that_printing_leaves_the_chat_out(visits: Visits) -> None:
    chat = visits.chat("/policies/returns").open()
    chat.page.emulate_media(media="print")
    expect(chat.panel).to_be_hidden()
    expect(chat.page.get_by_role("button", name="Print this page")).to_be_hidden()
    expect(chat.page.get_by_role("heading", name="Returns", exact=True)).to_be_visible()
