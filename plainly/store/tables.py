"""The tables. Rows are the truth about a conversation; sockets and Rasa's memory are not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plainly.store.types import JSON_TYPE, Json, Moment

_IS_OPEN = text("state IN ('pending', 'running')")


class Table(DeclarativeBase):
    """The base of all tables; names of constraints are fixed so that migrations can name them."""

    type_annotation_map = {  # noqa: RUF012
        datetime: Moment(),
        Json: JSON_TYPE,
        list[Json]: JSON_TYPE,
        list[str]: JSON_TYPE,
        str: Text(),
    }
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class ConversationRow(Table):
    """One customer's conversation: who owns it, what the dialogue remembers, the last sequence number used.

    `facts` are what a shop vouches for; `customer` and `customer_name` are empty for a visitor nobody vouches for.
    `touched` is the computer's clock at the last change, so that another
    process can see what is new.
    """

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    owner: Mapped[str] = mapped_column(String(120), default="bot", index=True)
    epoch: Mapped[int] = mapped_column(default=0)
    seq: Mapped[int] = mapped_column(default=0)
    context: Mapped[Json] = mapped_column(default=dict)
    facts: Mapped[Json] = mapped_column(default=dict)
    language: Mapped[str] = mapped_column(String(16), default="en")
    customer: Mapped[str | None] = mapped_column(String(200), index=True)
    customer_name: Mapped[str | None] = mapped_column(String(200))
    snoozed_until: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    touched: Mapped[float] = mapped_column(index=True)


class MessageRow(Table):
    """One thing said. `reply_to` is the message it answers; nothing is answered twice.

    `kind`: text, button (a tap), notice (the desk speaks), draft (kept from the customer), note (staff only).
    `buttons` keep what each button means; `tapped` is the button a customer tapped.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "id"),
        Index(
            "uq_message_answered_once",
            "conversation_id",
            "reply_to",
            unique=True,
            sqlite_where=text("author_kind = 'bot' AND reply_to IS NOT NULL"),
            postgresql_where=text("author_kind = 'bot' AND reply_to IS NOT NULL"),
        ),
    )

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(80))
    author_kind: Mapped[str] = mapped_column(String(16))
    author: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[str] = mapped_column(String(16), default="text")
    body: Mapped[str]
    status: Mapped[str | None] = mapped_column(String(32))
    buttons: Mapped[list[Json]] = mapped_column(default=list)
    tapped: Mapped[Json | None]
    citations: Mapped[list[Json]] = mapped_column(default=list)
    receipt: Mapped[Json | None]
    details: Mapped[Json | None]
    reply_to: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]


class TurnRow(Table):
    """A customer's message the bot owes an answer. States: pending, running, done, draft, left (to people), failed.

    `lease_until` is in seconds by the computer's clock; a lease that ran out may be taken over. `reruns`
    counts the times it was started afresh because the facts around it had changed.
    """

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("conversation_id", "message_seq"),
        Index("ix_turn_open", "id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    message_seq: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="pending")
    tries: Mapped[int] = mapped_column(default=0)
    reruns: Mapped[int] = mapped_column(default=0)
    epoch: Mapped[int | None]
    lease_by: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[float | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class EscalationRow(Table):
    """A conversation's time with people: why, with what packet, since when. One open at a time.

    `team` limits who is asked to take it. `answered_at` is the first word a person wrote. `line_since` is the
    moment that counts for their place in line: who is sent back to the line keeps the place they had.
    """

    __tablename__ = "escalation"
    __table_args__ = (
        Index(
            "uq_escalation_one_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(32))
    team: Mapped[str | None] = mapped_column(String(60))
    packet: Mapped[Json]
    contact: Mapped[Json | None]
    told_seq: Mapped[int]
    acknowledged: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    line_since: Mapped[datetime | None]
    taken_at: Mapped[datetime | None] = mapped_column(index=True)
    taken_by: Mapped[str | None] = mapped_column(String(120))
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class GrantRow(Table):
    """The ledger: one lever spent. `holder` is the customer, or the conversation when nobody vouches for them."""

    __tablename__ = "ledger"
    __table_args__ = (Index("ix_ledger_holder_policy_lever", "holder", "policy", "lever"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    message_seq: Mapped[int]
    holder: Mapped[str] = mapped_column(String(220))
    policy: Mapped[str] = mapped_column(String(120))
    lever: Mapped[str] = mapped_column(String(120))
    amount: Mapped[str]
    reason: Mapped[str]
    granted_by: Mapped[str] = mapped_column(String(120))
    granted_at: Mapped[datetime]


class RecordRow(Table):
    """Something kept for reports: a gap in the folder, feedback, a complaint, an answer, a contact."""

    __tablename__ = "record"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    message_seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32), index=True)
    data: Mapped[Json]
    created_at: Mapped[datetime]


class ReceiptRow(Table):
    """A decision as it was told to a customer, so that staff can verify it later."""

    __tablename__ = "receipt"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    message_seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(80), index=True)
    policy: Mapped[str] = mapped_column(String(120))
    version: Mapped[str] = mapped_column(String(80))
    decision: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(120))
    data: Mapped[Json]
    created_at: Mapped[datetime]


def row_as_json(row: Table) -> dict[str, Any]:
    """A row's columns by name, for exports and tests."""
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
