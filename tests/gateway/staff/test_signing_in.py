"""Signing in: who comes in, how long they stay, and what ends it."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.sync.connection import Connection

from plainly.gateway.staff.guard import COOKIE, moment
from plainly.gateway.staff.pages import own_path
from plainly.store import Store
from plainly.store.conversations import hash_token
from plainly.store.desk_tables import StaffRow, StaffSessionRow
from plainly.store.passwords import is_outdated
from plainly.store.staff import disable_staff
from tests import web
from tests.gateway.processes import GatewayProcess
from tests.gateway.staff.people import PAGE, PASSWORD, Desk, change, is_in, make_staff, message, sign_in, token_in

INLINE = re.compile(r'<style|<[a-z][^>]*\s(style|on[a-z]+)=|<script(?![^>]*src="/static/)')


def test_that_the_right_password_opens_the_desk(gateway: GatewayProcess, tables: Store) -> None:
    staff = make_staff(tables)
    answer = sign_in(gateway, f"  {staff.login.upper()} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/settings")
    assert is_in(gateway, token_in(answer))


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_that_the_cookie_is_for_our_own_pages_alone(
    gateway: GatewayProcess, tables: Store, scheme: str, secure: bool
) -> None:
    given = {"X-Forwarded-Proto": scheme, "Origin": gateway.url.replace("http", scheme)}
    cookie = sign_in(gateway, make_staff(tables).login, headers=given).headers["set-cookie"].lower()
    assert {"httponly", "samesite=strict", "path=/", "max-age=43200"} <= {part.strip() for part in cookie.split(";")}
    assert ("secure" in cookie) is secure
    assert "domain" not in cookie


def test_that_only_hashes_of_tokens_are_kept(gateway: GatewayProcess, tables: Store) -> None:
    staff = make_staff(tables)
    token = token_in(sign_in(gateway, staff.login))
    with tables.read() as session:
        row = session.scalars(select(StaffSessionRow).where(StaffSessionRow.staff_id == staff.id)).one()
    assert len(token) == 43
    assert row.token_hash == hash_token(token)
    assert token not in (row.token_hash, row.csrf)


def test_that_each_sign_in_has_a_new_token_and_ends_the_old_one(gateway: GatewayProcess, tables: Store) -> None:
    login = make_staff(tables).login
    first = token_in(sign_in(gateway, login))
    second = token_in(sign_in(gateway, login, cookie=first))
    assert first != second
    assert (is_in(gateway, first), is_in(gateway, second)) == (False, True)


def test_that_a_token_somebody_else_chose_is_not_taken_over(gateway: GatewayProcess, tables: Store) -> None:
    chosen = "a" * 43
    assert token_in(sign_in(gateway, make_staff(tables).login, cookie=chosen)) not in ("", chosen)
    assert not is_in(gateway, chosen)


def test_that_every_refusal_says_the_same(gateway: GatewayProcess, tables: Store) -> None:
    closed = make_staff(tables)
    with tables.write() as session:
        disable_staff(session, closed.id, moment())
    tries = {
        "wrong password": sign_in(gateway, make_staff(tables).login, "not this one at all"),
        "unknown": sign_in(gateway, "nobody-here"),
        "closed": sign_in(gateway, closed.login),
        "empty": sign_in(gateway, "", ""),
        "nul": sign_in(gateway, "an\0n", "\0"),
        "long": sign_in(gateway, "x" * 5_000, "y" * 5_000),
    }
    assert {answer.status_code for answer in tries.values()} == {401}
    assert {message(answer) for answer in tries.values()} == {"The login or the password is wrong."}
    assert not any(token_in(answer) for answer in tries.values())


def test_that_a_login_typed_with_markup_is_shown_as_text(gateway: GatewayProcess) -> None:
    page = sign_in(gateway, '"><script>alert(1)</script>').text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("/desk", "/desk"),
        ("/desk/reports?days=7", "/desk/reports?days=7"),
        ("/desk/staff/01abc", "/desk/staff/01abc"),
        ("", "/desk"),
        ("/", "/desk"),
        ("/deskx", "/desk"),
        ("//evil.example", "/desk"),
        ("/desk//evil.example", "/desk"),
        ("/desk/..//evil.example", "/desk"),
        ("/desk\\evil", "/desk"),
        ("https://evil.example/desk", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("/desk\r\nSet-Cookie: a=b", "/desk"),
        ("/desk/sign-out", "/desk"),
        ("/desk/sign-in?next=/desk/sign-in", "/desk"),
    ],
)
def test_that_signing_in_never_leads_to_another_site(given: str, taken: str) -> None:
    assert own_path(given) == taken


def test_that_a_page_asked_for_without_signing_in_is_come_back_to(gateway: GatewayProcess, tables: Store) -> None:
    asked = web.get(f"{gateway.url}/desk/settings?a=1", headers=PAGE)
    assert (asked.status_code, asked.headers["location"]) == (303, "/desk/sign-in?next=/desk/settings%3Fa%3D1")
    page = web.get(gateway.url + asked.headers["location"]).text
    assert 'name="next" value="/desk/settings?a=1"' in page
    with Desk(gateway, tables) as desk:
        assert desk.get(asked.headers["location"]).headers["location"] == "/desk/settings?a=1"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_that_another_website_cannot_sign_somebody_in(
    gateway: GatewayProcess, tables: Store, headers: dict[str, str]
) -> None:
    answer = sign_in(gateway, make_staff(tables).login, headers=headers)
    assert answer.status_code == 403
    assert not token_in(answer)


def test_that_signing_out_ends_it_for_good(gateway: GatewayProcess, tables: Store) -> None:
    with Desk(gateway, tables) as desk:
        assert desk.post("/desk/sign-out", headers={"X-CSRF": "wrong"}).status_code == 403
        left = desk.post("/desk/sign-out", data={"csrf": desk.csrf}, headers={"X-CSRF": ""})
        assert left.headers["location"] == "/desk/sign-in?out=true"
        assert "max-age=0" in left.headers["set-cookie"].lower()
        assert not is_in(gateway, desk.token)
        assert "You are signed out." in desk.get(left.headers["location"]).text


def age(tables: Store, desk: Desk, **ago: timedelta) -> None:
    """Make a sign-in older than it is."""
    values = {name: moment() - time for name, time in ago.items()}
    with tables.write() as session:
        mine = StaffSessionRow.token_hash == hash_token(desk.token)
        session.execute(update(StaffSessionRow).where(mine).values(**values))


def test_that_an_idle_sign_in_ends(gateway: GatewayProcess, tables: Store) -> None:
    with Desk(gateway, tables) as desk:
        age(tables, desk, seen_at=timedelta(minutes=59), created_at=timedelta(hours=2))
        assert is_in(gateway, desk.token)
        age(tables, desk, seen_at=timedelta(minutes=61))
        assert not is_in(gateway, desk.token)


def test_that_a_request_keeps_a_sign_in_alive_but_not_past_its_last_hour(
    gateway: GatewayProcess, tables: Store
) -> None:
    with Desk(gateway, tables) as desk:
        age(tables, desk, seen_at=timedelta(minutes=50))
        assert is_in(gateway, desk.token)
        with tables.read() as session:
            seen = session.get_one(StaffSessionRow, hash_token(desk.token)).seen_at
        assert moment() - seen < timedelta(minutes=1)
        age(tables, desk, created_at=timedelta(hours=12, minutes=1))
        assert not is_in(gateway, desk.token)


def test_that_closing_an_account_ends_its_sign_ins_at_once(gateway: GatewayProcess, tables: Store) -> None:
    with Desk(gateway, tables) as desk:
        assert is_in(gateway, desk.token)
        with tables.write() as session:
            disable_staff(session, desk.staff.id, moment())
        assert not is_in(gateway, desk.token)


def test_that_a_new_password_ends_all_other_sign_ins(gateway: GatewayProcess, tables: Store) -> None:
    with Desk(gateway, tables) as here, Desk(gateway, tables, staff=here.staff) as elsewhere:
        assert change(here, PASSWORD, "five other words entirely").status_code == 200
        assert (is_in(gateway, here.token), is_in(gateway, elsewhere.token)) == (True, False)
        assert sign_in(gateway, here.staff.login).status_code == 401
        assert sign_in(gateway, here.staff.login, "five other words entirely").status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "again", "says"),
    [
        ("not it at all", "five other words entirely", "", "The current password is wrong. Nothing was changed."),
        (PASSWORD, "five other words entirely", "five other words", "The two new passwords differ."),
        (PASSWORD, "too short", "", "at least 12 characters"),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "", "harder to guess"),
        ("", "", "", "at least 12 characters"),
    ],
)
def test_that_a_password_is_not_changed_by_mistake(
    gateway: GatewayProcess, tables: Store, current: str, new: str, again: str, says: str
) -> None:
    with Desk(gateway, tables) as desk:
        answer = change(desk, current, new, again)
        assert answer.status_code in (401, 422)
        assert says in message(answer)
        assert sign_in(gateway, desk.staff.login).status_code == 303


def test_that_one_can_sign_out_everywhere_else(gateway: GatewayProcess, tables: Store) -> None:
    with Desk(gateway, tables) as here, Desk(gateway, tables, staff=here.staff) as elsewhere:
        assert "Signed in here and in 1 other browser." in here.get("/desk/settings").text
        assert "One other sign-in was ended." in here.post("/desk/settings/elsewhere").text
        assert (is_in(gateway, here.token), is_in(gateway, elsewhere.token)) == (True, False)
        assert "You were signed in nowhere else." in here.post("/desk/settings/elsewhere").text


def test_that_a_hash_of_old_parameters_is_made_anew(gateway: GatewayProcess, tables: Store) -> None:
    staff = make_staff(tables)
    with tables.write() as session:
        old = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
        session.execute(update(StaffRow).where(StaffRow.id == staff.id).values(password_hash=old))
    assert is_outdated(old)
    for _ in range(2):
        assert sign_in(gateway, staff.login).status_code == 303
        with tables.read() as session:
            kept = session.get_one(StaffRow, staff.id).password_hash
        assert kept.startswith("$argon2id$")
        assert not is_outdated(kept)


def test_that_the_pages_allow_nothing_inline_and_nothing_from_elsewhere(gateway: GatewayProcess, tables: Store) -> None:
    with Desk(gateway, tables, "owner") as desk:
        for path in ("/desk/settings", "/desk/staff", "/desk/keys", f"/desk/staff/{desk.staff.id}", "/desk/nope"):
            page = desk.get(path, headers=PAGE)
            policy = dict(
                part.strip().partition(" ")[::2] for part in page.headers["content-security-policy"].split(";")
            )
            assert policy["default-src"] == "'none'"
            assert {policy[name] for name in ("script-src", "style-src", "connect-src", "form-action")} == {"'self'"}
            assert policy["frame-ancestors"] == "'none'"
            assert page.headers["cache-control"] == "no-store"
            assert page.headers["x-frame-options"] == "DENY"
            assert not INLINE.search(page.text)


def read_to_its_end(console: Connection) -> None:
    while True:
        console.recv(timeout=20)


@pytest.mark.parametrize("way", ["closed", "signed out", "new password"])
def test_that_an_open_console_ends_with_its_sign_in(gateway: GatewayProcess, tables: Store, way: str) -> None:
    headers = {"Cookie": ""}
    with Desk(gateway, tables, "owner") as owner, Desk(gateway, tables) as agent:
        headers["Cookie"] = f"{COOKIE}={agent.token}"
        with connect(f"{gateway.url.replace('http', 'ws')}/api/v1/desk/live", additional_headers=headers) as console:
            assert json.loads(console.recv(timeout=10))["type"] == "hello"
            if way == "closed":
                owner.post(f"/desk/staff/{agent.staff.id}/disable")
            elif way == "signed out":
                agent.post("/desk/sign-out")
            else:
                owner.post(f"/desk/staff/{agent.staff.id}/password")
            with pytest.raises(ConnectionClosed) as ended:
                read_to_its_end(console)
            assert ended.value.rcvd is not None
            assert ended.value.rcvd.code == 4401
