"""The desk's console as an agent uses it, in a browser of their own."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from plainly.gateway.staff.guard import COOKIE
from plainly.store import Store
from tests.gateway.processes import Customer, GatewayProcess
from tests.gateway.staff.people import Desk, make_staff

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
});
"""


class Console:
    """One page of the console, signed in as one member of staff."""

    def __init__(self, page: Page, url: str, person: Desk) -> None:
        self.page = page
        self.url = url
        self.person = person
        self.lines = page.locator(".lines .line")
        self.log = page.get_by_role("log")
        self.reply = page.locator("#reply")
        self.note = page.locator("#note")
        self.drafts = page.locator("[data-suggestion]")
        self.notice = page.locator(".notice")
        self.connection = page.locator(".connection")

    def go(self, conversation: str = "") -> Console:
        """Load the page and wait until it is live."""
        self.page.goto(f"{self.url}/desk" + (f"#{conversation}" if conversation else ""))
        self.live()
        return self

    def live(self) -> None:
        expect(self.page.get_by_role("switch")).to_be_visible(timeout=20_000)
        expect(self.connection).to_have_count(0, timeout=20_000)

    def line(self, customer: Customer) -> Locator:
        """The line of a customer's conversation in the list."""
        return self.page.locator(f".lines a[href='#{customer.id}']")

    def open(self, customer: Customer) -> Console:
        """Open a conversation from the list."""
        self.line(customer).click()
        expect(self.log).to_be_visible()
        return self

    def take(self, customer: Customer) -> Console:
        """Open a waiting conversation and take it."""
        self.open(customer)
        self.page.get_by_role("button", name="Take it").click()
        expect(self.reply).to_be_focused()
        return self

    def say(self, text: str) -> Locator:
        """Send a reply and wait until the gateway has it."""
        self.reply.fill(text)
        self.reply.press("Enter")
        bubble = self.message(text)
        expect(bubble).to_be_visible()
        expect(self.page.locator(".unsent")).to_have_count(0)
        return bubble

    def message(self, text: str) -> Locator:
        """The message with this text in the transcript."""
        return self.log.locator(".message:not(.unsent)").filter(has_text=text)

    def view(self, name: str) -> None:
        """Show another list."""
        self.page.get_by_role("group", name="Views").get_by_role("button", name=name).click()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def focused(self) -> str:
        """What has the focus: its label or its text."""
        name: str = self.page.evaluate(
            """() => {
              const at = document.activeElement;
              const named = document.getElementById(at.getAttribute("aria-labelledby"));
              return (at.ariaLabel || named?.textContent || at.labels?.[0]?.textContent || at.textContent).trim();
            }"""
        )
        return name


def sign_in(
    context: BrowserContext, gateway: GatewayProcess, store: Store, role: str = "agent", **given: Any
) -> Console:
    """A console of a new member of staff, in a browser profile of their own."""
    person = Desk(gateway, store, staff=make_staff(store, role, **given))
    context.add_init_script(WATCH)
    context.add_cookies([{"name": COOKIE, "value": person.token, "url": gateway.url, "sameSite": "Strict"}])
    return Console(context.new_page(), gateway.url, person)
