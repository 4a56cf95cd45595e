"""What is kept beside the messages: records for reports, and the receipts of decisions told to customers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

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


def receipts(session: Session, receipt_id: str) -> list[ReceiptRow]:
    """Where this decision was told, in order of time."""
    query = select(ReceiptRow).where(ReceiptRow.id == receipt_id).order_by(ReceiptRow.created_at)
    return list(session.scalars(query))


def records(session: Session, kind: str) -> list[RecordRow]:
    """All records of a kind, in order."""
    return list(session.scalars(select(RecordRow).where(RecordRow.kind == kind).order_by(RecordRow.id)))
