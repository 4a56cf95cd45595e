"""Pages of owners: the accounts of staff, and the API keys of other help desks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from plainly.clock import now
from plainly.errors import PlainlyError
from plainly.gateway.staff.guard import Form, Owner, Staff
from plainly.gateway.staff.pages import with_status
from plainly.gateway.staff.showing import staff_page
from plainly.gateway.staff.signing import apart
from plainly.gateway.staff.words import say, why
from plainly.gateway.state import Gateway, gateway_of
from plainly.store.desk_tables import StaffRow
from plainly.store.keys import all_keys, make_key, revoke_key
from plainly.store.passwords import hash_password, new_password
from plainly.store.sign_ins import renew_password
from plainly.store.staff import (
    MOST_CAPACITY,
    ROLES,
    Account,
    add_staff,
    all_staff,
    change_staff,
    disable_staff,
    enable_staff,
    found_staff,
)

router = APIRouter(prefix="/desk", include_in_schema=False)

Here = Annotated[Gateway, Depends(gateway_of)]

_NOBODY = Account("", "")


@router.get("/staff")
def people(here: Here, staff: Owner) -> HTMLResponse:
    """All accounts, and a form for another."""
    return _people(here, staff)


@router.post("/staff")
async def add(here: Here, staff: Owner, form: Form) -> Response:
    """Make an account with a random password, shown on the page that answers."""
    typed, password = _typed(form), new_password()
    hashed = await apart(lambda: hash_password(password))
    return await to_thread.run_sync(_add, here, staff, typed, password, hashed)


def _add(here: Gateway, staff: Staff, typed: Account, password: str, hashed: str) -> HTMLResponse:
    try:
        with here.store.write() as session:
            row = add_staff(session, typed, hashed, now())
    except PlainlyError as error:
        return with_status(_people(here, staff, typed=typed, wrong=why(error)), error)
    return _people(here, staff, done=say("done.added", name=row.name, login=row.login), new_password=password)


def _people(here: Gateway, staff: Staff, **given: Any) -> HTMLResponse:
    with here.store.read() as session:
        rows = all_staff(session)
    shown = {"typed": _NOBODY, "new_password": "", **given}
    return _owned("staff_accounts.html.j2", here, staff, "/desk/staff", people=rows, **shown)


@router.get("/staff/{staff_id}")
def one(staff_id: str, here: Here, staff: Owner) -> HTMLResponse:
    """One account."""
    return _one(here, staff, staff_id)


@router.post("/staff/{staff_id}")
def change(staff_id: str, here: Here, staff: Owner, form: Form) -> HTMLResponse:
    """Change everything but login and password."""
    with here.store.read() as session:
        typed = _typed(form, found_staff(session, staff_id).login)
    try:
        if staff_id == staff.id and typed.role != staff.role:
            raise PlainlyError("yourself", "You cannot take your own role away.")
        with here.store.write() as session:
            row = change_staff(session, staff_id, typed)
    except PlainlyError as error:
        return with_status(_one(here, staff, staff_id, typed=typed, wrong=why(error)), error)
    return _one(here, staff, staff_id, done=say("done.changed", name=row.name))


@router.post("/staff/{staff_id}/password")
async def reset(staff_id: str, here: Here, staff: Owner) -> Response:
    """A random new password, shown on the page that answers; every sign-in ends."""
    password = new_password()
    hashed = await apart(lambda: hash_password(password))
    return await to_thread.run_sync(_reset, here, staff, staff_id, password, hashed)


def _reset(here: Gateway, staff: Staff, staff_id: str, password: str, hashed: str) -> HTMLResponse:
    if staff_id == staff.id:
        error = PlainlyError("yourself", "Change your own password on the page Settings.")
        return with_status(_one(here, staff, staff_id, wrong=say("refused.own_password")), error)
    with here.store.write() as session:
        row = renew_password(session, staff_id, hashed)
    return _one(here, staff, staff_id, done=say("done.reset", name=row.name), new_password=password)


@router.post("/staff/{staff_id}/disable")
def disable(staff_id: str, here: Here, staff: Owner) -> HTMLResponse:
    """Close an account."""
    try:
        if staff_id == staff.id:
            raise PlainlyError("yourself", "You cannot close your own account.")
        with here.store.write() as session:
            row = disable_staff(session, staff_id, now())
    except PlainlyError as error:
        return with_status(_one(here, staff, staff_id, wrong=why(error)), error)
    return _one(here, staff, staff_id, done=say("done.disabled", name=row.name))


@router.post("/staff/{staff_id}/enable")
def enable(staff_id: str, here: Here, staff: Owner) -> HTMLResponse:
    """Open a closed account again."""
    with here.store.write() as session:
        row = enable_staff(session, staff_id)
    return _one(here, staff, staff_id, done=say("done.enabled", name=row.name))


def _one(here: Gateway, staff: Staff, staff_id: str, **given: Any) -> HTMLResponse:
    with here.store.read() as session:
        row = found_staff(session, staff_id)
    shown = {"typed": _as_account(row), "new_password": "", **given}
    return _owned("staff_account.html.j2", here, staff, "/desk/staff", one=row, **shown)


@router.get("/keys")
def keys(here: Here, staff: Owner) -> HTMLResponse:
    """All API keys, and a form for another."""
    return _keys(here, staff)


@router.post("/keys")
def make(here: Here, staff: Owner, form: Form) -> HTMLResponse:
    """Make a key, shown on the page that answers."""
    try:
        with here.store.write() as session:
            row, text = make_key(session, form.get("name", ""), staff.login, now())
    except PlainlyError as error:
        return with_status(_keys(here, staff, wrong=why(error)), error)
    return _keys(here, staff, done=say("done.key", name=row.name), new_key=text)


@router.post("/keys/{key_id}/revoke")
def revoke(key_id: str, here: Here, staff: Owner) -> HTMLResponse:
    """End a key for good."""
    with here.store.write() as session:
        row = revoke_key(session, key_id, now())
    return _keys(here, staff, done=say("done.revoked", name=row.name))


def _keys(here: Gateway, staff: Staff, **given: Any) -> HTMLResponse:
    with here.store.read() as session:
        rows = all_keys(session)
    return _owned("staff_keys.html.j2", here, staff, "/desk/keys", keys=rows, **{"new_key": "", **given})


def _owned(template: str, here: Gateway, staff: Staff, path: str, **given: Any) -> HTMLResponse:
    return staff_page(template, here, me=staff, path=path, roles=ROLES, most=MOST_CAPACITY, **given)


def _typed(form: Mapping[str, str], login: str = "") -> Account:
    capacity = form.get("capacity", "").strip()
    return Account(
        login=login or form.get("login", ""),
        name=form.get("name", ""),
        role=form.get("role", "agent"),
        team=form.get("team", ""),
        skills=tuple(word.strip() for word in form.get("skills", "").split(",") if word.strip()),
        capacity=int(capacity) if capacity.isascii() and capacity.isdigit() and len(capacity) < 5 else 0,
    )


def _as_account(row: StaffRow) -> Account:
    return Account(row.login, row.name, row.role, row.team, tuple(row.skills), row.capacity)
