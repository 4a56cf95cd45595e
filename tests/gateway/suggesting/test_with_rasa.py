"""With the real Rasa and the real actions: what staff are suggested is what the bot would have said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from plainly.gateway.staff.guard import moment
from plainly.run.stack import Stack
from plainly.store import Store
from plainly.store.keys import make_key
from tests import web
from tests.conversations.customer import Customer
from tests.gateway.staff.people import Desk

pytestmark = pytest.mark.stack

SAID = (
    "I bought a kettle 3 days ago and never opened it, can I send it back?",
    "How long do I have to return something?",
    "Can I cancel my coffee box?",
)


@pytest.fixture
def store(stack: Stack) -> Iterator[Store]:
    store = Store(stack.env.get("PLAINLY_DATABASE_URL") or f"sqlite:///{Path(stack.env['PLAINLY_VAR']) / 'plainly.db'}")
    yield store
    store.close()


def suggested(stack: Stack, store: Store, text: str) -> dict[str, Any]:
    with Customer(stack.url) as customer, Desk(stack, store) as desk:  # type: ignore[arg-type]
        customer.send({"text": "I want to talk to a human"})
        customer.hear()
        path = f"/api/v1/desk/conversations/{customer.path.split('/')[4]}"
        item = desk.get(path).json()["item"]
        desk.post(f"{path}/claim", json={"epoch": item["epoch"]}).raise_for_status()
        customer.send({"text": text})
        answer = desk.get(f"{path}/suggestions")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.mark.parametrize("text", SAID)
def test_that_bot_and_draft_agree(stack: Stack, store: Store, text: str) -> None:
    with Customer(stack.url) as customer:
        customer.send({"text": text})
        (answer,) = customer.hear()
    first = suggested(stack, store, text)["drafts"][0]
    assert first["status"] == answer["status"]
    assert first["citations"] == answer["citations"]
    assert (first["receipt"] or {}).get("outcome") == (answer["receipt"] or {}).get("outcome")


def test_that_another_desk_gets_the_same_draft(stack: Stack, store: Store) -> None:
    with store.write() as session:
        _, key = make_key(session, uuid4().hex, "test", moment())
    headers = {"Authorization": f"Bearer {key}"}
    asked = web.post(f"{stack.url}/api/v1/suggest", json={"text": SAID[0]}, headers=headers, timeout=20)
    assert asked.status_code == 200, asked.text
    assert asked.json()["drafts"][0]["text"] == suggested(stack, store, SAID[0])["drafts"][0]["text"]
