"""What customers write stays text at the desk, and the page runs under the strictest policy there is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error, expect
from sqlalchemy import select

from plainly.store.tables import ConversationRow
from tests import web
from tests.browser.floor import ASKS, Floor
from tests.browser.test_safety import HOSTILE
from tests.gateway.processes import ROOT, Customer, GatewayProcess
from tests.gateway.staff.people import PASSWORD

pytestmark = pytest.mark.browser

DESK = ROOT / "plainly" / "gateway" / "static" / "desk"
OWN = sorted(DESK.glob("*.js"))
TURNED = "\u202egpj.exe\u202c \u2066isolated\u2069 \u200fmark"
MORE = [
    "<a href=javascript:window.hacked=1>click</a>",
    "https://evil.example/steal.exe",
    "![x](https://evil.example/track.png)",
    "`${window.hacked=1}`",
    "__html: <b>x</b>",
    '"><script>window.hacked=1</script>',
    TURNED,
]


@pytest.mark.parametrize("text", [*HOSTILE, *MORE])
def test_that_what_a_customer_writes_is_text_everywhere_at_the_desk(floor: Floor, text: str) -> None:
    desk = floor.console()
    customer = Customer(floor.gateway)
    customer.ask(f"!decide {text}")
    customer.ask("!hand_over Can I talk to a person?")
    desk.take(customer)
    customer.say(text)
    bubble = desk.log.locator(".by-customer .bubble").last
    expect(bubble.locator("p")).to_have_text(text)
    assert bubble.locator("*").count() == 1
    desk.view("Mine")
    expect(desk.line(customer)).to_be_visible()
    assert desk.line(customer).locator("a, img, svg, script, b").count() == 0
    packet = desk.page.get_by_role("region", name="What you need to know")
    assert packet.locator("img, svg, script, b, a:not([href^='/policies/'])").count() == 0
    desk.page.reload()
    expect(bubble.locator("p")).to_have_text(text)
    assert desk.page.evaluate("window.hacked") is None


def test_that_a_name_is_text_and_turns_nothing_round(floor: Floor) -> None:
    customer = floor.waiting(ASKS)
    hostile = "<img src=x onerror=window.hacked=1>\u202eevil"
    with floor.tables.write() as session:
        row = session.scalars(select(ConversationRow).where(ConversationRow.id == customer.id)).one()
        row.customer, row.customer_name = "c-1", hostile
    desk = floor.console()
    expect(desk.line(customer)).to_contain_text("<img src=x onerror=window.hacked=1>evil")
    desk.take(customer)
    expect(desk.page.locator("#talk-title")).to_have_text("<img src=x onerror=window.hacked=1>evil")
    desk.button("Commands").click()
    desk.page.keyboard.type("open <img")
    expect(desk.page.get_by_role("option", name="Open: <img").first).to_be_visible()
    shown = desk.page.evaluate("document.title + document.body.innerHTML")
    assert "\u202e" not in shown.replace(hostile, "")
    assert desk.page.evaluate("window.hacked") is None


def test_that_each_message_finds_its_own_direction(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting()
    desk.take(customer)
    customer.say("مرحبا، كم يوما للإرجاع؟")
    bubble = desk.log.locator(".by-customer .bubble p").last
    expect(bubble).to_have_text("مرحبا، كم يوما للإرجاع؟")
    assert bubble.evaluate("one => getComputedStyle(one).direction") == "rtl"
    desk.say("Thirty days.")
    ours = desk.log.locator(".by-agent .bubble p").last
    assert ours.evaluate("one => getComputedStyle(one).direction") == "ltr"


def test_that_words_of_a_colleague_are_as_harmless(floor: Floor) -> None:
    desk = floor.console()
    customer = floor.waiting()
    desk.take(customer)
    desk.button("Private note").click()
    desk.note.fill("<img src=x onerror=window.hacked=1> [x](javascript:window.hacked=1)")
    desk.note.press("Enter")
    expect(desk.log.locator(".kind-note .bubble p")).to_have_text(
        "<img src=x onerror=window.hacked=1> [x](javascript:window.hacked=1)"
    )
    desk.button("Reply").click()
    desk.reply.fill("<b onclick=window.hacked=1>x [click](javascript:window.hacked=1) [ours](/policies/returns)")
    desk.reply.press("Enter")
    ours = desk.log.locator(".by-agent:not(.kind-note) .bubble").last
    expect(ours.locator("a")).to_have_count(1)
    expect(ours.locator("a")).to_have_attribute("target", "_blank")
    assert desk.page.evaluate("window.hacked") is None


def test_that_the_console_runs_where_nothing_may_become_html_or_code(floor: Floor) -> None:
    """Under the policy the gateway sends: the floor fails at the end when the browser told of a breach."""
    desk = floor.console()
    with pytest.raises(Error, match="TrustedHTML"):
        desk.page.evaluate(
            "document.body.append(Object.assign(document.createElement('p'), { innerHTML: '<b>x</b>' }))"
        )
    desk.page.evaluate("window.violations = []")
    page = web.get(f"{desk.url}/desk", cookies={"plainly_desk": desk.person.token})
    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "require-trusted-types-for 'script'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert not re.search(r"<style|style=|<script(?![^>]*\bsrc=)|\bon\w+=", page.text)


def test_that_no_module_parses_text_as_html_or_code() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|https?://"
    )
    assert OWN
    for path in OWN:
        found = [line for line in path.read_text(encoding="utf-8").splitlines() if forbidden.search(line)]
        assert found == [], path.name
    for path in (DESK / "vendor").glob("*.js"):
        assert not re.search(r"\beval\(|new Function|document\.write", path.read_text(encoding="utf-8")), path.name


def test_that_libraries_stand_with_their_licences_and_name_no_bare_module() -> None:
    for path in (DESK / "vendor").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert all(name.startswith("./") for name in re.findall(r"from\s*\"([^\"]+)\"", text)), path.name
    readme = (DESK / "vendor" / "README.md").read_text(encoding="utf-8")
    for licence in (DESK / "vendor").glob("LICENSE.*"):
        assert licence.name in readme


def test_that_all_modules_come_at_once_and_are_kept_by_their_content(
    desk_gateway: tuple[GatewayProcess, object],
) -> None:
    gateway, _ = desk_gateway
    main = (DESK / "main.js").read_text(encoding="utf-8")
    assert "./actions.js" in main
    from plainly.gateway.assets import desk_modules, desk_release

    for module in desk_modules():
        found = web.get(f"{gateway.url}/static/desk/{desk_release()}/{module}")
        assert found.status_code == 200, module
        assert found.headers["cache-control"] == "max-age=31536000, immutable"
        assert "javascript" in found.headers["content-type"]
    older = web.get(f"{gateway.url}/static/desk/r000000000000/desk/main.js")
    assert older.headers["cache-control"] == "no-cache"


def test_that_another_site_cannot_open_the_live_connection(floor: Floor) -> None:
    desk = floor.console()
    page = desk.page.context.new_page()
    page.route(
        "http://evil.example/", lambda route: route.fulfill(body="<title>evil</title>", content_type="text/html")
    )
    page.goto("http://evil.example/")
    address = f"{desk.url.replace('http', 'ws')}/api/v1/desk/live"
    opened = page.evaluate(
        """address => new Promise((done) => {
          const socket = new WebSocket(address);
          socket.onmessage = () => done("heard");
          socket.onclose = () => done("closed");
        })""",
        address,
    )
    page.close()
    floor.strangers.clear()
    assert opened == "closed"


def test_that_signing_in_and_out_works_from_the_page(floor: Floor) -> None:
    desk = floor.console("Dana Reed")
    desk.button("Sign out").click()
    expect(desk.page).to_have_url(re.compile("/desk/sign-in"))
    desk.page.get_by_label("Login").fill(desk.person.staff.login)
    desk.page.get_by_label("Password").fill(PASSWORD)
    desk.page.get_by_role("button", name="Sign in").click()
    desk.live()
    expect(desk.page.get_by_text("Dana Reed")).to_be_visible()
