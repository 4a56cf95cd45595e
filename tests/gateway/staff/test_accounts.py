"""The pages of owners: accounts and keys are made, changed and ended, and what is secret is shown once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import select

from plainly.errors import PlainlyError
from plainly.gateway.staff.guard import moment
from plainly.store import Store
from plainly.store.desk_tables import ApiKeyRow, StaffRow
from plainly.store.keys import check_key
from plainly.store.staff import held, staff_by_login
from tests import web
from tests.gateway.processes import GatewayProcess
from tests.gateway.staff.people import PAGE, Desk, fail, is_in, make_staff, message, sign_in

SECRET = re.compile(r'<input id="secret" value="([^"]+)"')


@pytest.fixture
def owner(gateway: GatewayProcess, tables: Store) -> Iterator[Desk]:
    with Desk(gateway, tables, "owner") as desk:
        yield desk


def fields(**given: str) -> dict[str, str]:
    usual = {"login": f"new-{uuid4().hex[:10]}", "name": "Noor Ali", "role": "agent", "team": "", "capacity": "4"}
    return {**usual, "skills": "returns, EN,, returns", **given}


def of(tables: Store, login: str) -> StaffRow | None:
    with tables.read() as session:
        return staff_by_login(session, login)


def test_that_an_owner_makes_an_account_that_can_sign_in(gateway: GatewayProcess, tables: Store, owner: Desk) -> None:
    given = fields(name="  Noor   Ali ", role="supervisor", team="Weekend", capacity="7")
    page = owner.post("/desk/staff", data=given)
    password = SECRET.findall(page.text)
    assert "The account of Noor Ali was made." in page.text
    assert sign_in(gateway, given["login"], password[0]).status_code == 303
    row = of(tables, given["login"])
    assert row is not None
    assert (row.name, row.role, row.team, row.skills, row.capacity) == (
        "Noor Ali",
        "supervisor",
        "Weekend",
        ["returns", "en"],
        7,
    )
    assert password[0] not in owner.get("/desk/staff").text
    assert given["login"] in owner.get("/desk/staff").text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"login": "Ann Other"}, "The login has 1 to 120"),
        ({"login": ""}, "The login has 1 to 120"),
        ({"login": "x" * 121}, "The login has 1 to 120"),
        ({"login": "аnn"}, "The login has 1 to 120"),
        ({"name": ""}, "The name has 1 to 60"),
        ({"name": "x" * 61}, "The name has 1 to 60"),
        ({"name": "Ann \u202eknaB"}, "The name has 1 to 60"),
        ({"name": "Ann\0"}, "The name has 1 to 60"),
        ({"role": "god"}, "The role is one of"),
        ({"team": "x" * 61}, "The team has at most"),
        ({"skills": "<b>"}, "The skills are at most"),
        ({"capacity": "0"}, "The capacity is a number"),
        ({"capacity": "-1"}, "The capacity is a number"),
        ({"capacity": "1e9"}, "The capacity is a number"),
        ({"capacity": "٣"}, "The capacity is a number"),
    ],
)
def test_that_a_wrong_field_is_named_and_nothing_is_made(
    tables: Store, owner: Desk, wrong: dict[str, str], says: str
) -> None:
    given = fields(**wrong)
    page = owner.post("/desk/staff", data=given)
    assert page.status_code == 422
    assert says in message(page)
    assert of(tables, given["login"]) is None
    assert not SECRET.search(page.text)


def test_that_what_was_typed_is_kept_when_a_field_is_wrong(owner: Desk) -> None:
    page = owner.post("/desk/staff", data=fields(name="", team="Weekend")).text
    assert 'value="Weekend"' in page
    assert 'value="returns, EN, returns"' in page


def test_that_a_login_belongs_to_one_account(owner: Desk) -> None:
    page = owner.post("/desk/staff", data=fields(login=owner.staff.login.upper()))
    assert page.status_code == 409
    assert message(page).startswith("There is an account with the login")


def test_that_names_are_shown_as_text_everywhere(tables: Store, owner: Desk) -> None:
    staff = make_staff(tables, name="<img src=x onerror=alert(1)>")
    for path in ("/desk/staff", f"/desk/staff/{staff.id}"):
        page = owner.get(path).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_that_a_new_role_holds_from_the_next_request(gateway: GatewayProcess, tables: Store, owner: Desk) -> None:
    with Desk(gateway, tables) as agent:
        assert agent.get("/desk/keys").status_code == 403
        given = fields(name="Ann", role="owner", login="ignored")
        assert owner.post(f"/desk/staff/{agent.staff.id}", data=given).status_code == 200
        assert agent.get("/desk/keys").status_code == 200
        owner.post(f"/desk/staff/{agent.staff.id}", data={**given, "role": "agent"})
        assert agent.get("/desk/keys").status_code == 403
        row = of(tables, agent.staff.login)
        assert row is not None
        assert (row.name, row.role) == ("Ann", "agent")


def test_that_an_owner_resets_a_password_and_lets_them_try_again(
    gateway: GatewayProcess, tables: Store, owner: Desk
) -> None:
    with Desk(gateway, tables) as agent:
        fail(tables, agent.staff.login, 10)
        page = owner.post(f"/desk/staff/{agent.staff.id}/password")
        assert not is_in(gateway, agent.token)
        assert sign_in(gateway, agent.staff.login).status_code == 401
        assert sign_in(gateway, agent.staff.login, SECRET.findall(page.text)[0]).status_code == 303


def test_that_an_account_is_closed_and_opened_again(gateway: GatewayProcess, tables: Store, owner: Desk) -> None:
    with Desk(gateway, tables) as agent:
        page = owner.post(f"/desk/staff/{agent.staff.id}/disable")
        assert "was closed" in page.text
        assert not is_in(gateway, agent.token)
        assert sign_in(gateway, agent.staff.login).status_code == 401
        assert "open again" in owner.post(f"/desk/staff/{agent.staff.id}/enable").text
        assert not is_in(gateway, agent.token)
        assert sign_in(gateway, agent.staff.login).status_code == 303


@pytest.mark.parametrize("way", ["disable", "password", ""])
def test_that_owners_do_not_lock_themselves_out(gateway: GatewayProcess, owner: Desk, way: str) -> None:
    address = f"/desk/staff/{owner.staff.id}" + (f"/{way}" if way else "")
    page = owner.post(address, data=fields(role="agent"))
    assert page.status_code == 409
    assert message(page)
    assert is_in(gateway, owner.token)
    assert owner.get("/desk/keys").status_code == 200


@pytest.mark.parametrize("made_up", ["0", "nobody", "..", "%00", "a'b", "x" * 500])
def test_that_an_account_or_key_that_is_not_there_is_told_so(owner: Desk, made_up: str) -> None:
    for way, path in (
        ("GET", f"/desk/staff/{made_up}"),
        ("POST", f"/desk/staff/{made_up}"),
        ("POST", f"/desk/staff/{made_up}/disable"),
        ("POST", f"/desk/staff/{made_up}/enable"),
        ("POST", f"/desk/staff/{made_up}/password"),
        ("POST", f"/desk/keys/{made_up}/revoke"),
    ):
        answer = owner.request(way, path, data=fields() if way == "POST" else None)
        assert answer.status_code == 404 or (made_up == ".." and answer.status_code in (200, 405, 422)), (way, path)


def test_that_a_page_above_ones_role_says_so_kindly(gateway: GatewayProcess, tables: Store) -> None:
    with Desk(gateway, tables) as agent:
        page = agent.get("/desk/staff", headers=PAGE)
        assert page.status_code == 403
        assert "Your role doesn&#39;t allow this" in page.text
        menu = agent.get("/desk/settings").text
        assert not [path for path in ("/desk/staff", "/desk/keys", "/desk/reports") if f'href="{path}"' in menu]


def test_that_a_form_too_large_or_with_too_many_fields_is_refused(owner: Desk) -> None:
    many = {f"field{number}": "x" for number in range(60)}
    assert owner.post("/desk/keys", data=many).status_code == 422
    assert owner.post("/desk/keys", data={"name": "x" * 70_000}).status_code == 413


def make_key(owner: Desk, name: str = "Phone team") -> str:
    page = owner.post("/desk/keys", data={"name": name})
    assert page.status_code == 200
    return str(SECRET.findall(page.text)[0])


def opens(tables: Store, key: str) -> bool:
    try:
        with tables.read() as session:
            check_key(session, key, moment())
    except PlainlyError as refused:
        if refused.code != "wrong_key":
            raise
        return False
    return True


def test_that_a_key_is_shown_once_and_kept_as_a_hash(tables: Store, owner: Desk) -> None:
    key = make_key(owner)
    page = owner.get("/desk/keys").text
    assert key not in page
    assert key[: len("plainly_12345678")] in page
    with tables.read() as session:
        rows = session.scalars(select(ApiKeyRow)).all()
    assert not [row for row in rows if key in (row.key_hash, row.prefix) or key[17:] in row.key_hash]
    assert opens(tables, key)


def test_that_a_revoked_key_opens_nothing(tables: Store, owner: Desk) -> None:
    key, other = make_key(owner), make_key(owner, "Another")
    with tables.read() as session:
        row = session.scalars(select(ApiKeyRow).where(ApiKeyRow.prefix == key.split("_")[1])).one()
    for _ in range(2):
        page = owner.post(f"/desk/keys/{row.id}/revoke")
        assert "The key for Phone team was revoked." in page.text
    assert (opens(tables, key), opens(tables, other)) == (False, True)


def test_that_only_the_whole_key_opens(tables: Store, owner: Desk) -> None:
    key, other = make_key(owner), make_key(owner)
    prefix = key[: len("plainly_12345678_")]
    for wrong in ("", key[:-1], key + "x", key.upper(), prefix + other[17:], prefix, f" {key}", key + "\0", "é"):
        assert not opens(tables, wrong), wrong


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\0b", "a\u202eb"])
def test_that_a_key_has_a_name(owner: Desk, name: str) -> None:
    page = owner.post("/desk/keys", data={"name": name})
    assert page.status_code == 422
    assert "Please name the key" in message(page)


def test_that_the_pages_work_without_a_policy_folder(owner: Desk, gateway: GatewayProcess) -> None:
    assert owner.get("/desk/settings").status_code == 200
    assert web.get(f"{gateway.url}/desk/sign-in").status_code == 200


def test_that_an_account_held_for_a_change_is_the_one_in_the_tables(tables: Store, owner: Desk) -> None:
    with tables.write() as session, pytest.raises(PlainlyError, match="no such account"):
        held(session, "nobody")
    with tables.write() as session:
        assert held(session, owner.staff.id).login == owner.staff.login
