"""What is kept beside the messages: records for reports, and the receipts of decisions told to customers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainly.outcomes.voice import KINDS, Remark
from plainly.store.tables import ReceiptRow, RecordRow
from plainly.store.types import Json


def keep_record(
    session: Session, conversation_id: str, kind: str, data: Json, *, message_seq: int, now: datetime
) -> None:
    """Keep a gap, feedback, a complaint, an answer to an open question or a contact."""
    session.add(
        RecordRow(conversation_id=conversation_id, message_seq=message_seq, kind=kind, data=data, created_at=now)
    )


def keep_receipt(session: Session, conversation_id: str, receipt: Json, *, message_seq: int, now: datetime) -> None:
    """Keep the receipt of a decision as the customer was told it."""
    session.add(
        ReceiptRow(
            conversation_id=conversation_id,
            message_seq=message_seq,
            id=str(receipt.get("id", "")),
            policy=str(receipt.get("policy", "")),
            version=str(receipt.get("version", "")),
            decision=str(receipt.get("decision", "")),
            outcome=str(receipt.get("outcome", "")),
            data=receipt,
            created_at=now,
        )
    )


def receipts_of(session: Session, conversation_id: str) -> list[Json]:
    """The receipts a customer was given in a conversation, in order of time; each once, however often it was told."""
    query = select(ReceiptRow).where(ReceiptRow.conversation_id == conversation_id).order_by(ReceiptRow.message_seq)
    return list({row.id: row.data for row in session.scalars(query)}.values())


def remarks(session: Session, start: datetime, end: datetime) -> list[Remark]:
    """What customers told us from `start` until just before `end`, in order."""
    query = (
        select(RecordRow)
        .where(RecordRow.kind.in_(KINDS), RecordRow.created_at >= start, RecordRow.created_at < end)
        .order_by(RecordRow.id)
    )
    return [_as_remark(row) for row in session.scalars(query)]


def _as_remark(row: RecordRow) -> Remark:
    """A gap keeps its question and the policy nearest to it; everything else its text and the policy it is about."""
    words, policy = ("question", "nearest") if row.kind == "gap" else ("text", "policy")
    return Remark(
        row.conversation_id,
        row.message_seq,
        row.created_at,
        kind=row.kind,
        words=str(row.data.get(words) or ""),
        policy=str(row.data.get(policy) or ""),
    )
