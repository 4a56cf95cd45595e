"""The console for everybody: axe finds nothing in any state, nothing runs over, and all of it fits one narrow pane."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console import Console
from tests.browser.floor import ASKS, PLEADS, Floor
from tests.browser.test_access import SCHEMES, WIDER_THAN_THE_WINDOW, complaints

pytestmark = pytest.mark.browser

Picture = Callable[[Page, str], Path]

DIALOGS = {
    "shortcuts": "?",
    "palette": "Control+k",
    "preferences": "Alt+,",
    "saved": "Alt+y",
    "resolve": "Alt+e",
    "snooze": "Alt+m",
    "transfer": "Alt+t",
    "fact": "Alt+u",
    "discard": "Alt+Shift+1",
}

SMALL_TARGETS = """() => [...document.querySelectorAll("button, select, textarea, input, summary, .lines a")]
  .filter((one) => one.checkVisibility() && !one.disabled && one.type !== "hidden")
  .map((one) => [one.ariaLabel || one.textContent || one.id, (one.closest("label") ?? one).getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""


def taken(floor: Floor, **options: object) -> Console:
    """A conversation in full: packet, suggestions, levers, a note, a message that could not go out."""
    desk = floor.console("Dana Reed", "supervisor", team="Returns", **options)
    customer = floor.waiting(ASKS, PLEADS)
    desk.page.evaluate("id => { location.hash = id }", customer.id)
    desk.button("Take it").click()
    expect(desk.reply).to_be_focused()
    seq = customer.say("!decide So can I return it or not? I am angry")
    expect(desk.page.locator(f".drafts[data-for='{seq}'] [data-suggestion]").first).to_be_attached(timeout=15_000)
    return desk


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("width", "height"), [(1400, 860), (1000, 700), (375, 740)])
def test_that_axe_finds_nothing_at_the_console(
    floor: Floor, scheme: str, width: int, height: int, picture: Picture
) -> None:
    size = {"width": width, "height": height}
    desk = floor.console("Dana Reed", color_scheme=scheme, viewport=size)
    floor.waiting(ASKS)
    expect(desk.lines.first).to_be_visible()
    picture(desk.page, f"desk-list-{scheme}-{width}")
    assert complaints(desk.page) == []
    desk = taken(floor, color_scheme=scheme, viewport=size)
    desk.page.get_by_text("How the rules got there").first.evaluate("one => one.click()")
    desk.reply.fill("Dear {name}, hello.")
    for pane in ("Conversation", "Queue", "Help"):
        if desk.button(pane).is_visible():
            desk.button(pane).click()
        picture(desk.page, f"desk-{pane.lower()}-{scheme}-{width}")
        assert complaints(desk.page) == []
        assert desk.page.evaluate(WIDER_THAN_THE_WINDOW) == []
        assert desk.page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_that_axe_finds_nothing_in_any_dialog(floor: Floor, scheme: str, picture: Picture) -> None:
    desk = taken(floor, color_scheme=scheme)
    for name, keys in DIALOGS.items():
        desk.page.evaluate("document.activeElement.blur()")
        desk.page.keyboard.press(keys)
        expect(desk.dialog()).to_be_visible()
        desk.page.wait_for_timeout(100)
        picture(desk.page, f"desk-{name}-{scheme}")
        assert complaints(desk.page) == [], name
        assert desk.page.evaluate(SMALL_TARGETS) == [], name
        desk.page.keyboard.press("Escape")
        expect(desk.dialog()).to_have_count(0)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_that_axe_finds_nothing_when_things_go_wrong(floor: Floor, scheme: str, picture: Picture) -> None:
    desk = taken(floor, color_scheme=scheme)
    desk.reply.fill("Good news: you can return it, our window is 90 days.")
    desk.reply.press("Enter")
    expect(desk.dialog()).to_contain_text("The rules say otherwise")
    picture(desk.page, f"desk-warning-{scheme}")
    assert complaints(desk.page) == []
    desk.page.keyboard.press("Escape")
    desk.page.context.set_offline(True)
    desk.reply.fill("Not gone out yet")
    desk.reply.press("Enter")
    expect(desk.page.locator(".unsent").last).to_contain_text("Not sent yet")
    expect(desk.connection).to_contain_text("No connection")
    picture(desk.page, f"desk-lost-{scheme}")
    assert complaints(desk.page) == []
    desk.page.context.set_offline(False)


@pytest.mark.parametrize("size", [(640, 400), (700, 430), (320, 640)])
def test_that_everything_can_be_reached_at_twice_the_size(
    floor: Floor, size: tuple[int, int], picture: Picture
) -> None:
    desk = taken(floor, viewport={"width": size[0], "height": size[1]})
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for pane, thing in (
        ("Queue", desk.page.get_by_label("Search all conversations")),
        ("Conversation", desk.reply),
        ("Help", desk.button("Insert suggestion 1")),
    ):
        desk.button(pane).click()
        thing.scroll_into_view_if_needed()
        expect(thing).to_be_in_viewport()
        picture(desk.page, f"desk-zoom-{pane.lower()}-{size[0]}")
        assert desk.page.evaluate(WIDER_THAN_THE_WINDOW) == []
    desk.button("Menu").click()
    expect(desk.button("Shortcuts")).to_be_in_viewport()
    expect(desk.button("Sign out")).to_be_in_viewport()


def test_that_only_letters_twice_as_large_still_fit(floor: Floor) -> None:
    desk = floor.signed_in()
    desk.page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '32px' })"
    )
    desk.go()
    floor.waiting(ASKS)
    desk.page.keyboard.press("Alt+n")
    expect(desk.reply).to_be_focused()
    assert desk.page.evaluate(WIDER_THAN_THE_WINDOW) == []


def test_that_colours_can_be_chosen(floor: Floor) -> None:
    desk = floor.console(color_scheme="light")
    desk.button("Preferences").click()
    paper = "() => getComputedStyle(document.body).backgroundColor"
    light = desk.page.evaluate(paper)
    desk.dialog().get_by_label("Colours").select_option(label="Dark")
    dark = desk.page.evaluate(paper)
    assert light != dark
    desk.page.reload()
    desk.live()
    assert desk.page.evaluate(paper) == dark


def test_that_forced_colours_leave_edges_visible(floor: Floor) -> None:
    desk = taken(floor, forced_colors="active")
    for name in (".bubble", ".card", "button", ".paper"):
        width = desk.page.locator(name).first.evaluate("one => getComputedStyle(one).borderTopWidth")
        assert width != "0px", name


def test_that_new_messages_are_read_once_and_the_history_never(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting(ASKS)
    desk.take(customer)
    assert desk.log.get_attribute("aria-live") == "polite"
    watch = """() => {
      window.read = [];
      const texts = (one) => [...one.addedNodes].map((node) => node.textContent);
      const hear = (changes) => window.read.push(...changes.flatMap(texts));
      new MutationObserver(hear).observe(document.querySelector("[role=log]"), { childList: true, subtree: true });
    }"""
    desk.page.evaluate(watch)
    customer.say("One more thing")
    expect(desk.message("One more thing")).to_be_visible()
    desk.page.wait_for_timeout(1_500)
    read = desk.page.evaluate("window.read.filter((text) => text.includes('One more thing'))")
    assert len(read) == 1
    assert not desk.page.evaluate("window.read.some((text) => text.includes('I got a kettle'))")
    desk.button("Preferences").click()
    desk.dialog().get_by_label("Have a screen reader read").uncheck()
    assert desk.log.get_attribute("aria-live") == "off"


def test_that_nothing_new_takes_the_focus(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting()
    desk.take(customer)
    desk.reply.fill("I am in the middle of")
    floor.waiting()
    customer.say("hello?")
    expect(desk.message("hello?")).to_be_visible()
    expect(desk.reply).to_be_focused()
