"""A gateway whose Rasa is the real engine, on the shipped folder, with customers, staff and conversations in hand."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from plainly.store import Store
from plainly.store.tables import ConversationRow
from tests import web
from tests.gateway.processes import ROOT, Customer, GatewayProcess, running
from tests.gateway.staff.people import Desk
from tests.store.databases import KINDS, drop_database, fresh_database

NOW = "2026-11-21T11:00"  # a Saturday, and people are there
TOO_LATE = "!decide I got a kettle 40 days ago, it is still in its box, can I return it?"
IN_TIME = "!decide I got a kettle 10 days ago, it is still in its box, can I return it?"

Json = dict[str, Any]


class EnginePeer:
    """The engine behind Rasa's wire, in a process of its own."""

    def __init__(self) -> None:
        script = Path(__file__).parent / "engine_peer.py"
        command = [sys.executable, str(script), str(ROOT / "policies_kb"), str(ROOT / "var" / "cache")]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def calls(self, sender: str) -> list[Json]:
        """What it was asked about one conversation, drafts too."""
        found: list[Json] = web.get(f"{self.url}/calls", params={"sender": sender}).json()
        return found

    def drafts(self, sender: str) -> list[Json]:
        return [call for call in self.calls(sender) if call["sender"].endswith("~draft")]

    def broken(self, yes: bool) -> None:
        web.get(f"{self.url}/broken?{'yes' if yes else 'no'}")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


@pytest.fixture(scope="session")
def engine_peer() -> Iterator[EnginePeer]:
    peer = EnginePeer()
    yield peer
    peer.end()


@pytest.fixture(scope="session", params=KINDS)
def desk_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    address = fresh_database(request.param, tmp_path_factory.mktemp("desk"))
    yield address
    drop_database(address)


@pytest.fixture(scope="session")
def gateway(
    desk_database: str, engine_peer: EnginePeer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayProcess]:
    log = tmp_path_factory.mktemp("suggesting") / "log"
    env = {"PLAINLY_KB": str(ROOT / "policies_kb"), "PLAINLY_NOW": NOW}
    with running(GatewayProcess(desk_database, engine_peer.url, log, env)) as gateway:
        yield gateway


@pytest.fixture
def tables(desk_database: str, gateway: GatewayProcess) -> Iterator[Store]:
    assert gateway.process.poll() is None
    store = Store(desk_database)
    yield store
    store.close()


@dataclass
class Case:
    """One conversation that a member of staff has."""

    customer: Customer
    desk: Desk
    tables: Store

    @property
    def path(self) -> str:
        return f"/api/v1/desk/conversations/{self.customer.id}"

    def row(self) -> ConversationRow:
        with self.tables.read() as session:
            return session.get_one(ConversationRow, self.customer.id)

    def suggestions(self, desk: Desk | None = None, seq: int | None = None) -> Json:
        found = (desk or self.desk).get(f"{self.path}/suggestions", params={"for": seq} if seq else {})
        assert found.status_code == 200, found.text
        shown: Json = found.json()
        return shown

    def send(self, text: str, **given: Any) -> httpx.Response:
        body = {"id": uuid4().hex, "text": text, "epoch": self.row().epoch, **given}
        return self.desk.post(f"{self.path}/messages", json=body)

    def levers(self, desk: Desk | None = None) -> dict[str, Json]:
        found = (desk or self.desk).get(f"{self.path}/levers")
        assert found.status_code == 200, found.text
        return {lever["lever"]: lever for lever in found.json()["levers"]}

    def grant(self, lever: str, policy: str = "returns", desk: Desk | None = None, **given: Any) -> httpx.Response:
        body = {"id": uuid4().hex, "policy": policy, "lever": lever, "reason": "They were in hospital.", **given}
        return (desk or self.desk).post(f"{self.path}/grants", json=body)


class People:
    """Staff and customers of one test; their connections end with it."""

    def __init__(self, gateway: GatewayProcess, tables: Store) -> None:
        self.gateway = gateway
        self.tables = tables
        self._desks: list[Desk] = []

    def desk(self, role: str = "agent") -> Desk:
        self._desks.append(Desk(self.gateway, self.tables, role))
        return self._desks[-1]

    def taken(self, *said: str, desk: Desk | None = None, known_as: str = "") -> Case:
        """A customer who said this to the bot, asked for a person, and was taken up."""
        customer = Customer(self.gateway)
        if known_as:
            with self.tables.write() as session:
                session.get_one(ConversationRow, customer.id).customer = known_as
        for text in said:
            customer.ask(text)
        customer.ask("!hand_over A person please")
        case = Case(customer, desk or self.desk(), self.tables)
        claimed = case.desk.post(f"{case.path}/claim", json={"epoch": case.row().epoch})
        assert claimed.status_code == 200, claimed.text
        return case

    def end(self) -> None:
        for desk in self._desks:
            desk.close()


@pytest.fixture
def people(gateway: GatewayProcess, tables: Store) -> Iterator[People]:
    found = People(gateway, tables)
    yield found
    found.end()


@pytest.fixture
def case(people: People) -> Case:
    """A kettle that came 40 days ago and was told to be too late; a person has it now."""
    return people.taken(TOO_LATE)
