"""Processes that die in mid-turn: nothing is lost, and nothing is answered twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from plainly.store import Store
from plainly.store.tables import TurnRow
from tests import web
from tests.gateway.console.desks import wait_until
from tests.gateway.processes import Customer, GatewayProcess, StandInRasa, running, two_gateways
from tests.store.databases import KINDS, drop_database, fresh_database

pytestmark = pytest.mark.slow


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    address = fresh_database(request.param, tmp_path)
    yield address
    drop_database(address)


def wait_for_call(rasa: StandInRasa, customer: Customer) -> None:
    end = time.monotonic() + 10
    while not rasa.calls(customer.id):
        assert time.monotonic() < end


def leases(database_url: str) -> list[tuple[str, str | None, float | None]]:
    """What is kept of each turn the bot owes: how it stands, whose it is, and until when."""
    store = Store(database_url)
    with store.read() as session:
        found = [(row.state, row.lease_by, row.lease_until) for row in session.scalars(select(TurnRow))]
    store.close()
    return found


def test_that_a_gateway_killed_in_mid_turn_answers_once_after_its_restart(
    database_url: str, rasa: StandInRasa, tmp_path: Path
) -> None:
    with running(GatewayProcess(database_url, rasa.url, tmp_path / "log")) as gateway:
        customer = Customer(gateway)
        customer.say("slow 1 first")
        customer.say("second")
        wait_for_call(rasa, customer)
        gateway.kill()
        gateway.restart()
        assert customer.texts("bot") == ["Turn 1: slow 1 first", "Turn 2: second"]
        assert customer.texts("customer") == ["slow 1 first", "second"]
        ids = [call["message_id"] for call in rasa.calls(customer.id)]
        assert len(ids) == 3
        assert ids[0] == ids[1]


def test_that_a_gateway_asked_to_end_hands_its_turn_on_at_once(
    database_url: str, rasa: StandInRasa, tmp_path: Path
) -> None:
    with running(GatewayProcess(database_url, rasa.url, tmp_path / "log")) as gateway:
        customer = Customer(gateway)
        customer.say("slow 2 hello")
        wait_for_call(rasa, customer)
        gateway.end()
        assert "Traceback" not in gateway.log()
        assert leases(database_url) == [("pending", None, None)]
        gateway.restart()
        assert customer.texts("bot") == ["Turn 1: slow 2 hello"]


def test_that_a_turn_that_kills_its_gateway_every_time_goes_to_a_person(rasa: StandInRasa, tmp_path: Path) -> None:
    database_url = fresh_database("sqlite", tmp_path)
    with running(GatewayProcess(database_url, rasa.url, tmp_path / "log")) as gateway:
        customer = Customer(gateway)
        customer.say("slow 4 poison")
        for tries in range(1, 5):
            while len(rasa.calls(customer.id)) < tries:
                time.sleep(0.05)
            gateway.kill()
            gateway.restart()
        state = customer.settled(30)
        assert state["owner"] == "queue"
        assert [message["status"] for message in state["messages"]] == [None, "error_engine"]


def test_that_rasa_down_is_told_within_fifteen_seconds_and_nothing_is_lost(tmp_path: Path) -> None:
    database_url = fresh_database("sqlite", tmp_path)
    with running(GatewayProcess(database_url, "http://127.0.0.1:1", tmp_path / "log")) as gateway:
        missing = web.get(f"{gateway.url}/readyz")
        assert missing.status_code == 503
        assert [part["what"] for part in missing.json()["error"]["details"]["missing"]] == ["rasa", "actions"]
        customer = Customer(gateway)
        started = time.monotonic()
        told = customer.ask("hello?")
        assert time.monotonic() - started < 15
        assert (told["status"], customer.look()["owner"]) == ("error_engine", "queue")
        assert customer.texts("customer") == ["hello?"]


def test_that_two_gateways_share_the_work_without_answering_twice(
    database_url: str, rasa: StandInRasa, tmp_path: Path
) -> None:
    with two_gateways(database_url, rasa.url, tmp_path) as (one, two):
        # More at once than one process takes: the other must help.
        customers = [Customer(one) for _ in range(20)]
        said = ["slow 2 0", *(f"slow 0.05 {number}" for number in range(1, 4))]

        def talk(customer: Customer) -> None:
            other = Customer(two, customer.id, customer.token)
            for number, words in enumerate(said):
                (customer if number % 2 else other).say(words)

        with ThreadPoolExecutor(len(customers)) as pool:
            list(pool.map(talk, customers))
        for customer in customers:
            expected = [f"Turn {number}: {words}" for number, words in enumerate(said, 1)]
            assert customer.texts("bot") == expected
            assert set(Counter(call["message_id"] for call in rasa.calls(customer.id)).values()) == {1}
        wait_until(lambda: all('"outcome": "done"' in gateway.log() for gateway in (one, two)))


def test_that_news_from_another_gateway_wakes_who_waits(database_url: str, rasa: StandInRasa, tmp_path: Path) -> None:
    with two_gateways(database_url, rasa.url, tmp_path) as (one, two):
        customer = Customer(one)
        reader = Customer(two, customer.id, customer.token)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(reader.look, 0, 20)
            time.sleep(0.5)
            started = time.monotonic()
            customer.say("hello")
            assert waiting.result()["messages"][0]["text"] == "hello"
            assert time.monotonic() - started < 15  # woken, long before its wait was over


def test_that_one_of_two_gateways_killed_leaves_its_turns_to_the_other(
    database_url: str, rasa: StandInRasa, tmp_path: Path
) -> None:
    with two_gateways(database_url, rasa.url, tmp_path) as (one, two):
        customers = [Customer(two) for _ in range(8)]
        for customer in customers:
            customer.say("slow 1")
        for customer in customers:
            wait_for_call(rasa, customer)
        one.kill()
        for customer in customers:
            assert customer.texts("bot") == ["Turn 1: slow 1"]
