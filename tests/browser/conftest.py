"""A browser, and a site to look at: the whole assistant, or a gateway whose bot says what the test needs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from plainly.run.stack import Stack
from plainly.store import Store
from tests.browser.chat import WATCH, Chat
from tests.browser.floor import Floor
from tests.gateway.processes import ROOT, GatewayProcess, StandInRasa, running
from tests.gateway.suggesting.conftest import NOW, EnginePeer

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def stack_env() -> Mapping[str, str]:
    """The same day as the conversations have, so that both share one assistant."""
    return {"PLAINLY_NOW": "2026-11-20T11:00:00", "PLAINLY_RATE_LIMIT": "0"}


@pytest.fixture(scope="session")
def scripted_database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the gateway with the scripted bot keeps its tables."""
    return f"sqlite:///{tmp_path_factory.mktemp('tables') / 'plainly.db'}"


@pytest.fixture(scope="session")
def scripted(tmp_path_factory: pytest.TempPathFactory, scripted_database: str) -> Iterator[GatewayProcess]:
    """The real gateway and pages, with a bot that answers "Turn 1: ..." or what the first word asks for."""
    folder = tmp_path_factory.mktemp("site")
    bot = StandInRasa()
    env = {"PLAINLY_KB": str(ROOT / "policies_kb")}
    with running(GatewayProcess(scripted_database, bot.url, folder / "log", env)) as gateway:
        yield gateway
    bot.end()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium; of one module, because tests of other folders want the event loop for themselves."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visits:
    """Opens pages, and knows at the end whether each behaved."""

    browser: Browser
    url: str
    strangers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def context(self, **options: Any) -> BrowserContext:
        """A fresh browser profile that is watched."""
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(15_000)
        context.add_init_script(WATCH)
        context.on("request", self._note)
        self.contexts.append(context)
        return context

    def page(self, context: BrowserContext | None = None, **options: Any) -> Page:
        page = (context or self.context(**options)).new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if "Content Security" in line.text else None)
        return page

    def chat(self, path: str = "/", context: BrowserContext | None = None, **options: Any) -> Chat:
        """A page of the site with its chat loaded, still closed."""
        return Chat(self.page(context, **options), self.url).go(path)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.strangers.append(request.url)

    def end(self) -> None:
        violations = [
            found
            for context in self.contexts
            for page in context.pages
            if page.url.startswith(self.url)
            for found in page.evaluate("window.violations ?? []")
        ]
        for context in self.contexts:
            context.close()
        assert self.errors == []
        assert violations == []
        assert self.strangers == []


@pytest.fixture
def visits(chromium: Browser, scripted: GatewayProcess) -> Iterator[Visits]:
    """Pages of the gateway with the scripted bot. At the end: no errors, no foreign requests, no breach of CSP."""
    visits = Visits(chromium, scripted.url)
    yield visits
    visits.end()


@pytest.fixture
def live_visits(chromium: Browser, stack: Stack) -> Iterator[Visits]:
    """Pages of the whole assistant, with the same check at the end."""
    visits = Visits(chromium, stack.url)
    yield visits
    visits.end()


@pytest.fixture
def chat(visits: Visits) -> Chat:
    """The shop with its chat open, and the scripted bot behind it."""
    return visits.chat().open()


@pytest.fixture(scope="session")
def desk_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[GatewayProcess, Store]]:
    """A gateway of its own for the desk, with the real engine as its bot; and its tables."""
    folder = tmp_path_factory.mktemp("desk")
    address = f"sqlite:///{folder / 'plainly.db'}"
    bot = EnginePeer()
    env = {"PLAINLY_KB": str(ROOT / "policies_kb"), "PLAINLY_NOW": NOW}
    with running(GatewayProcess(address, bot.url, folder / "log", env)) as gateway:
        tables = Store(address)
        yield gateway, tables
        tables.close()
    bot.end()


@pytest.fixture
def floor(chromium: Browser, desk_gateway: tuple[GatewayProcess, Store]) -> Iterator[Floor]:
    """Agents at consoles and customers in line. At the end: no errors, no foreign requests, no breach of CSP."""
    floor = Floor(chromium, *desk_gateway)
    yield floor
    floor.end()


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """Keeps a screenshot of a page under var/test/screens/, to look at."""

    def keep(page: Page, name: str) -> Path:
        path = ROOT / "var" / "test" / "screens" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path)
        return path

    return keep
