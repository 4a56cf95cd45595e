"""Drafts and decisions for other help desks, opened by an API key."""

from __future__ import annotations

import json
import subprocess
import sys

import httpx
import pytest

from plainly.gateway.staff.guard import moment
from plainly.store import Store
from plainly.store.keys import make_key, revoke_key
from tests import web
from tests.gateway.processes import ROOT, GatewayProcess
from tests.gateway.suggesting.conftest import EnginePeer, Json

KETTLE = {"delivered_on": "2026-10-12", "condition": "unopened", "category": "general"}


@pytest.fixture
def key(tables: Store) -> str:
    with tables.write() as session:
        return make_key(session, "Other desk", "test", moment())[1]


def post(gateway: GatewayProcess, path: str, key: str, **body: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"}
    return web.post(f"{gateway.url}/api/v1/{path}", json=body, headers=headers, timeout=20)


def test_that_a_message_gets_drafts_and_a_memory_to_send_back(gateway: GatewayProcess, key: str) -> None:
    first = post(gateway, "suggest", key, text="!decide can I return my unopened kettle?").json()
    assert first["drafts"][0]["status"] == "asked_fact"
    then = post(gateway, "suggest", key, text="!decide it came 40 days ago", context=first["context"]).json()
    assert then["drafts"][0]["decision"]["outcome"] == "too_late"
    assert then["drafts"][0]["citations"] == [{"policy": "returns", "clause": "2.1"}]
    assert 1 <= len(then["drafts"]) <= 3


def test_that_facts_of_the_other_desk_count_as_records(gateway: GatewayProcess, key: str) -> None:
    found = post(gateway, "suggest", key, text="!decide can I return it? it came 3 days ago", facts=KETTLE).json()
    assert found["drafts"][0]["decision"]["outcome"] == "too_late"


def test_that_another_day_can_be_asked_about(gateway: GatewayProcess, key: str) -> None:
    asked = {"text": "!decide can I return it?", "facts": KETTLE, "as_of": "2026-10-20"}
    found = post(gateway, "suggest", key, **asked).json()
    assert found["drafts"][0]["decision"]["outcome"] == "accepted"


def test_that_what_no_policy_covers_is_said(gateway: GatewayProcess, key: str) -> None:
    found = post(gateway, "suggest", key, text="!answer do you sell helicopter engines to astronauts?").json()
    assert found["covered"] is False
    assert found["note"]


def test_that_a_decision_is_the_same_json_as_on_the_command_line(gateway: GatewayProcess, key: str) -> None:
    asked = {"decision": "returns.can_return", "facts": KETTLE, "as_of": "2026-11-21"}
    found = post(gateway, "decide", key, **asked)
    assert found.status_code == 200, found.text
    given = [f"{name}={value}" for name, value in KETTLE.items()]
    command = [sys.executable, "-m", "plainly.cli", "decide", "returns.can_return", *given]
    printed = subprocess.run(
        [*command, "--as-of", "2026-11-21", "--json"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.json() == json.loads(printed.stdout)


def test_that_missing_facts_are_asked_for(gateway: GatewayProcess, key: str) -> None:
    found: Json = post(gateway, "decide", key, decision="returns.can_return", facts={"category": "general"}).json()
    assert found["status"] == "asked_fact"
    assert found["asks"] in found["missing"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"decision": "nothing.at_all"}, 404, "unknown_policy"),
        ({"decision": "returns.nothing"}, 404, "unknown_decision"),
        ({"decision": "returns.can_return", "facts": {"nothing": 1}}, 422, "unknown_fact"),
        ({"decision": "returns.can_return", "facts": {"condition": "burnt"}}, 422, "wrong_value"),
        ({"decision": "returns.can_return", "facts": {"delivered_on": [1, 2]}}, 422, "wrong_value"),
        ({"decision": "returns.can_return", "facts": "none"}, 422, "wrong_request"),
        ({"decision": "returns.can_return", "as_of": "soon"}, 422, "wrong_request"),
        ({}, 422, "wrong_request"),
    ],
)
def test_that_a_wrong_request_is_told_what_is_wrong(
    gateway: GatewayProcess, key: str, body: Json, status: int, code: str
) -> None:
    refused = post(gateway, "decide", key, **body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code), refused.text


@pytest.mark.parametrize("context", [{"facts": 3}, {"awaiting": "rain"}, {"choices": [1]}, {"pushbacks": "many"}])
def test_that_a_memory_that_is_none_of_ours_is_refused(gateway: GatewayProcess, key: str, context: Json) -> None:
    refused = post(gateway, "suggest", key, text="hello", context=context)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "wrong_context")


@pytest.mark.parametrize("path", ["suggest", "decide"])
def test_that_without_a_key_nothing_opens(gateway: GatewayProcess, path: str) -> None:
    refused = post(gateway, path, "plainly_00000000_" + "x" * 43, text="hello", decision="returns.can_return")
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "wrong_key")
    bare = web.post(f"{gateway.url}/api/v1/{path}", json={"text": "hello"})
    assert bare.status_code == 401


def test_that_a_revoked_key_is_refused(gateway: GatewayProcess, tables: Store) -> None:
    with tables.write() as session:
        row, text = make_key(session, "Gone", "test", moment())
        revoke_key(session, row.id, moment())
    assert post(gateway, "decide", text, decision="returns.can_return").status_code == 401


def test_that_a_silent_assistant_is_said_to_be_silent(
    gateway: GatewayProcess, key: str, engine_peer: EnginePeer
) -> None:
    engine_peer.broken(True)
    try:
        refused = post(gateway, "suggest", key, text="!decide can I return it?")
    finally:
        engine_peer.broken(False)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "not_ready")
