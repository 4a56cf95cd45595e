"""What staff see of one conversation: everything said, notes and drafts too, and all that happened to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainly.clock import elapsed
from plainly.desk.ladder import next_step
from plainly.errors import PlainlyError
from plainly.gateway.console.explaining import in_words
from plainly.gateway.console.knowing import packet_of
from plainly.model import KnowledgeBase
from plainly.store.conversations import find_conversation
from plainly.store.handling import handling_of, latest_escalation, names_of, roles_of
from plainly.store.messages import as_shown
from plainly.store.presence import NOBODY, Typing, who_types
from plainly.store.records import receipts_of
from plainly.store.tables import ConversationRow, GrantRow, MessageRow

Json = dict[str, Any]

_MOST = 500


def known(session: Session, conversation_id: str, *, hold: bool = False) -> ConversationRow:
    """A conversation, held until the transaction ends when asked for. Raises PlainlyError `unknown_conversation`."""
    row = find_conversation(session, conversation_id, hold=hold)
    if row is None:
        raise PlainlyError("unknown_conversation", "There is no such conversation.")
    return row


def messages_for_staff(session: Session, conversation_id: str, after: int = 0) -> list[Json]:
    """All messages with a number above `after`, in order; of very long conversations the last ones."""
    query = select(MessageRow).where(MessageRow.conversation_id == conversation_id, MessageRow.seq > after)
    found = list(session.scalars(query.order_by(MessageRow.seq.desc()).limit(_MOST)))[::-1]
    names = names_of(session, {message.author for message in found if message.author_kind == "agent"})
    return [_message(message, names) for message in found]


def _message(message: MessageRow, names: dict[str, str]) -> Json:
    """As the customer sees it, and who wrote it, what it answers, and what the engine thought."""
    return {
        **as_shown(message, names.get(message.author)),
        "by": message.author or None,
        "reply_to": message.reply_to,
        "details": message.details,
    }


def typing_in(session: Session, conversation_id: str) -> Json:
    """Who types there now: `{customer, staff: [{id, name}]}`."""
    found: Typing = who_types(session, [conversation_id], elapsed()).get(conversation_id, NOBODY)
    staff = [{"id": who, "name": name} for who, name in sorted(found.staff.items())]
    return {"customer": found.customer, "staff": staff}


def whole(session: Session, row: ConversationRow, kb: KnowledgeBase | None) -> Json:
    """Packet, messages, what happened at the desk, what was granted, and the way to reach them.

    `in_words` says in the folder's words what the packet holds as ids, and who comes next on the ladder.
    """
    escalation = latest_escalation(session, row.id)
    packet = packet_of(session, row, escalation)
    words: Json = {}
    if kb is not None:
        words = in_words(kb, packet, receipts_of(session, row.id), row.language)
        words["next_step"] = next_step(kb.business.escalation, roles_of(session, row.id)) if escalation else ""
    return {
        "packet": packet,
        "in_words": words,
        "messages": messages_for_staff(session, row.id),
        "handling": _handling(session, row.id),
        "grants": _grants(session, row.id),
        "contact": escalation.contact if escalation else None,
    }


def _handling(session: Session, conversation_id: str) -> list[Json]:
    rows = handling_of(session, conversation_id)
    people = {row.by for row in rows} | {str(row.data["to"]) for row in rows if row.data.get("to")}
    names = names_of(session, people)
    return [
        {
            "seq": row.seq,
            "what": row.what,
            "by": {"id": row.by, "name": names.get(row.by, "")},
            "to": names.get(str(row.data.get("to")), ""),
            "data": row.data,
            "at": row.at.isoformat(),
        }
        for row in rows
    ]


def _grants(session: Session, conversation_id: str) -> list[Json]:
    query = select(GrantRow).where(GrantRow.conversation_id == conversation_id).order_by(GrantRow.id)
    rows = list(session.scalars(query))
    names = names_of(session, {row.granted_by for row in rows})
    return [
        {
            "policy": row.policy,
            "lever": row.lever,
            "amount": row.amount,
            "reason": row.reason,
            "by": {"id": row.granted_by, "name": names.get(row.granted_by, "")},
            "at": row.granted_at.isoformat(),
        }
        for row in rows
    ]
