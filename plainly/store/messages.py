"""Messages: adding one with the next number, and reading those after a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from plainly.errors import PlainlyError
from plainly.store.database import touch
from plainly.store.tables import ConversationRow, MessageRow
from plainly.store.types import Json, new_id

HIDDEN = ("draft", "note")
"""Kinds of message the customer never sees."""

_OF_CONVERSATION = select(MessageRow).where(MessageRow.conversation_id == bindparam("conversation"))
_SHOWN = _OF_CONVERSATION.where(MessageRow.kind.not_in(HIDDEN)).limit(bindparam("most"))
_BY_ID = _OF_CONVERSATION.where(MessageRow.id == bindparam("message"))
_AFTER = _SHOWN.where(MessageRow.seq > bindparam("seq")).order_by(MessageRow.seq)
_WRITTEN = (
    _OF_CONVERSATION.with_only_columns(MessageRow.seq)
    .where(MessageRow.author_kind == "customer", MessageRow.seq > bindparam("seq"))
    .limit(1)
)
_LAST = _SHOWN.order_by(MessageRow.seq.desc())


@dataclass(frozen=True)
class NewMessage:
    """A message to add; see MessageRow for what its parts mean."""

    author_kind: str
    body: str
    id: str = ""
    author: str = ""
    kind: str = "text"
    status: str | None = None
    buttons: tuple[Json, ...] = ()
    tapped: Json | None = None
    citations: tuple[Json, ...] = ()
    receipt: Json | None = None
    details: Json | None = None
    reply_to: str | None = None


def add_message(session: Session, row: ConversationRow, new: NewMessage, now: datetime) -> MessageRow:
    """Add a message to a conversation that is held. Buttons get the ids by which they can be tapped."""
    row.seq += 1
    row.updated_at = now
    message = MessageRow(
        conversation_id=row.id,
        seq=row.seq,
        id=new.id or f"s-{new_id()}",
        author_kind=new.author_kind,
        author=new.author,
        kind=new.kind,
        body=new.body,
        status=new.status,
        buttons=[{**button, "id": f"b{row.seq}.{place}"} for place, button in enumerate(new.buttons)],
        tapped=new.tapped,
        citations=list(new.citations),
        receipt=new.receipt,
        details=new.details,
        reply_to=new.reply_to,
        created_at=now,
    )
    session.add(message)
    touch(session, row)
    return message


def find_message(session: Session, conversation_id: str, message_id: str) -> MessageRow | None:
    """The message with this id, if there is one."""
    given = {"conversation": conversation_id, "message": message_id}
    return session.scalars(_BY_ID, given).one_or_none()


def find_button(session: Session, conversation_id: str, button_id: str) -> Json:
    """The button with this id, which must have been shown to the customer of this conversation."""
    digits = button_id.removeprefix("b").partition(".")[0]
    seq = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0
    message = session.get(MessageRow, (conversation_id, seq))
    shown = message.buttons if message and message.kind not in HIDDEN else []
    for button in shown:
        if button["id"] == button_id:
            return button
    raise PlainlyError("unknown_button", "This button was not offered in this conversation.", {"button": button_id})


def messages_after(session: Session, conversation_id: str, seq: int, *, limit: int = 200) -> list[MessageRow]:
    """What the customer may see with a number above `seq`, in order."""
    return list(session.scalars(_AFTER, {"conversation": conversation_id, "seq": seq, "most": limit}))


def transcript(session: Session, conversation_id: str, *, limit: int = 20) -> list[MessageRow]:
    """The last messages both sides saw, in order."""
    return list(session.scalars(_LAST, {"conversation": conversation_id, "most": limit}))[::-1]


def has_written(session: Session, conversation_id: str, *, after: int) -> bool:
    """Whether the customer wrote or tapped anything with a number above `after`."""
    return session.scalar(_WRITTEN, {"conversation": conversation_id, "seq": after}) is not None


def as_shown(message: MessageRow, name: str | None = None) -> dict[str, Any]:
    """A message as the customer's browser gets it. Of buttons it sees only ids and labels; `name` is an agent's."""
    named = {"name": name} if name else {}
    return {
        **named,
        "seq": message.seq,
        "id": message.id,
        "author": message.author_kind,
        "kind": message.kind,
        "text": message.body,
        "buttons": [{"id": button["id"], "label": button["label"]} for button in message.buttons],
        "citations": message.citations,
        "status": message.status,
        "receipt": message.receipt,
        "created_at": message.created_at.isoformat(),
    }
