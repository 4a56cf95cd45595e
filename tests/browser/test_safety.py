"""Text stays text, nobody else is asked, and the widget stays small."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import Route, expect

from tests import web
from tests.browser.chat import Chat
from tests.browser.conftest import Visits
from tests.gateway.processes import ROOT, GatewayProcess

pytestmark = pytest.mark.browser

STATIC = ROOT / "plainly" / "gateway" / "static"
MOST_BYTES = 25_000

HOSTILE = [
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<svg/onload=window.hacked=1>",
    "[click](javascript:window.hacked=1)",
    "[click](JaVaScRiPt:window.hacked=1)",
    "[click](data:text/html,<script>window.hacked=1</script>)",
    "[click](//evil.example/x)",
    "[click](vbscript:msgbox)",
    "[click](/\\evil.example)",
    "**<b onmouseover=window.hacked=1>bold</b>**",
    "{{constructor.constructor('window.hacked=1')()}}",
    "</textarea></plainly-chat><script>window.hacked=1</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_that_hostile_text_is_shown_as_text(chat: Chat, text: str) -> None:
    answer = chat.ask(text)
    assert chat.texts()[0] == text
    shown = answer.locator(".bubble")
    assert shown.inner_text() == f"Turn 1: {text.replace('**', '')}"
    assert shown.locator("a, script, img, svg, b").count() == 0
    chat.page.reload()
    chat.answer(1)
    assert chat.page.evaluate("window.hacked") is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("[ours](/policies/returns#2.1)", "{url}/policies/returns#2.1"),
        ("[theirs](https://example.com/a?b=c)", "https://example.com/a?b=c"),
        ("[mail](mailto:help@example.com)", "mailto:help@example.com"),
        ("[call](tel:+441134960120)", "tel:+441134960120"),
        ("see https://example.com/page.", "https://example.com/page"),
    ],
)
def test_that_good_links_can_be_followed(chat: Chat, text: str, address: str) -> None:
    link = chat.ask(text).get_by_role("link")
    expect(link).to_have_attribute("href", address.format(url=chat.url))


def test_that_the_little_markdown_is_shown(chat: Chat) -> None:
    bubble = chat.ask(
        "x\n\n**bold** and *soft* 2 * 3 * 4 snake_case_name\n\n- one\n- two\n\n1. first\n2. second\nend"
    ).locator(".bubble")
    assert bubble.locator("strong").inner_text() == "bold"
    assert bubble.locator("em").all_inner_texts() == ["soft"]
    assert bubble.locator("ul > li").all_inner_texts() == ["one", "two"]
    assert bubble.locator("ol > li").all_inner_texts() == ["first", "second"]
    assert "2 * 3 * 4 snake_case_name" in bubble.inner_text()


def test_that_the_whole_widget_is_at_most_25_kb() -> None:
    files = [STATIC / "widget.js", *sorted((STATIC / "widget").glob("*.js"))]
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in files}
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_that_no_source_parses_text_as_html_or_code() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|https?://(?!your-)"
    )
    for path in [STATIC / "widget.js", *(STATIC / "widget").glob("*.js")]:
        found = [
            line for line in path.read_text().splitlines() if forbidden.search(line) and "w3.org/2000/svg" not in line
        ]
        assert [line for line in found if "https?:" not in line] == [], path.name


def test_that_it_runs_under_the_strictest_policy(visits: Visits) -> None:
    page = visits.page()
    strict = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    strict += "require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'"

    def tighten(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": strict})

    page.route(f"{visits.url}/", tighten)
    chat = Chat(page, visits.url).go().open()
    chat.ask("buttons with **bold**")
    page.get_by_role("button", name="Unopened").click()
    chat.answer(2)


def test_that_one_tag_is_enough_on_any_page(visits: Visits) -> None:
    page = visits.page()
    html = '<!doctype html><html lang="en"><title>Bare</title><script src="/widget.js" defer></script><p>Hello'
    page.route(f"{visits.url}/bare", lambda route: route.fulfill(body=html, content_type="text/html"))
    chat = Chat(page, visits.url).go("/bare").open()
    expect(page.get_by_role("dialog", name="Marlow & Finch")).to_be_visible()
    chat.ask("hello")
    module = html.replace("defer", 'type="module"')
    page.route(f"{visits.url}/module", lambda route: route.fulfill(body=module, content_type="text/html"))
    chat.go("/module")
    chat.answer(1)


def test_that_words_and_colours_can_be_changed_by_the_page(visits: Visits) -> None:
    page = visits.page()
    html = """<!doctype html><html lang="de"><title>Eigen</title>
      <style>plainly-chat {--plainly-accent: rgb(90, 20, 120)}</style>
      <script src="/widget.js" defer></script>
      <plainly-chat lang="de" data-name="Laden" data-text-launcher="Frag uns" data-text-send="Los"
        data-suggestions="Wie lange? | Warum?"></plainly-chat>"""
    page.route(f"{visits.url}/eigen", lambda route: route.fulfill(body=html, content_type="text/html"))
    chat = Chat(page, visits.url).go("/eigen")
    launcher = page.get_by_role("button", name="Frag uns")
    assert launcher.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(90, 20, 120)"
    launcher.click()
    expect(page.get_by_role("button", name="Los", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Warum?")).to_be_visible()
    expect(page.get_by_role("dialog", name="Laden")).to_be_visible()
    page.get_by_role("button", name="Wie lange?").click()
    chat.answer(1)


def test_that_modules_are_kept_by_their_content(scripted: GatewayProcess) -> None:
    tag = web.get(f"{scripted.url}/widget.js").text
    (address,) = re.findall(r'"(static/r[0-9a-f]{12}/widget/element\.js)"', tag)
    found = web.get(f"{scripted.url}/{address}")
    assert found.headers["cache-control"] == "max-age=31536000, immutable"
    assert found.headers["content-encoding"] == "gzip"
    assert web.get(f"{scripted.url}/static/r000000000000/widget/element.js").headers["cache-control"] == "no-cache"
    assert web.get(f"{scripted.url}/static/r000000000000/../../app.py").status_code == 404
