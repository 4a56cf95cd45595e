"""Where agents and customers meet: one gateway, as many consoles as a test wants, and customers in line.

The bot is the real engine; a word before a customer's words says which move it makes ("!decide I got it ...").
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request

from plainly.store import Store
from tests.browser.chat import WATCH, Chat
from tests.browser.console import Console, sign_in
from tests.gateway.processes import Customer, GatewayProcess

ASKS = "!decide I got a kettle 40 days ago, it is still in its box, can I return it?"
PLEADS = "!soften That is not fair, I was in hospital"
WANTS_A_PERSON = "!hand_over Can I talk to a person?"


@dataclass
class Floor:
    """Opens browsers for staff and customers, and knows at the end whether each page behaved."""

    browser: Browser
    gateway: GatewayProcess
    tables: Store
    strangers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def console(self, name: str = "Dana", role: str = "agent", *, team: str = "", **options: Any) -> Console:
        """A console of a new member of staff, loaded."""
        return self.signed_in(name, role, team=team, **options).go()

    def signed_in(self, name: str = "Dana", role: str = "agent", *, team: str = "", **options: Any) -> Console:
        """The same before its page is loaded."""
        context = self._context(**options)
        console = sign_in(context, self.gateway, self.tables, role, name=name, team=team)
        self._heed(console.page)
        return console

    def waiting(self, *words: str) -> Customer:
        """A customer who said these words, asked for a person and waits."""
        customer = Customer(self.gateway)
        for said in (*words, WANTS_A_PERSON):
            customer.ask(said)
        return customer

    def chat(self, **options: Any) -> Chat:
        """A customer at the shop's page."""
        context = self._context(**options)
        context.add_init_script(WATCH)
        page = context.new_page()
        self._heed(page)
        return Chat(page, self.gateway.url).go().open()

    def _context(self, **options: Any) -> BrowserContext:
        context = self.browser.new_context(**{"viewport": {"width": 1400, "height": 860}, "locale": "en-GB", **options})
        context.set_default_timeout(15_000)
        context.on("request", self._note)
        self.contexts.append(context)
        return context

    def _heed(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(f"{error} {error.stack}"))
        page.on("console", lambda line: self.errors.append(line.text) if "Content Security" in line.text else None)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.gateway.url, "data:", "blob:")):
            self.strangers.append(request.url)

    def end(self) -> None:
        violations = [
            found
            for context in self.contexts
            for page in context.pages
            if page.url.startswith(self.gateway.url)
            for found in page.evaluate("window.violations ?? []")
        ]
        for context in self.contexts:
            context.close()
        assert not self.errors, self.errors
        assert not violations, violations
        assert self.strangers == []
