"""Staff for tests: accounts made in the tables, and a browser that is signed in."""

from __future__ import annotations

import re
from functools import cache
from uuid import uuid4

import httpx
from sqlalchemy import select

from plainly.gateway.staff.guard import COOKIE, moment
from plainly.store import Store
from plainly.store.conversations import hash_token
from plainly.store.desk_tables import SignInRow, StaffRow, StaffSessionRow
from plainly.store.passwords import hash_password
from plainly.store.sign_ins import open_session
from plainly.store.staff import Account, add_staff
from tests import web
from tests.gateway.processes import GatewayProcess

PASSWORD = "four words will do"
PAGE = {"Accept": "text/html"}


@cache
def hashed(password: str = PASSWORD) -> str:
    return hash_password(password)


def make_staff(store: Store, role: str = "agent", login: str = "", **given: object) -> StaffRow:
    """A new member of staff; each has a login of their own and the same password."""
    login = login or f"{role}-{uuid4().hex[:12]}"
    account = Account(login, str(given.pop("name", role.capitalize())), role, **given)  # type: ignore[arg-type]
    with store.write() as session:
        return add_staff(session, account, hashed(), moment())


class Desk(httpx.Client):
    """A member of staff at a browser of their own: cookie and CSRF header are in place."""

    def __init__(self, gateway: GatewayProcess, store: Store, role: str = "agent", staff: StaffRow | None = None):
        self.staff = staff or make_staff(store, role)
        with store.write() as session:
            self.token = open_session(session, self.staff, moment())
        with store.read() as session:
            row = session.scalars(
                select(StaffSessionRow).where(StaffSessionRow.token_hash == hash_token(self.token))
            ).one()
        self.csrf = row.csrf
        super().__init__(
            base_url=gateway.url, headers={"X-CSRF": self.csrf}, cookies={COOKIE: self.token}, timeout=20, verify=False
        )


def somewhere() -> str:
    """An address nobody else tries from."""
    number = uuid4().int
    return f"10.{number % 256}.{number // 256 % 256}.{number // 65536 % 256}"


def sign_in(
    gateway: GatewayProcess,
    login: str,
    password: str = PASSWORD,
    *,
    address: str = "",
    headers: dict[str, str] | None = None,
    cookie: str = "",
    going_to: str = "/desk/settings",
) -> httpx.Response:
    """What a browser sends from the sign-in page; the test's proxy tells the address."""
    given = {"X-Forwarded-For": address or somewhere(), "Origin": gateway.url, **PAGE, **(headers or {})}
    form = {"login": login, "password": password, "next": going_to}
    cookies = {COOKIE: cookie} if cookie else {}
    with web.Client(base_url=gateway.url, headers=given, cookies=cookies, timeout=30) as browser:
        return browser.post("/desk/sign-in", data=form)


def token_in(answer: httpx.Response) -> str:
    return answer.cookies.get(COOKIE) or ""


def is_in(gateway: GatewayProcess, token: str) -> bool:
    return web.get(f"{gateway.url}/desk/settings", cookies={COOKIE: token}).status_code == 200


def message(answer: httpx.Response) -> str:
    found = re.search(r'role="alert"[^>]*>([^<]*)<', answer.text)
    return found[1] if found else ""


def change(desk: Desk, current: str, new: str, again: str = "") -> httpx.Response:
    form = {"current": current, "new": new, "again": again or new}
    return desk.post("/desk/settings/password", data=form, headers={"X-Forwarded-For": somewhere()})


def fail(tables: Store, login: str, count: int, address: str = "elsewhere") -> None:
    """Tries that failed a moment ago, without the work of hashing."""
    with tables.write() as session:
        for _ in range(count):
            session.add(SignInRow(login=login, address=address, succeeded=False, at=moment()))
