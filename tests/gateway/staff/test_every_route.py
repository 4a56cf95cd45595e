"""Every route of the desk, whoever wrote it: it names a role, and refuses everybody below it.

The routes are read from the application itself, so that one added later without a guard fails here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from plainly.gateway.app import create_app
from plainly.gateway.staff.guard import COOKIE, Agent, Require, Role
from plainly.store import Store
from plainly.store.staff import ROLES
from tests import web
from tests.gateway.processes import GatewayProcess
from tests.gateway.staff.people import Desk

OPEN_TO_ALL = {("GET", "/desk/sign-in"), ("POST", "/desk/sign-in")}
"""Where nobody can be signed in yet. Nothing else belongs here."""

OWNERS_ONLY = ("/desk/staff", "/desk/keys")
SUPERVISORS = ("/desk/reports", "/desk/voice")
REFUSALS = ("not_signed_in", "not_allowed", "csrf")
SOCKET = "WEBSOCKET"
SAFE = ("GET", "HEAD", SOCKET)


@dataclass(frozen=True)
class Route:
    """One way in, and the role it names; None where it names none."""

    method: str
    path: str
    role: Role | None

    @property
    def address(self) -> str:
        return re.sub(r"\{[^}]+\}", "0", self.path)


def desk_routes(app: FastAPI) -> list[Route]:
    """All ways into the desk that the application knows."""
    found = []
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        if not f"{path.removeprefix('/api/v1')}/".startswith("/desk/"):
            continue
        roles = [guard.role for guard in guards(getattr(route, "dependant", None))]
        role = max(roles, key=ROLES.index, default=None)
        methods = sorted(getattr(route, "methods", None) or [SOCKET])
        found += [Route(method, path, role) for method in methods if (method, path) not in OPEN_TO_ALL]
    return found


def guards(dependant: Dependant | None) -> Iterator[Require]:
    """Every guard a route passes, however deep."""
    for one in dependant.dependencies if dependant else ():
        if isinstance(one.call, Require):
            yield one.call
        yield from guards(one)


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[Route]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAINLY_VAR", str(tmp_path_factory.mktemp("routes")))
        return desk_routes(create_app())


@pytest.fixture
def somebody(gateway: GatewayProcess, tables: Store) -> Iterator[Callable[[Role], Desk]]:
    """A member of staff at a fresh browser, each time it is called."""
    opened: list[Desk] = []

    def of(role: Role) -> Desk:
        opened.append(Desk(gateway, tables, role))
        return opened[-1]

    yield of
    for one in opened:
        one.close()


def ask(client: httpx.Client, route: Route) -> str:
    """The code of the refusal, or what came instead."""
    sends = route.method not in SAFE and route.path.startswith("/api/")
    answer = client.request(route.method, route.address, json={} if sends else None)
    try:
        return str(answer.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return str(answer.status_code)


def open_socket(gateway: GatewayProcess, route: Route, desk: Desk | None, origin: str | None = None) -> bool:
    headers = {"Cookie": f"{COOKIE}={desk.token}"} if desk else {}
    address = gateway.url.replace("http", "ws") + route.address
    try:
        with connect(address, additional_headers=headers, origin=origin):  # type: ignore[arg-type]
            return True
    except InvalidStatus:
        return False


def test_that_every_route_of_the_desk_names_a_role(routes: list[Route]) -> None:
    assert len(routes) >= 14
    assert [f"{one.method} {one.path}" for one in routes if one.role is None] == []


def test_that_a_route_without_a_guard_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINLY_VAR", str(tmp_path))
    app, late = create_app(), APIRouter(prefix="/api/v1/desk")

    @late.get("/secrets")
    async def secrets() -> None:
        """Nobody is asked who they are."""

    @late.websocket("/listen")
    async def listen() -> None:
        """Nor here."""

    @late.get("/known")
    async def known(staff: Agent) -> None:
        """Here they are."""

    app.include_router(late)
    app.mount("/desk/files", FastAPI())
    open_ways = {(one.method, one.path) for one in desk_routes(app) if one.role is None}
    assert open_ways == {("GET", "/api/v1/desk/secrets"), (SOCKET, "/api/v1/desk/listen"), (SOCKET, "/desk/files")}


def test_that_accounts_keys_and_reports_are_not_for_agents(routes: list[Route]) -> None:
    for one in routes:
        if f"{one.path}/".startswith(tuple(f"{path}/" for path in OWNERS_ONLY)):
            assert one.role == "owner", one
        if f"{one.path}/".startswith(tuple(f"{path}/" for path in SUPERVISORS)):
            assert one.role in ("supervisor", "owner"), one


def test_that_nobody_comes_in_without_signing_in(gateway: GatewayProcess, routes: list[Route]) -> None:
    with web.Client(base_url=gateway.url) as stranger:
        answers = {one: ask(stranger, one) for one in routes if one.method != SOCKET}
    assert {one: code for one, code in answers.items() if code != "not_signed_in"} == {}


def test_that_a_made_up_cookie_opens_nothing(gateway: GatewayProcess, routes: list[Route]) -> None:
    with web.Client(base_url=gateway.url, cookies={COOKIE: "x" * 43}, headers={"X-CSRF": "x"}) as stranger:
        answers = {one: ask(stranger, one) for one in routes if one.method != SOCKET}
    assert {one: code for one, code in answers.items() if code != "not_signed_in"} == {}


@pytest.mark.parametrize("role", ROLES)
def test_that_a_role_is_refused_what_is_above_it_and_nothing_else(
    somebody: Callable[[Role], Desk], routes: list[Route], role: Role
) -> None:
    wrong, desk = {}, somebody(role)
    for one in (one for one in routes if one.method != SOCKET and one.role):
        code = ask(desk, one)
        desk = somebody(role) if one.path.endswith("/sign-out") else desk
        is_allowed = ROLES.index(role) >= ROLES.index(one.role or "owner")
        if is_allowed and (code in REFUSALS or code.startswith("5") or code == "internal"):
            wrong[one] = code
        if not is_allowed and code != "not_allowed":
            wrong[one] = code
    assert wrong == {}


def test_that_nothing_is_changed_without_the_token_of_our_own_page(
    somebody: Callable[[Role], Desk], routes: list[Route]
) -> None:
    wrong = {}
    for given in (None, "", "x" * 43):
        owner = somebody("owner")
        del owner.headers["X-CSRF"]
        if given is not None:
            owner.headers["X-CSRF"] = given
        for one in (one for one in routes if one.method not in SAFE):
            if (code := ask(owner, one)) != "csrf":
                wrong[one, given] = code
    assert wrong == {}


def test_that_a_live_connection_is_refused_to_strangers_and_to_other_websites(
    gateway: GatewayProcess, somebody: Callable[[Role], Desk], routes: list[Route]
) -> None:
    for one in (one for one in routes if one.method == SOCKET):
        staff = somebody(one.role or "owner")
        assert not open_socket(gateway, one, None)
        for origin in ("https://evil.example", "null", gateway.url.replace("127.0.0.1", "localhost")):
            assert not open_socket(gateway, one, staff, origin)
        assert open_socket(gateway, one, staff, gateway.url)
