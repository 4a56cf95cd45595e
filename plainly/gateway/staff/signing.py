"""Signing in and out, and changing one's own password. All of it runs in threads: `apart` gives it two of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from anyio import CapacityLimiter, to_thread
from sqlalchemy.orm import Session

from plainly.errors import PlainlyError
from plainly.gateway.staff.guard import Staff, moment, session_limits
from plainly.gateway.state import Gateway
from plainly.store.desk_tables import StaffRow
from plainly.store.passwords import check_new, hash_password, is_outdated, is_password
from plainly.store.sign_ins import (
    Try,
    begin_try,
    end_session,
    end_sessions,
    open_session,
    succeed,
    tidy,
)
from plainly.store.staff import held

log = structlog.get_logger(__name__)

# Each hash takes 64 MiB and a core: a flood of sign-ins must not take the machine, nor the threads of others.
_HASHING = CapacityLimiter(2)


async def apart[T](work: Callable[[], T]) -> T:
    """Run work that hashes passwords, where it holds up no other request."""
    return await to_thread.run_sync(work, limiter=_HASHING)


@dataclass(frozen=True)
class Credentials:
    """What somebody typed, and from where."""

    login: str
    password: str
    address: str


def sign_in(here: Gateway, given: Credentials, old_token: str) -> str:
    """The token of a new sign-in; the old one ends. Raises PlainlyError `wrong_login` or `too_many_tries`."""
    tried = _verified(here, given, "wrong_login")
    if tried.staff is None:
        raise PlainlyError("wrong_login", "The login or the password is wrong.")
    newer = hash_password(given.password) if is_outdated(tried.staff.password_hash) else None
    at = moment()
    with here.store.write() as session:
        row = _unchanged(session, tried.staff, "wrong_login")
        if newer:
            row.password_hash = newer
        succeed(session, tried)
        tidy(session, at, session_limits(here.settings))
        end_session(session, old_token)
        return open_session(session, row, at)


def sign_out(here: Gateway, token: str) -> None:
    """End this sign-in; it opens nothing any more."""
    with here.store.write() as session:
        end_session(session, token)


def change_password(here: Gateway, staff: Staff, given: Credentials, new: str, token: str) -> int:
    """A new password of one's own. All other sign-ins end, and how many is given back.

    Raises PlainlyError `wrong_password`, `weak_password` or `too_many_tries`.
    """
    check_new(new, staff.login)
    tried = _verified(here, given, "wrong_password")
    hashed = hash_password(new)
    with here.store.write() as session:
        row = _unchanged(session, tried.staff, "wrong_password")
        row.password_hash = hashed
        succeed(session, tried)
        return end_sessions(session, row.id, but=token)


def _verified(here: Gateway, given: Credentials, refusal: str) -> Try:
    """The try, when the password is right and the account is open."""
    with here.store.write() as session:
        tried = begin_try(session, given.login, given.address, moment())
    is_right = is_password(tried.staff.password_hash if tried.staff else None, given.password)
    if tried.staff is None or not is_right or tried.staff.disabled_at is not None:
        log.info("sign_in_refused", address=given.address)
        raise PlainlyError(refusal, "The login or the password is wrong.")
    return tried


def _unchanged(session: Session, seen: StaffRow | None, refusal: str) -> StaffRow:
    """The account, if nobody changed its password or closed it since it was looked at."""
    row = held(session, seen.id if seen else "")
    if seen is None or row.password_hash != seen.password_hash or row.disabled_at is not None:
        raise PlainlyError(refusal, "The login or the password is wrong.")
    return row
