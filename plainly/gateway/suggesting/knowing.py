"""What is known of a conversation when staff answer: the dialogue's memory, mended by what was heard since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainly.errors import PlainlyError
from plainly.gateway.folder import Folder
from plainly.model import Context
from plainly.store.handoffs import current_escalation
from plainly.store.ledger import levers_left
from plainly.store.suggestions import newest_draft
from plainly.store.tables import ConversationRow, GrantRow, MessageRow
from plainly.suggest.ground import Granted, Ground, decided
from plainly.turn.wire import context_from_json, facts_from_json

Json = dict[str, Any]

HEARD_UP_TO = "heard_up_to"
"""Where the memory keeps the last message it took in from staff's side."""

_OF_PEOPLE = ("granted", "told")
_LOOK_BACK = 60


def known_context(session: Session, row: ConversationRow, before: int | None = None) -> Json:
    """The dialogue's memory as JSON, with what the engine heard in messages that people answered.

    Those messages never reach the bot, so the newest draft's memory goes on from its own; `before` leaves out
    drafts for that message and later ones. What an agent corrected stays as they put it.
    """
    draft = newest_draft(session, row.id, before)
    heard: Json = dict(draft.draft.get("context") or {}) if draft else {}
    known_up_to = max(int(row.context.get(HEARD_UP_TO) or 0), _last_bot_turn(session, row.id))
    if draft is None or not heard or draft.for_seq <= known_up_to:
        return row.context
    known = row.context.get("facts", {})
    corrected = {name: fact for name, fact in known.items() if fact.get("source") == "agent"}
    told = {name: row.context[name] for name in _OF_PEOPLE if name in row.context}
    return {**heard, **told, "facts": {**heard.get("facts", {}), **corrected}}


def remember(row: ConversationRow, context: Json, up_to: int) -> None:
    """Make this the dialogue's memory: it takes in the messages up to a number."""
    row.context = {**context, HEARD_UP_TO: max(up_to, int(row.context.get(HEARD_UP_TO) or 0))}


def _last_bot_turn(session: Session, conversation_id: str) -> int:
    query = (
        select(MessageRow.seq)
        .where(
            MessageRow.conversation_id == conversation_id, MessageRow.author_kind == "bot", MessageRow.kind == "text"
        )
        .order_by(MessageRow.seq.desc())
        .limit(1)
    )
    return session.scalar(query) or 0


def ground_of(session: Session, folder: Folder, row: ConversationRow, now: datetime) -> Ground:
    """The case of a conversation as it stands now, with its decision worked out afresh."""
    kb = folder.current()
    data = known_context(session, row)
    context = _readable(data)
    facts = {name: fact for name, fact in {**context.facts, **facts_from_json(row.facts)}.items() if name in kb.facts}
    policies = {f"{policy}.{lever.id}": lever for policy, lever in folder.levers()}
    left = {name: lever.per_customer for name, lever in policies.items()}
    messages = _recent(session, row.id)
    escalation = current_escalation(session, row.id)
    return Ground(
        kb=kb,
        today=now.date(),
        context=context,
        facts=facts,
        decision=decided(kb, context.decision, facts, now.date()),
        cited=frozenset(_cited(messages)),
        said=tuple(message.body for message in messages if message.author_kind in ("customer", "bot")),
        granted=tuple(granted(session, row)),
        left={**left, **levers_left(session, row, folder.levers(), now)},
        reason=escalation.reason if escalation else None,
    )


def _readable(data: Json) -> Context:
    try:
        return context_from_json(data)
    except (
        PlainlyError,
        KeyError,
        TypeError,
        ValueError,
    ):  # the memory of an older version: a person reads the conversation
        return Context()


def _recent(session: Session, conversation_id: str) -> list[MessageRow]:
    query = (
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation_id, MessageRow.kind.in_(("text", "button")))
        .order_by(MessageRow.seq.desc())
        .limit(_LOOK_BACK)
    )
    return list(session.scalars(query))[::-1]


def _cited(messages: Iterable[MessageRow]) -> set[str]:
    return {str(one["policy"]) for message in messages for one in message.citations if "policy" in one}


def granted(session: Session, row: ConversationRow) -> list[Granted]:
    """The levers that were granted in this conversation."""
    query = select(GrantRow.policy, GrantRow.lever).where(GrantRow.conversation_id == row.id)
    return [Granted(policy, lever) for policy, lever in session.execute(query).tuples().all()]
