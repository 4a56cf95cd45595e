"""API keys for other help desks: made once, shown once, revoked at any time. Only a hash is kept."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from plainly.errors import PlainlyError
from plainly.store.conversations import hash_token
from plainly.store.desk_tables import ApiKeyRow
from plainly.store.types import new_id

_KEY = re.compile(r"plainly_([0-9a-z]{8})_[A-Za-z0-9_-]{43}")
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class ApiKey:
    """A key that opens. `is_noted` tells that its use was written down less than a minute ago."""

    id: str
    name: str
    prefix: str
    is_noted: bool


def make_key(session: Session, name: str, made_by: str, now: datetime) -> tuple[ApiKeyRow, str]:
    """A new key and its text, which nobody can see again. Raises PlainlyError `wrong_key_name`."""
    name = " ".join(name.split())
    if not 0 < len(name) <= 60 or not name.isprintable():
        raise PlainlyError("wrong_key_name", "Name the key in 1 to 60 characters, for example after its user.")
    prefix = "".join(secrets.choice(_LETTERS) for _ in range(8))
    text = f"plainly_{prefix}_{secrets.token_urlsafe(32)}"
    row = ApiKeyRow(id=new_id(), name=name, prefix=prefix, key_hash=hash_token(text), made_by=made_by, created_at=now)
    session.add(row)
    return row, text


def check_key(session: Session, key: str, now: datetime) -> ApiKey:
    """The key, when it opens. Raises PlainlyError `wrong_key` for one unknown, misspelt or revoked.

    It only reads; routes use the dependency `Key` of plainly/gateway/staff/keys.py, which also notes the use.
    """
    matched = _KEY.fullmatch(key)
    row = session.scalars(select(ApiKeyRow).where(ApiKeyRow.prefix == matched[1])).one_or_none() if matched else None
    is_right = row is not None and hmac.compare_digest(row.key_hash, hash_token(key))
    if row is None or not is_right or row.revoked_at is not None:
        raise PlainlyError("wrong_key", "This API key is unknown or was revoked. An owner makes keys at /desk/keys.")
    is_noted = row.used_at is not None and abs(now - row.used_at) < _NOTED_EVERY
    return ApiKey(row.id, row.name, row.prefix, is_noted)


def note_used(session: Session, key_id: str, now: datetime) -> None:
    """Keep when a key was last used."""
    session.execute(update(ApiKeyRow).where(ApiKeyRow.id == key_id).values(used_at=now))


def revoke_key(session: Session, key_id: str, now: datetime) -> ApiKeyRow:
    """End a key at once and for good. Raises PlainlyError `unknown_key`."""
    query = select(ApiKeyRow).where(ApiKeyRow.id == key_id).with_for_update()
    row = session.scalars(query).one_or_none() if key_id.isalnum() else None
    if row is None:
        raise PlainlyError("unknown_key", "There is no such key.", {"id": key_id})
    row.revoked_at = row.revoked_at or now
    return row


def all_keys(session: Session) -> list[ApiKeyRow]:
    """Every key, the newest first; revoked ones last."""
    rows = session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.created_at.desc(), ApiKeyRow.id.desc()))
    return sorted(rows, key=lambda row: row.revoked_at is not None)
