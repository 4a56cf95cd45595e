"""The chat as a customer uses it: what is on the screen, and what a screen reader would be told."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

# Runs before the page's own scripts, in every page of a context.
WATCH = """
window.spoken = [];
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
});
const listen = () => {
  const region = document.querySelector("plainly-chat")?.shadowRoot?.querySelector("[data-announcer]");
  if (!region) return requestAnimationFrame(listen);
  const hear = (nodes) => nodes.forEach((node) => window.spoken.push(node.textContent));
  hear([...region.children]);
  new MutationObserver((changes) => changes.forEach((change) => hear([...change.addedNodes])))
    .observe(region, { childList: true, subtree: true, characterData: true });
};
requestAnimationFrame(listen);
"""


class Chat:
    """One page with the chat on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.launcher = page.locator("plainly-chat .launcher")
        self.panel = page.locator("plainly-chat .panel")
        self.field = page.get_by_label("Your message")
        self.messages = page.locator("plainly-chat li.message")
        self.theirs = page.locator("plainly-chat li.message.theirs")
        self.mine = page.locator("plainly-chat li.message.mine")
        self.connection = page.locator("plainly-chat .connection")

    def go(self, path: str = "/") -> Chat:
        """Load a page and wait for the launcher."""
        self.page.goto(self.url + path)
        expect(self.page.locator("plainly-chat .root")).to_be_attached()
        return self

    def open(self) -> Chat:
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def say(self, text: str) -> None:
        """Type and send, without waiting for anything."""
        self.field.fill(text)
        self.field.press("Enter")

    def ask(self, text: str) -> Locator:
        """Say something and wait for the next answer."""
        count = self.theirs.count()
        self.say(text)
        return self.answer(count + 1)

    def answer(self, number: int) -> Locator:
        """The answer with this number, counted from one; waits for it."""
        expect(self.theirs).to_have_count(number, timeout=30_000)
        return self.theirs.nth(number - 1)

    def texts(self) -> list[str]:
        """All bubbles, from the top."""
        return [bubble.inner_text() for bubble in self.page.locator("plainly-chat .message .bubble").all()]

    def spoken(self) -> list[str]:
        """Everything the live region was given, in order."""
        said: list[str] = self.page.evaluate("window.spoken")
        return said

    def focused(self) -> str:
        """What has the focus, inside the chat or on the page: its label or its text."""
        name: str = self.page.evaluate(
            """() => {
              let at = document.activeElement;
              while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
              return at.getAttribute("aria-label") || at.labels?.[0]?.textContent || at.textContent.trim();
            }"""
        )
        return name

    def kept(self, name: str) -> Any:
        """A value the widget keeps in the browser."""
        key = f"plainly:{self.url}:{name}"
        return self.page.evaluate("(key) => JSON.parse(localStorage.getItem(key))", key)
