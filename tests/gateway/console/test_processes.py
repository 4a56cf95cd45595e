"""Two gateways and one database: agents and customers at either, and one of them killed in the middle."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from plainly.desk import agent_of
from plainly.gateway.staff.guard import COOKIE
from plainly.store import Store
from plainly.store.desk_tables import HandlingRow
from plainly.store.tables import ConversationRow, MessageRow
from tests import web
from tests.gateway.console.desks import API, Agent, console, in_queue, wait_until
from tests.gateway.processes import Customer, GatewayProcess, Json, StandInRasa, two_gateways
from tests.gateway.test_live import line
from tests.store.databases import KINDS, drop_database, fresh_database

pytestmark = pytest.mark.slow


@dataclass
class Pair:
    """Two gateways on one database, its tables, and the staff hired there."""

    one: GatewayProcess
    two: GatewayProcess
    store: Store
    hired: list[Agent] = field(default_factory=list)

    def hire(self, gateway: GatewayProcess, name: str = "Sam", **given: Any) -> Agent:
        self.hired.append(Agent(gateway, self.store, name=name, **given))
        return self.hired[-1]


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    address = fresh_database(request.param, tmp_path)
    yield address
    drop_database(address)


@pytest.fixture
def env() -> dict[str, str]:
    return {}


@pytest.fixture
def pair(database_url: str, rasa: StandInRasa, tmp_path: Path, env: dict[str, str]) -> Iterator[Pair]:
    with two_gateways(database_url, rasa.url, tmp_path, env) as (one, two):
        store = Store(database_url)
        pair = Pair(one, two, store)
        yield pair
        for agent in pair.hired:
            agent.close()
        store.close()


def persist(tries: Sequence[Callable[[], httpx.Response]], seconds: float = 30) -> httpx.Response:
    """What a good client does: the same request again, at another process when one is gone."""
    end = time.monotonic() + seconds
    while True:
        for attempt in tries:
            try:
                answer = attempt()
            except httpx.TransportError:
                continue
            if answer.status_code < 500:
                return answer
        assert time.monotonic() < end, "no process answers"
        time.sleep(0.05)


def post(url: str, body: Json, headers: dict[str, str], cookies: dict[str, str] | None = None) -> httpx.Response:
    return web.post(url, json=body, headers=headers, cookies=cookies, timeout=10)


def customer_talks(customer: Customer, gateways: list[GatewayProcess], count: int) -> None:
    for number in range(count):
        body = {"id": f"c{number}", "text": f"customer {number}"}
        path = f"/api/v1/conversations/{customer.id}/messages"
        tries = [partial(post, gateway.url + path, body, customer.headers) for gateway in gateways]
        assert persist(tries).status_code == 202
        time.sleep(0.02)


def agent_talks(agent: Agent, customer: Customer, gateways: list[GatewayProcess], count: int) -> None:
    """Claims the conversation and writes, whatever happens to the processes."""
    for number in range(-1, count):
        claims = number < 0
        body: Json = {"epoch": 1} if claims else {"epoch": 2, "id": f"a{number}", "text": f"agent {number}"}
        path = f"{API}/conversations/{customer.id}/{'claim' if claims else 'messages'}"
        headers, cookies = {"X-CSRF": agent.csrf}, {COOKIE: agent.token}
        tries = [partial(post, gateway.url + path, body, headers, cookies) for gateway in gateways]
        answer = persist(tries)
        assert answer.is_success, answer.text
        time.sleep(0.02)


def said(store: Store, customer: Customer, author: str) -> list[str]:
    with store.read() as session:
        query = select(MessageRow.body).where(
            MessageRow.conversation_id == customer.id, MessageRow.author_kind == author, MessageRow.kind == "text"
        )
        return list(session.scalars(query.order_by(MessageRow.seq)))


def listen(customer: Customer, gateway: GatewayProcess, heard: list[Json], done: Event) -> None:
    """A customer's screen: over a socket at the gateway that stays."""
    with line(Customer(gateway, customer.id, customer.token), {"token": customer.token, "after": 0}) as socket:
        while not done.is_set():
            try:
                frame = json.loads(socket.recv(0.2))
            except TimeoutError:
                continue
            heard += frame.get("messages", [])


@pytest.mark.timeout(240)
def test_that_a_gateway_killed_among_talking_agents_and_customers_loses_and_doubles_nothing(pair: Pair) -> None:
    customers = [in_queue(pair.one) for _ in range(5)]
    agents = [pair.hire((pair.one, pair.two)[number % 2], f"Agent {number}") for number in range(5)]
    done, screens = Event(), [list[Json]() for _ in customers]
    with ThreadPoolExecutor(20) as pool:
        seen = [pool.submit(listen, who, pair.two, screens[at], done) for at, who in enumerate(customers)]
        work = [pool.submit(customer_talks, who, [pair.one, pair.two], 25) for who in customers]
        pairs = zip(agents, customers, strict=True)
        work += [pool.submit(agent_talks, agent, who, [pair.one, pair.two], 25) for agent, who in pairs]
        time.sleep(0.6)
        pair.one.kill()
        for job in work:
            job.result(120)
        time.sleep(1.5)
        done.set()
        for job in seen:
            job.result(10)
    for at, (agent, customer) in enumerate(zip(agents, customers, strict=True)):
        assert said(pair.store, customer, "customer") == ["escalate asked", *(f"customer {n}" for n in range(25))]
        assert said(pair.store, customer, "agent") == [f"agent {n}" for n in range(25)]
        assert len(said(pair.store, customer, "bot")) == 1
        with pair.store.read() as session:
            row = session.get_one(ConversationRow, customer.id)
            shown = select(MessageRow).where(MessageRow.conversation_id == customer.id).order_by(MessageRow.seq)
            rows = list(session.scalars(shown))
        assert (row.owner, row.epoch) == (f"agent:{agent.id}", 2)
        assert [one.seq for one in rows] == list(range(1, row.seq + 1))
        assert [one["seq"] for one in screens[at]] == [one.seq for one in rows]
        assert [one.kind for one in rows].count("notice") <= 2


@pytest.mark.timeout(240)
def test_that_what_was_begun_at_a_killed_gateway_goes_on_at_the_other(pair: Pair, rasa: StandInRasa) -> None:
    customer, agent = in_queue(pair.one), pair.hire(pair.one)
    agent.does(customer.id, "claim")
    asked = Customer(pair.one)
    asked.say("slow 1.5 first")
    wait_until(lambda: bool(rasa.calls(asked.id)))
    elsewhere = pair.hire(pair.two, staff=agent.staff)
    elsewhere.does(asked.id, "claim")
    pair.one.kill()
    elsewhere.writes(customer.id, "still here")
    assert Customer(pair.two, customer.id, customer.token).look()["messages"][-1]["text"] == "still here"
    elsewhere.does(asked.id, "hand-back")
    there = Customer(pair.two, asked.id, asked.token)
    assert there.texts("bot") == ["Turn 1: slow 1.5 first"]


def test_that_words_typing_and_presence_cross_from_one_gateway_to_the_other(pair: Pair) -> None:
    sam, ann = pair.hire(pair.one, "Sam"), pair.hire(pair.two, "Ann")
    with ExitStack() as opened:
        desk = opened.enter_context(console(sam))
        other = opened.enter_context(console(ann))
        desk.until(lambda seen: seen.staff[ann.id]["present"])
        customer = in_queue(pair.two)
        desk.until(lambda seen: customer.id in seen.items)
        sam.does(customer.id, "claim")
        other.until(lambda seen: (seen.items.get(customer.id, {}).get("agent") or {}).get("name") == "Sam")
        screen = opened.enter_context(line(customer, {"token": customer.token, "after": 99}))
        desk.send(type="typing", conversation=customer.id)
        other.until(lambda seen: seen.items[customer.id]["typing"]["staff"] == ["Sam"])
        while not json.loads(screen.recv(10))["typing"]:
            pass
        screen.send(json.dumps({"after": 0}))
        sam.writes(customer.id, "hello from afar")
        while "hello from afar" not in str(json.loads(screen.recv(10)).get("messages")):
            pass


def test_that_a_conversation_wakes_once_with_two_desks_at_work(pair: Pair) -> None:
    agent = pair.hire(pair.one)
    customers = [in_queue(pair.one) for _ in range(6)]
    for customer in customers:
        agent.does(customer.id, "claim")
        agent.does(customer.id, "snooze", until="2026-11-26T10:30:00+00:00")
    with pair.store.write() as session:
        for row in session.scalars(select(ConversationRow)):
            assert row.snoozed_until is not None
            row.snoozed_until -= timedelta(days=3)
    wait_until(lambda: agent.listed("snoozed") == [])
    time.sleep(1.2)
    with pair.store.read() as session:
        woken = Counter(session.scalars(select(HandlingRow.conversation_id).where(HandlingRow.what == "woken")))
    assert woken == {customer.id: 1 for customer in customers}


def owners(store: Store, customers: list[Customer]) -> Counter[str | None]:
    with store.read() as session:
        return Counter(agent_of(session.get_one(ConversationRow, one.id).owner) for one in customers)


class TestRoundRobin:
    """The desk assigns by itself."""

    @pytest.fixture
    def env(self) -> dict[str, str]:
        return {"PLAINLY_ASSIGN": "round_robin"}

    def test_that_waiting_conversations_go_round_those_who_are_there_within_their_capacity(self, pair: Pair) -> None:
        there = [pair.hire(pair.one, f"Agent {n}", capacity=2) for n in range(3)]
        absent, off = (pair.hire(pair.two, name, capacity=2) for name in ("Absent", "Off"))
        for agent in (*there, absent):
            agent.post(f"{API}/me", json={"available": True})
        with ExitStack() as opened:
            desks = [opened.enter_context(console(agent)) for agent in (*there, off)]
            with ThreadPoolExecutor(4) as pool:
                customers = list(pool.map(lambda number: in_queue((pair.one, pair.two)[number % 2]), range(8)))
            wait_until(lambda: owners(pair.store, customers)[None] == 2)
            time.sleep(1.2)
            found = owners(pair.store, customers)
            assert (found.pop(None), found) == (2, {agent.id: 2 for agent in there})
            waits = [one for one in customers if one.look()["owner"] == "queue"]
            assert sorted(one.look()["queue"]["place"] for one in waits) == [1, 2]
            mine = there[0].listed("mine")
            told = next(one for one in customers if one.id == mine[0])
            assert told.look()["messages"][-1]["text"].startswith("Agent 0 from our team has your conversation now")
            there[0].does(mine[0], "resolve")
            wait_until(lambda: owners(pair.store, waits)[None] == 1)
            desks[0].until(lambda seen: len([i for i in seen.items.values() if i["owner"] == "queue"]) == 1)
        with pair.store.read() as session:
            assigned = Counter(
                session.scalars(select(HandlingRow.conversation_id).where(HandlingRow.what == "assigned"))
            )
        assert set(assigned.values()) == {1}

    def test_that_who_switches_on_is_given_what_waits(self, pair: Pair) -> None:
        customer, agent = in_queue(pair.one), pair.hire(pair.two)
        with console(agent) as desk:
            assert customer.look()["owner"] == "queue"
            agent.post(f"{API}/me", json={"available": True})
            desk.until(lambda seen: (seen.items.get(customer.id, {}).get("agent") or {}).get("id") == agent.id)
