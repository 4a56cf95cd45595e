"""Conversations: opening one, finding one by its token, and changing who owns it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from plainly.desk import Conversation, Event, NotAllowed, move
from plainly.errors import PlainlyError
from plainly.store.database import touch
from plainly.store.tables import ConversationRow
from plainly.store.types import Json, new_id

_ID = re.compile(r"[0-9a-z]{1,32}")
_ONE = select(ConversationRow).where(ConversationRow.id == bindparam("conversation"))
_LOCKED = _ONE.with_for_update()
_NO_TOKEN = hashlib.sha256(b"no conversation has this token").hexdigest()


def open_conversation(
    session: Session,
    now: datetime,
    *,
    language: str = "en",
    customer: str | None = None,
    facts: Json | None = None,
) -> tuple[ConversationRow, str]:
    """A new conversation, and the token that opens it: 256 random bits, of which only a hash is kept."""
    token = secrets.token_urlsafe(32)
    row = ConversationRow(
        id=new_id(),
        token_hash=hash_token(token),
        owner="bot",
        epoch=0,
        seq=0,
        context={},
        facts=facts or {},
        language=language,
        customer=customer,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    touch(session, row)
    return row, token


def hash_token(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def with_token(session: Session, conversation_id: str, token: str, *, hold: bool = False) -> ConversationRow:
    """The conversation this token opens, held until the transaction ends when asked for.

    An unknown conversation and a wrong token give the same PlainlyError.
    """
    query = _LOCKED if hold else _ONE
    known = _ID.fullmatch(conversation_id)
    row = session.scalars(query, {"conversation": conversation_id}).one_or_none() if known else None
    if not hmac.compare_digest(row.token_hash if row else _NO_TOKEN, hash_token(token)) or row is None:
        raise PlainlyError(
            "no_access",
            "There is no such conversation, or the token does not open it. Start a new conversation.",
        )
    return row


def locked(session: Session, conversation_id: str) -> ConversationRow:
    """The conversation, held until this transaction ends. Every change of one starts here."""
    fresh = {"populate_existing": True}
    return session.scalars(_LOCKED, {"conversation": conversation_id}, execution_options=fresh).one()


def find_conversation(session: Session, conversation_id: str, *, hold: bool = False) -> ConversationRow | None:
    """The conversation with this id for staff, held until the transaction ends when asked for."""
    if not _ID.fullmatch(conversation_id):
        return None
    fresh = {"populate_existing": True} if hold else {}
    query = _LOCKED if hold else _ONE
    return session.scalars(query, {"conversation": conversation_id}, execution_options=fresh).one_or_none()


def as_owned(row: ConversationRow) -> Conversation:
    """The row as the desk's state machine knows it."""
    return Conversation(row.id, row.owner, row.epoch)


def apply(session: Session, row: ConversationRow, event: Event, now: datetime) -> Conversation | NotAllowed:
    """Let an event happen to a conversation that is held; tells why when it may not."""
    before = as_owned(row)
    after = move(before, event)
    if isinstance(after, NotAllowed) or after == before:
        return after
    changed = session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == row.id, ConversationRow.epoch == before.epoch)
        .values(owner=after.owner, epoch=after.epoch, updated_at=now)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        return NotAllowed("stale", "Somebody was quicker.")
    session.refresh(row, ["owner", "epoch", "updated_at"])
    touch(session, row)
    return after
