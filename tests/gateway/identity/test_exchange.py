"""A token becomes one conversation, once, whichever process it comes to; the customer is vouched for."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from plainly.store import Store
from plainly.store.desk_tables import UsedTokenRow
from plainly.store.identity import forget_expired, use_once
from plainly.store.tables import ConversationRow, GrantRow
from tests import web
from tests.gateway.identity.shop import AUDIENCE, ISSUER, Shop
from tests.gateway.processes import ROOT, Customer, GatewayProcess, StandInRasa, two_gateways
from tests.store.databases import KINDS, drop_database, fresh_database

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)  # as the gateways believe


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("shop") / "keys.json")


@pytest.fixture(scope="module", params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    address = fresh_database(request.param, tmp_path_factory.mktemp("tables"))
    yield address
    drop_database(address)


@pytest.fixture(scope="module")
def gateways(
    database: str, shop: Shop, rasa: StandInRasa, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[GatewayProcess]]:
    """Two processes on one database."""
    logs = tmp_path_factory.mktemp("logs")
    env = {"PLAINLY_IDENTITY_KEYS": str(shop.path), "PLAINLY_IDENTITY_ISSUER": ISSUER}
    env |= {"PLAINLY_KB": str(ROOT / "policies_kb")}
    with two_gateways(database, rasa.url, logs, env) as pair:
        yield list(pair)


@pytest.fixture
def tables(database: str) -> Iterator[Store]:
    store = Store(database)
    yield store
    store.close()


def exchange(gateway: GatewayProcess, token: Any) -> httpx.Response:
    return web.post(f"{gateway.url}/api/v1/identity", json={"token": token}, timeout=20)


def test_that_a_token_opens_a_conversation_of_the_customer(
    gateways: list[GatewayProcess], shop: Shop, tables: Store, rasa: StandInRasa
) -> None:
    opened = exchange(gateways[0], shop.token(NOW, facts={"condition": "unopened"}))
    assert opened.status_code == 201
    assert set(opened.json()) == {"id", "token", "seq"}
    customer = Customer(gateways[0], opened.json()["id"], opened.json()["token"])
    customer.ask("hello")
    with tables.read() as session:
        row = session.get_one(ConversationRow, customer.id)
    assert (row.customer, row.customer_name) == ("c-1001", "Ada Finch")
    facts = rasa.calls(customer.id)[0]["metadata"]["case"]["facts"]
    assert facts["condition"] == {"value": "unopened", "source": "record", "said": "", "span": None}


def test_that_without_a_token_nobody_is_vouched_for(gateways: list[GatewayProcess], tables: Store) -> None:
    customer = Customer(gateways[0])
    with tables.read() as session:
        row = session.get_one(ConversationRow, customer.id)
    assert (row.customer, row.customer_name, row.facts) == (None, None, {})


def grants(tables: Store, customer: Customer) -> list[str]:
    with tables.read() as session:
        return list(session.scalars(select(GrantRow.lever).where(GrantRow.conversation_id == customer.id)))


def test_that_the_bot_grants_on_an_account_only_for_whom_it_is_vouched(
    gateways: list[GatewayProcess], shop: Shop, tables: Store, rasa: StandInRasa
) -> None:
    opened = exchange(gateways[0], shop.token(NOW)).json()
    for customer, allowed in (
        (Customer(gateways[0]), False),
        (Customer(gateways[0], opened["id"], opened["token"]), True),
    ):
        answer = customer.ask("greedy delivery.missed_day")
        left = rasa.calls(customer.id)[0]["metadata"]["case"]["levers_left"]
        assert left.get("delivery.missed_day", 1) == int(allowed)
        assert "returns.goodwill_days" not in left
        assert (answer["status"] == "error_engine") is not allowed
        assert grants(tables, customer) == (["missed_day"] if allowed else [])


@pytest.mark.parametrize("kid", ["hs", "rs", "ed"])
def test_that_a_token_is_taken_once_across_processes(gateways: list[GatewayProcess], shop: Shop, kid: str) -> None:
    token = shop.token(NOW, kid)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: exchange(gateways[number % 2], token), range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 7
    assert {answer.json()["error"]["details"]["why"] for answer in answers if answer.status_code == 401} == {"used"}


def test_that_a_refused_token_opens_nothing_and_is_not_used_up(
    gateways: list[GatewayProcess], shop: Shop, tables: Store
) -> None:
    def count() -> int:
        with tables.read() as session:
            return session.scalar(select(func.count()).select_from(ConversationRow)) or 0

    before = count()
    for token, why in [
        (shop.token(NOW, aud="elsewhere"), "wrong_audience"),
        (shop.token(NOW - timedelta(minutes=20)), "expired"),
        (shop.token(NOW, jti="again", facts={"colour": "red"}), "unknown_fact"),
        ("nonsense", "unreadable"),
    ]:
        answer = exchange(gateways[0], token)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "identity_refused")
        assert answer.json()["error"]["details"]["why"] == why
    assert count() == before
    assert exchange(gateways[0], shop.token(NOW, jti="again")).status_code == 201


@pytest.mark.parametrize("body", [{}, {"token": 7}, {"token": "x", "more": 1}, {"token": None}])
def test_that_a_body_of_another_shape_is_refused(gateways: list[GatewayProcess], body: Any) -> None:
    answer = web.post(f"{gateways[0].url}/api/v1/identity", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "wrong_request")


def test_that_rotated_keys_count_at_once_in_every_process(gateways: list[GatewayProcess], shop: Shop) -> None:
    try:
        shop.write("ed")
        for gateway in gateways:
            assert exchange(gateway, shop.token(NOW, "ed")).status_code == 201
            assert exchange(gateway, shop.token(NOW, "rs")).json()["error"]["details"]["why"] == "unknown_key"
    finally:
        shop.write()
    assert exchange(gateways[1], shop.token(NOW, "rs")).status_code == 201


def test_that_where_no_keys_are_set_up_nobody_is_vouched_for(gateway: GatewayProcess, shop: Shop) -> None:
    answer = exchange(gateway, shop.token(NOW))
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "identity_off")
    assert AUDIENCE not in answer.text


def test_that_tokens_that_ran_out_are_forgotten(tables: Store) -> None:
    with tables.write() as session:
        assert use_once(session, "old", NOW)
        assert use_once(session, "new\x00 \ud800", NOW + timedelta(minutes=5))
    with tables.write() as session:
        assert not use_once(session, "old", NOW)
        forget_expired(session, NOW + timedelta(minutes=1))
    with tables.write() as session:
        assert use_once(session, "old", NOW)
        assert not use_once(session, "new\x00 \ud800", NOW)
        left = session.scalars(select(UsedTokenRow.expires_at)).all()
    assert NOW + timedelta(minutes=5) in left
