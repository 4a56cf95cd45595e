"""A member of staff in a conversation: what a script's `staff` turn says, done over the desk's API."""

from __future__ import annotations

import uuid
from types import TracebackType
from typing import Any, Self

from plainly.gateway.staff.guard import COOKIE, moment
from plainly.run.stack import Stack
from plainly.store import Store
from plainly.store.conversations import hash_token
from plainly.store.desk_tables import StaffSessionRow
from plainly.store.sign_ins import open_session
from tests import web
from tests.gateway.staff.people import make_staff

NAME = "Sam"


class Staff:
    """Sam, signed in at the running gateway."""

    def __init__(self, stack: Stack) -> None:
        store = Store(f"sqlite:///{stack.var / 'plainly.db'}")
        staff = make_staff(store, name=NAME)
        with store.write() as session:
            token = open_session(session, staff, moment())
            session.flush()
            csrf = session.get_one(StaffSessionRow, hash_token(token)).csrf
        store.close()
        self.http = web.Client(
            base_url=f"{stack.url}/api/v1/desk/conversations", headers={"X-CSRF": csrf}, cookies={COOKIE: token}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def do(self, conversation: str, act: str | dict[str, Any]) -> None:
        """`claim`, `hand-back`, `resolve`, or `{say: words}`, `{note: words}`, `{grant: policy.lever}`."""
        what, given = (act, None) if isinstance(act, str) else next(iter(act.items()))
        item = self.http.get(f"/{conversation}").raise_for_status().json()["item"]
        body: dict[str, Any] = {"epoch": item["epoch"]}
        if what in ("say", "note"):
            what = {"say": "messages", "note": "notes"}[what]
            words = {"id": uuid.uuid4().hex, "text": given}
            body = words if what == "notes" else {**body, **words}
        elif what == "grant":
            policy, _, lever = str(given).partition(".")
            what, body = "grants", {"id": uuid.uuid4().hex, "policy": policy, "lever": lever, "reason": "it fits"}
        answer = self.http.post(f"/{conversation}/{what}", json=body)
        assert answer.is_success, f"{act}: {answer.text}"
