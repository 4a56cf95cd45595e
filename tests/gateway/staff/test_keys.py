"""The key of another help desk at a route that wants one: refused, taken, and noted as used."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from plainly.gateway.staff.guard import COOKIE, moment
from plainly.store import Store
from plainly.store.desk_tables import ApiKeyRow
from plainly.store.keys import make_key, revoke_key
from tests import web
from tests.gateway.processes import GatewayProcess
from tests.gateway.staff.people import Desk

ROUTES = ("/api/v1/suggest", "/api/v1/decide")


def ask(gateway: GatewayProcess, path: str, authorization: str | None) -> tuple[int, str]:
    headers = {"Authorization": authorization} if authorization is not None else {}
    answer = web.post(gateway.url + path, json={}, headers=headers)
    return answer.status_code, str(answer.json()["error"]["code"])


@pytest.mark.parametrize("path", ROUTES)
def test_that_only_a_key_in_force_is_taken_and_its_use_is_noted(
    gateway: GatewayProcess, tables: Store, path: str
) -> None:
    with tables.write() as session:
        row, text = make_key(session, "Phone team", "olive", moment())
    assert ask(gateway, path, f"Bearer {text}") == (422, "wrong_request")
    with tables.read() as session:
        used = session.scalars(select(ApiKeyRow.used_at).where(ApiKeyRow.id == row.id)).one()
    assert used is not None
    assert abs((moment() - used).total_seconds()) < 30
    with tables.write() as session:
        revoke_key(session, row.id, moment())
    assert ask(gateway, path, f"Bearer {text}") == (401, "wrong_key")


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer x", "Basic eDp5", f"Bearer plainly_12345678_{'x' * 43}"])
def test_that_nothing_else_opens_it(gateway: GatewayProcess, path: str, given: str | None) -> None:
    assert ask(gateway, path, given) == (401, "wrong_key")


@pytest.mark.parametrize("path", ROUTES)
def test_that_a_sign_in_is_no_key_and_a_key_is_no_sign_in(gateway: GatewayProcess, tables: Store, path: str) -> None:
    with Desk(gateway, tables, "owner") as desk:
        assert desk.post(path, json={}).json()["error"]["code"] == "wrong_key"
    with tables.write() as session:
        _, text = make_key(session, "Phone team", "olive", moment())
    for given in ({"Authorization": f"Bearer {text}"}, {"Cookie": f"{COOKIE}={text}"}):
        answer = web.get(f"{gateway.url}/api/v1/desk/me", headers=given)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")
