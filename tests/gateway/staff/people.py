"""Staff for tests: accounts made in the tables, and a browser that is signed in."""

from __future__ import annotations

from functools import cache
from uuid import uuid4

import httpx
from sqlalchemy import select

from plainly.gateway.staff.guard import COOKIE, moment
from plainly.store import Store
from plainly.store.conversations import hash_token
from plainly.store.desk_tables import StaffRow, StaffSessionRow
from plainly.store.passwords import hash_password
from plainly.store.sign_ins import open_session
from plainly.store.staff import Account, add_staff
from tests.gateway.processes import GatewayProcess

PASSWORD = "four words will do"


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
