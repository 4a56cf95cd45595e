"""Two host names: the desk on its own, the widget and the customer API on every other."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from plainly.gateway.staff.guard import COOKIE
from plainly.gateway.staff.host import host_name
from plainly.store import Store
from tests import web
from tests.gateway.processes import GatewayProcess, StandInRasa, running
from tests.gateway.staff.people import Desk

DESK, SHOP = "desk.shop.example", "shop.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hosts")


@pytest.fixture(scope="module")
def apart(folder: Path, rasa: StandInRasa) -> Iterator[GatewayProcess]:
    env = {"PLAINLY_DESK_HOST": "Desk.Shop.example"}
    with running(GatewayProcess(f"sqlite:///{folder / 'plainly.db'}", rasa.url, folder / "log", env)) as gateway:
        yield gateway


def status(gateway: GatewayProcess, host: str, path: str, method: str = "GET") -> int:
    return web.request(method, gateway.url + path, headers={"Host": host}).status_code


@pytest.mark.parametrize("path", ["/desk/sign-in", "/desk/settings", "/desk", "/api/v1/desk/me", "/static/desk/app.js"])
def test_that_the_desk_answers_on_its_own_host_only(apart: GatewayProcess, path: str) -> None:
    for host in (SHOP, f"{SHOP}:443", f"evil-{DESK}", f"{DESK}.evil.example", "127.0.0.1", ""):
        assert status(apart, host, path) == 404, host
    assert web.get(apart.url + "/desk/sign-in", headers={"Host": SHOP}).json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("host", [DESK, f"{DESK}:8000", DESK.upper(), f"{DESK}."])
def test_that_the_desk_is_found_at_its_host(apart: GatewayProcess, host: str) -> None:
    assert status(apart, host, "/desk/sign-in") == 200
    assert status(apart, host, "/desk/settings") == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/widget.js"),
        ("GET", "/static/widget/element.js"),
        ("POST", "/api/v1/conversations"),
        ("GET", "/api/v1/conversations/x/messages"),
        ("POST", "/api/v1/identity"),
    ],
)
def test_that_customers_are_served_on_every_other_host_only(apart: GatewayProcess, method: str, path: str) -> None:
    assert status(apart, DESK, path, method) == 404
    assert status(apart, SHOP, path, method) in (200, 201, 401, 422) or path == "/api/v1/identity"


@pytest.mark.parametrize("path", ["/healthz", "/policies", "/static/shared/pages.css", "/api/openapi.json"])
def test_that_both_sides_share_the_rest(apart: GatewayProcess, path: str) -> None:
    assert status(apart, DESK, path) == status(apart, SHOP, path) == 200


def test_that_the_desks_front_door_leads_to_the_desk(apart: GatewayProcess) -> None:
    answer = web.get(f"{apart.url}/", headers={"Host": DESK})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")


def test_that_live_connections_keep_to_their_host(apart: GatewayProcess, folder: Path) -> None:
    store = Store(f"sqlite:///{folder / 'plainly.db'}")
    with Desk(apart, store) as desk:
        for host, path in ((SHOP, "/api/v1/desk/live"), (DESK, "/api/v1/conversations/x/live")):
            address = f"ws://{host}{path}"
            with pytest.raises(InvalidStatus) as refused:
                connect(
                    address,
                    additional_headers={"Cookie": f"{COOKIE}={desk.token}"},
                    sock=socket.create_connection(("127.0.0.1", apart.port)),
                )
            assert refused.value.response.status_code == 403
    store.close()


def test_that_refusals_of_the_host_are_as_safe_as_any_answer(apart: GatewayProcess) -> None:
    headers = web.get(f"{apart.url}/desk/sign-in", headers={"Host": SHOP}).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize(("header", "name"), [("a.b:80", "a.b"), ("[::1]:80", "[::1]:80"), ("A.b.", "a.b"), ("", "")])
def test_that_a_host_is_read_without_its_port(header: str, name: str) -> None:
    assert host_name(header) == name
