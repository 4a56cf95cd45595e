"""Who asks, and whether their role allows it. Every route of the desk names one of the dependencies below.

    async def claim(staff: Agent, ...)          # agents, supervisors and owners
    async def report(staff: Supervisor, ...)    # supervisors and owners
    @router.get("/x", dependencies=[Depends(require("owner"))])

Each checks the cookie, the role, on every method that changes something the CSRF token, and on a WebSocket that
our own page opened it. A test walks all routes of the desk and fails where none of them is named.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlsplit

from anyio import to_thread
from fastapi import Depends, Request
from starlette.exceptions import WebSocketException
from starlette.requests import HTTPConnection

from plainly.clock import elapsed
from plainly.errors import PlainlyError
from plainly.gateway.state import Gateway, gateway_at
from plainly.settings import Settings
from plainly.store.desk_tables import StaffRow, StaffSessionRow
from plainly.store.sign_ins import SessionLimits, is_worth_noting, note_seen, session_of
from plainly.store.staff import ROLES

COOKIE = "plainly_desk"
_SAFE = ("GET", "HEAD", "OPTIONS")
_FORM = "application/x-www-form-urlencoded"
_SOCKET_CODES = {"not_signed_in": 4401, "not_allowed": 4403, "csrf": 4403}

Role = Literal["agent", "supervisor", "owner"]


@dataclass(frozen=True)
class Staff:
    """The member of staff who asks, as their account is at this moment."""

    id: str
    login: str
    name: str
    role: str
    team: str
    skills: tuple[str, ...]
    capacity: int
    available: bool
    csrf: str

    def may(self, role: Role) -> bool:
        """Whether they may do what this role may do."""
        return ROLES.index(self.role) >= ROLES.index(role)


def moment() -> datetime:
    """The computer's own time: sign-ins and limits end on time whatever PLAINLY_NOW pretends."""
    return datetime.fromtimestamp(elapsed(), UTC)


def session_limits(settings: Settings) -> SessionLimits:
    """How long a sign-in lasts here."""
    return SessionLimits(timedelta(minutes=settings.desk_idle_minutes), timedelta(hours=settings.desk_session_hours))


async def staff_of(connection: HTTPConnection) -> Staff:
    """Who asks. A sign of life: it keeps the sign-in from running idle. Raises PlainlyError `not_signed_in`."""
    return await to_thread.run_sync(_find, gateway_at(connection), connection.cookies.get(COOKIE, ""), True)


async def still_staff(connection: HTTPConnection) -> Staff:
    """The same for a connection that stays open: looks again, but is no sign of life.

    A live connection asks this every few seconds and ends when it raises: so a disabled account is out at once.
    """
    return await to_thread.run_sync(_find, gateway_at(connection), connection.cookies.get(COOKIE, ""), False)


def _find(here: Gateway, token: str, is_sign_of_life: bool) -> Staff:
    at = moment()
    with here.store.read() as session:
        found = session_of(session, token, at, session_limits(here.settings))
    if found is None:
        raise PlainlyError("not_signed_in", "Sign in first.")
    row, signed_in = found
    if is_sign_of_life and is_worth_noting(signed_in, at):
        with here.store.write() as session:
            note_seen(session, token, at)
    return _as_staff(row, signed_in)


def _as_staff(row: StaffRow, signed_in: StaffSessionRow) -> Staff:
    return Staff(
        id=row.id,
        login=row.login,
        name=row.name,
        role=row.role,
        team=row.team,
        skills=tuple(row.skills),
        capacity=row.capacity,
        available=row.available,
        csrf=signed_in.csrf,
    )


class Require:
    """The dependency: signed in, of this role or above, and asked from our own pages."""

    def __init__(self, role: Role) -> None:
        self.role: Role = role

    async def __call__(self, connection: HTTPConnection) -> Staff:
        """Who asks. Raises PlainlyError `not_signed_in`, `not_allowed` or `csrf`; a WebSocket is closed instead."""
        try:
            return await self._check(connection)
        except PlainlyError as error:
            if connection.scope["type"] != "websocket" or error.code not in _SOCKET_CODES:
                raise
            raise WebSocketException(_SOCKET_CODES[error.code], error.code) from error

    async def _check(self, connection: HTTPConnection) -> Staff:
        _check_origin(connection)
        staff = await staff_of(connection)
        await _check_csrf(connection, staff)
        if not staff.may(self.role):
            raise PlainlyError("not_allowed", "It takes another role.", {"role": self.role})
        return staff


def require(role: Role) -> Require:
    """A dependency that lets in staff of this role and above."""
    return Require(role)


Agent = Annotated[Staff, Depends(require("agent"))]
Supervisor = Annotated[Staff, Depends(require("supervisor"))]
Owner = Annotated[Staff, Depends(require("owner"))]


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a submitted form; of a field given twice the last one counts."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return {}
    text = (await request.body()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise PlainlyError("wrong_form", "This form has too many fields.") from None


Form = Annotated[dict[str, str], Depends(form_of)]


def _check_origin(connection: HTTPConnection) -> None:
    """A browser names the page that opens a WebSocket; programs name none, and carry no one else's cookie."""
    origin = connection.headers.get("origin")
    is_socket = connection.scope["type"] == "websocket"
    if is_socket and origin is not None and urlsplit(origin).netloc != connection.headers.get("host"):
        raise PlainlyError("csrf", "Only the desk's own page may open this.")


async def _check_csrf(connection: HTTPConnection, staff: Staff) -> None:
    if not isinstance(connection, Request) or connection.method in _SAFE:
        return
    given = connection.headers.get("x-csrf") or (await form_of(connection)).get("csrf", "")
    if not hmac.compare_digest(given.encode(), staff.csrf.encode()):
        raise PlainlyError("csrf", "This did not come from the desk's own page. Reload the page and try again.")
