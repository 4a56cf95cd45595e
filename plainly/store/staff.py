"""The accounts of staff: made, changed, disabled, and never without an owner."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from plainly.errors import PlainlyError
from plainly.store.database import hint, hold
from plainly.store.desk_tables import StaffRow, StaffSessionRow
from plainly.store.presence import STAFF
from plainly.store.types import new_id

ROLES = ("agent", "supervisor", "owner")
"""From the least to the most that a member of staff may do."""

MOST_CAPACITY = 50
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,119}")
_SKILL = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True)
class Account:
    """What an owner says about a member of staff. `name` is what customers see."""

    login: str
    name: str
    role: str = "agent"
    team: str = ""
    skills: tuple[str, ...] = ()
    capacity: int = 4


def as_login(text: str) -> str:
    """A login as it is kept: in lower case, without space around it."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def checked(account: Account) -> Account:
    """The account as it is kept. Raises PlainlyError `wrong_account` that names the field and what it must be."""
    tidy = Account(
        login=as_login(account.login),
        name=_one_line(account.name),
        role=account.role.strip().lower(),
        team=_one_line(account.team),
        skills=tuple(dict.fromkeys(word for word in (skill.strip().lower() for skill in account.skills) if word)),
        capacity=account.capacity,
    )
    for field, is_right, must in _rules(tidy):
        if not is_right:
            raise PlainlyError("wrong_account", f"The {field} {must}.", {"field": field})
    return tidy


def _rules(account: Account) -> tuple[tuple[str, bool, str], ...]:
    return (
        (
            "login",
            _LOGIN.fullmatch(account.login) is not None,
            "has 1 to 120 small letters, digits or . _ @ + -, and starts with a letter or digit",
        ),
        ("name", 0 < len(account.name) <= 60 and _is_plain(account.name), "has 1 to 60 characters on one line"),
        ("role", account.role in ROLES, f"is one of {', '.join(ROLES)}"),
        ("team", len(account.team) <= 60 and _is_plain(account.team), "has at most 60 characters on one line"),
        (
            "skills",
            len(account.skills) <= 50 and all(_SKILL.fullmatch(skill) for skill in account.skills),
            "are at most 50 words such as returns or en, separated by commas",
        ),
        ("capacity", 1 <= account.capacity <= MOST_CAPACITY, f"is a number from 1 to {MOST_CAPACITY}"),
    )


def _one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _is_plain(text: str) -> bool:
    """Customers read names: no control characters, no marks that turn the direction round."""
    return not any(unicodedata.category(letter).startswith("C") for letter in text)


def add_staff(session: Session, account: Account, password_hash: str, now: datetime) -> StaffRow:
    """A new account. Raises PlainlyError `wrong_account` or `login_taken`."""
    account = checked(account)
    row = StaffRow(
        id=new_id(),
        login=account.login,
        password_hash=password_hash,
        available=False,
        created_at=now,
        name=account.name,
        role=account.role,
        team=account.team,
        skills=list(account.skills),
        capacity=account.capacity,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise PlainlyError(
            "login_taken", f"There is an account {account.login} already.", {"login": account.login}
        ) from None
    return row


def change_staff(session: Session, staff_id: str, account: Account) -> StaffRow:
    """Everything but the login and the password. A new role holds from the next request on."""
    row = held(session, staff_id)
    account = checked(account)
    if row.role == "owner" and account.role != "owner":
        _check_another_owner(session, row)
    row.name, row.role, row.team = account.name, account.role, account.team
    row.skills, row.capacity = list(account.skills), account.capacity
    hint(session, STAFF)
    return row


def disable_staff(session: Session, staff_id: str, now: datetime) -> StaffRow:
    """Close an account; whoever is signed in with it is out at once."""
    row = held(session, staff_id)
    if row.disabled_at is None:
        _check_another_owner(session, row)
        row.disabled_at, row.available = now, False
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == row.id))
    hint(session, STAFF)  # open consoles look whether they may stay
    return row


def enable_staff(session: Session, staff_id: str) -> StaffRow:
    """Open a disabled account again; its owner signs in with the old password."""
    row = held(session, staff_id)
    row.disabled_at = None
    return row


def _check_another_owner(session: Session, row: StaffRow) -> None:
    if row.role != "owner":
        return
    others = select(func.count()).where(StaffRow.role == "owner", StaffRow.disabled_at.is_(None), StaffRow.id != row.id)
    if not session.scalar(others):
        raise PlainlyError("last_owner", f"{row.login} is the only owner. Make somebody else an owner first.")


def held(session: Session, staff_id: str) -> StaffRow:
    """An account to change, held until this transaction ends. Raises PlainlyError `unknown_staff`."""
    hold(session, "staff accounts")  # two owners must not disable each other
    query = select(StaffRow).where(StaffRow.id == staff_id).with_for_update().execution_options(populate_existing=True)
    return _there(session.scalars(query).one_or_none() if staff_id.isalnum() else None)


def found_staff(session: Session, staff_id: str) -> StaffRow:
    """An account to look at. Raises PlainlyError `unknown_staff`."""
    return _there(session.get(StaffRow, staff_id) if staff_id.isalnum() else None)


def _there(row: StaffRow | None) -> StaffRow:
    if row is None:
        raise PlainlyError("unknown_staff", "There is no such account.")
    return row


def staff_by_login(session: Session, login: str) -> StaffRow | None:
    """The account of a login, however it is typed."""
    known_as = as_login(login)
    if not _LOGIN.fullmatch(known_as):
        return None
    return session.scalars(select(StaffRow).where(StaffRow.login == known_as)).one_or_none()


def named(session: Session, login: str) -> StaffRow:
    """The account of a login. Raises PlainlyError `unknown_staff`."""
    row = staff_by_login(session, login)
    if row is None:
        raise PlainlyError(
            "unknown_staff", f"There is no account “{login}”. `plainly user list` shows all.", {"login": login}
        )
    return row


def all_staff(session: Session) -> list[StaffRow]:
    """Every account: owners first, then by name; disabled ones last."""
    rows = session.scalars(select(StaffRow))
    return sorted(rows, key=lambda row: (row.disabled_at is not None, -ROLES.index(row.role), row.name, row.login))


def has_staff(session: Session) -> bool:
    """Whether anybody has an account."""
    return session.scalar(select(StaffRow.id).limit(1)) is not None
