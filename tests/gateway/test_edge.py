"""The outermost layer: headers, limits, other websites, health."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from plainly.gateway.app import create_app
from plainly.gateway.limits import visitor
from plainly.gateway.problems import STATUS
from plainly.gateway.text import clean_text, close_directions
from tests import web
from tests.gateway.processes import ROOT, Customer, GatewayProcess, StandInRasa, running
from tests.store.databases import fresh_database


@pytest.mark.parametrize("path", ["/healthz", "/api/openapi.json", "/nope", "/api/v1/conversations/x/messages"])
def test_that_every_answer_keeps_browsers_safe(gateway: GatewayProcess, path: str) -> None:
    headers = web.get(gateway.url + path).headers
    policy = headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers.get("cache-control", "no-store" if not path.startswith("/api/") else "") == "no-store"


def test_that_it_says_when_it_lives_and_when_it_can_answer(gateway: GatewayProcess) -> None:
    assert web.get(f"{gateway.url}/healthz").json() == {"alive": True}
    assert web.get(f"{gateway.url}/readyz").json() == {"ready": True}


def test_that_prometheus_can_read_the_figures(gateway: GatewayProcess, customer: Customer) -> None:
    customer.ask("hello")
    figures = web.get(f"{gateway.url}/metrics").text
    for name in ("plainly_messages_total", "plainly_turn_seconds_bucket", "plainly_waiting", 'outcome="done"'):
        assert name in figures


@pytest.fixture(scope="module")
def strict_gateway(rasa: StandInRasa, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    folder = tmp_path_factory.mktemp("strict")
    env = {"PLAINLY_RATE_LIMIT": "0.01", "PLAINLY_ALLOWED_ORIGINS": "https://shop.example"}
    with running(GatewayProcess(fresh_database("sqlite", folder), rasa.url, folder / "log", env)) as gateway:
        yield gateway


def test_that_a_flood_is_told_how_long_to_wait(strict_gateway: GatewayProcess) -> None:
    customer = Customer(strict_gateway)
    answers = [customer.post(text=f"message {number}") for number in range(8)]
    refused = answers[-1]
    assert (answers[0].status_code, refused.status_code) == (202, 429)
    assert refused.json()["error"]["code"] == "too_many"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["error"]["message"].startswith("That's a lot of messages at once. Please wait ")


def preflight(gateway: GatewayProcess, origin: str) -> httpx.Response:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    return web.options(f"{gateway.url}/api/v1/conversations", headers=headers)


def test_that_only_listed_websites_may_embed_the_widget(strict_gateway: GatewayProcess) -> None:
    allowed = preflight(strict_gateway, "https://shop.example")
    assert allowed.headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-credentials" not in allowed.headers
    for origin in ("https://evil.example", "https://shop.example.evil.example", "null"):
        assert "access-control-allow-origin" not in preflight(strict_gateway, origin).headers


def test_that_an_error_too_can_be_read_by_a_listed_website(strict_gateway: GatewayProcess) -> None:
    big = b'{"id": "m", "text": "' + b"x" * 100_000 + b'"}'
    headers = {"Origin": "https://shop.example", "Content-Type": "application/json"}
    answer = web.post(f"{strict_gateway.url}/api/v1/conversations/x/messages", content=big, headers=headers)
    assert answer.status_code == 413
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"


@pytest.mark.parametrize("code", STATUS)
def test_that_every_error_code_is_described(code: str) -> None:
    assert f"`{code}`" in (ROOT / "docs" / "api.md").read_text()


async def test_that_an_error_nobody_foresaw_tells_a_number_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLAINLY_VAR", str(tmp_path))
    app = create_app()

    @app.get("/breaks")
    async def breaks() -> None:
        raise RuntimeError("a secret")

    async with web.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answer = await client.get("/breaks")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (500, "internal")
    assert "content-security-policy" in answer.headers
    assert "secret" not in answer.text
    assert error["message"] == "Something went wrong on our side. Please try again."
    logged = capsys.readouterr().out
    assert error["details"]["incident"] in logged
    assert "a secret" in logged


@pytest.mark.parametrize(
    ("host", "who"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("testclient", "testclient"),
        (None, "unknown"),
    ],
)
def test_that_a_limit_counts_addresses_and_households(host: str | None, who: str) -> None:
    assert visitor(host) == who


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("plain", "plain"),
        ("\u202a\u202b", "\u202a\u202b\u202c\u202c"),
        ("\u2066a\u2069b\u2069", "\u2066a\u2069b\u2069"),
        ("\u2067\u202a\u2069x", "\u2067\u202a\u2069x"),
        ("\u202ea\nb", "\u202ea\u202c\nb"),
    ],
    ids=ascii,
)
def test_that_direction_marks_end_with_their_line(text: str, closed: str) -> None:
    assert close_directions(text) == closed


def test_that_cleaning_twice_changes_nothing_more() -> None:
    once = clean_text(" \u202eA\u0301\x07 \r\n b ")
    assert clean_text(once) == once
