"""Identity tokens count once, across all processes: the first exchange writes a row, and there can be only one."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from plainly.store.desk_tables import UsedTokenRow


def use_once(session: Session, jti: str, expires_at: datetime) -> bool:
    """Note that a token is used; False when it was before. Only a hash of its id is kept."""
    hashed = hashlib.sha256(jti.encode("utf-8", "replace")).hexdigest()
    try:
        with session.begin_nested():
            session.add(UsedTokenRow(jti=hashed, expires_at=expires_at))
    except IntegrityError:
        return False
    return True


def forget_expired(session: Session, now: datetime) -> None:
    """Forget the tokens that would be refused by their time alone."""
    session.execute(delete(UsedTokenRow).where(UsedTokenRow.expires_at < now))
