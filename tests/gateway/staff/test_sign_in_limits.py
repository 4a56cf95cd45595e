"""How often one may try to sign in, in one process and in several."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from plainly.gateway.staff.guard import moment
from plainly.store import Store
from plainly.store.desk_tables import SignInRow
from plainly.store.sign_ins import MOST_PER_ADDRESS, MOST_PER_LOGIN, WINDOW
from tests import web
from tests.gateway.processes import GatewayProcess, StandInRasa, running
from tests.gateway.staff.people import PASSWORD, Desk, change, fail, is_in, make_staff, message, sign_in, somewhere


def test_that_ten_wrong_tries_are_enough_for_a_quarter_of_an_hour(gateway: GatewayProcess, tables: Store) -> None:
    staff = make_staff(tables)
    for _ in range(MOST_PER_LOGIN):
        assert sign_in(gateway, staff.login, "guess number one").status_code == 401
    refused = sign_in(gateway, staff.login)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= WINDOW.total_seconds()
    assert "too many tries" in message(refused)
    with tables.write() as session:
        mine = SignInRow.login == staff.login
        session.execute(update(SignInRow).where(mine).values(at=moment() - WINDOW))
    assert sign_in(gateway, staff.login).status_code == 303


def test_that_an_unknown_login_is_limited_like_a_known_one(gateway: GatewayProcess, tables: Store) -> None:
    login = f"my secret passphrase {uuid4()}"
    for _ in range(MOST_PER_LOGIN):
        assert sign_in(gateway, login).status_code == 401
    assert sign_in(gateway, login).status_code == 429
    with tables.read() as session:
        kept = session.scalars(select(SignInRow.login).where(SignInRow.login.like("unknown:%"))).all()
    assert kept
    assert not any("passphrase" in one for one in kept)


def test_that_one_address_cannot_try_many_logins(gateway: GatewayProcess, tables: Store) -> None:
    staff, address = make_staff(tables), somewhere()
    fail(tables, "many others", MOST_PER_ADDRESS, address)
    assert sign_in(gateway, staff.login, address=address).status_code == 429
    assert sign_in(gateway, staff.login).status_code == 303


def test_that_right_passwords_are_not_counted(gateway: GatewayProcess, tables: Store) -> None:
    staff, address = make_staff(tables), somewhere()
    fail(tables, staff.login, MOST_PER_LOGIN - 1, address)
    for _ in range(2):
        assert sign_in(gateway, staff.login, address=address).status_code == 303


def test_that_guessing_the_password_of_an_open_desk_is_limited_too(gateway: GatewayProcess, tables: Store) -> None:
    with Desk(gateway, tables) as desk:
        fail(tables, desk.staff.login, MOST_PER_LOGIN - 1)
        assert change(desk, "guess number one", "five other words entirely").status_code == 401
        assert change(desk, PASSWORD, "five other words entirely").status_code == 429


@pytest.fixture(scope="module")
def second_gateway(
    shared_database: str, rasa: StandInRasa, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayProcess]:
    """Another process on the same tables."""
    log = tmp_path_factory.mktemp("second") / "log"
    with running(GatewayProcess(shared_database, rasa.url, log)) as gateway:
        yield gateway


async def test_that_forty_tries_at_once_in_two_processes_are_still_ten(
    gateway: GatewayProcess, second_gateway: GatewayProcess, tables: Store
) -> None:
    staff = make_staff(tables)
    form = {"login": staff.login, "password": "guess number one"}
    async with web.AsyncClient(timeout=60) as client:
        answers = await asyncio.gather(
            *(
                client.post(f"{one.url}/desk/sign-in", data=form, headers={"X-Forwarded-For": somewhere()})
                for _ in range(20)
                for one in (gateway, second_gateway)
            )
        )
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(401), statuses.count(429)) == (MOST_PER_LOGIN, 40 - MOST_PER_LOGIN)


def test_that_a_sign_in_holds_in_every_process_and_ends_in_every_process(
    gateway: GatewayProcess, second_gateway: GatewayProcess, tables: Store
) -> None:
    with Desk(gateway, tables) as desk:
        assert is_in(second_gateway, desk.token)
        assert desk.post("/desk/sign-out").status_code == 303
        assert not is_in(second_gateway, desk.token)
