"""Drafts that staff were shown, what became of each, and what the engine made of the messages they were for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select, true
from sqlalchemy.orm import Session

from plainly.errors import PlainlyError
from plainly.store.desk_tables import OverrideRow, SuggestionRow
from plainly.store.tables import MessageRow, RecordRow
from plainly.store.types import Json, new_id


def keep_drafts(
    session: Session, conversation_id: str, drafts: Sequence[Json], *, for_seq: int, shown_to: str, now: datetime
) -> list[SuggestionRow]:
    """Keep drafts as shown, in their order. Each has its words under "text"; the rest is kept as it is."""
    rows = [
        SuggestionRow(
            id=new_id(),
            conversation_id=conversation_id,
            for_seq=for_seq,
            rank=rank,
            body=draft["text"],
            draft={name: value for name, value in draft.items() if name != "text"},
            shown_to=shown_to,
            shown_at=now,
        )
        for rank, draft in enumerate(drafts, 1)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def shown_drafts(
    session: Session, conversation_id: str, for_seq: int, shown_to: str, basis: str
) -> list[SuggestionRow]:
    """What this member of staff was shown for a message on the same basis, by rank."""
    query = (
        select(SuggestionRow)
        .where(
            SuggestionRow.conversation_id == conversation_id,
            SuggestionRow.for_seq == for_seq,
            SuggestionRow.shown_to == shown_to,
        )
        .order_by(SuggestionRow.shown_at.desc(), SuggestionRow.rank)
    )
    rows = [row for row in session.scalars(query) if row.draft.get("basis") == basis]
    return sorted((row for row in rows if row.shown_at == rows[0].shown_at), key=lambda row: row.rank)


def same_basis(session: Session, conversation_id: str, for_seq: int, basis: str) -> list[SuggestionRow]:
    """The newest drafts anybody was shown for a message on this basis, by rank: they need not be made again."""
    query = (
        select(SuggestionRow)
        .where(SuggestionRow.conversation_id == conversation_id, SuggestionRow.for_seq == for_seq)
        .order_by(SuggestionRow.shown_at.desc(), SuggestionRow.id.desc())
    )
    rows = [row for row in session.scalars(query) if row.draft.get("basis") == basis]
    first = [row for row in rows if (row.shown_at, row.shown_to) == (rows[0].shown_at, rows[0].shown_to)]
    return sorted(first, key=lambda row: row.rank)


def newest_draft(session: Session, conversation_id: str, before: int | None = None) -> SuggestionRow | None:
    """The engine's own draft for the latest message that drafts were made for; of those before a number, if given."""
    earlier = SuggestionRow.for_seq < before if before is not None else true()
    query = (
        select(SuggestionRow)
        .where(SuggestionRow.conversation_id == conversation_id, SuggestionRow.rank == 1, earlier)
        .order_by(SuggestionRow.for_seq.desc(), SuggestionRow.shown_at.desc(), SuggestionRow.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def suggestion_of(session: Session, suggestion_id: str, *, hold: bool = False) -> SuggestionRow:
    """A draft by its id. Raises PlainlyError `unknown_suggestion`."""
    query = select(SuggestionRow).where(SuggestionRow.id == suggestion_id)
    row = session.scalars(query.with_for_update() if hold else query).one_or_none() if suggestion_id.isalnum() else None
    if row is None:
        raise PlainlyError("unknown_suggestion", "There is no such suggestion.", {"id": suggestion_id})
    return row


def mark_used(row: SuggestionRow, used: str, *, now: datetime, seq: int | None = None, told: str | None = None) -> None:
    """Note what became of a draft: sent, edited (`told` is the difference) or discarded (`told` is the reason)."""
    row.used, row.used_at = used, now
    row.sent_seq = seq if seq is not None else row.sent_seq
    if used == "edited":
        row.difference = told
    if used == "discarded":
        row.reason = told


def has_record(session: Session, conversation_id: str, kind: str, message_seq: int) -> bool:
    """Whether this was recorded for this message already."""
    query = select(
        exists().where(
            RecordRow.conversation_id == conversation_id, RecordRow.kind == kind, RecordRow.message_seq == message_seq
        )
    )
    return bool(session.scalar(query))


def answered_by_bot(session: Session, message: MessageRow) -> bool:
    """Whether the bot itself told the customer something in answer to this message."""
    query = select(
        exists().where(
            MessageRow.conversation_id == message.conversation_id,
            MessageRow.reply_to == message.id,
            MessageRow.author_kind == "bot",
            MessageRow.kind == "text",
        )
    )
    return bool(session.scalar(query))


def overrides_of(session: Session, conversation_id: str) -> list[OverrideRow]:
    """Words sent against the engine in a conversation, in order."""
    query = select(OverrideRow).where(OverrideRow.conversation_id == conversation_id).order_by(OverrideRow.id)
    return list(session.scalars(query))
