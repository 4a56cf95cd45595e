"""The tables of the desk: who works there, what they were shown and what they did with it, and how it ended.

They share the metadata of `tables.py`, so that one chain of migrations makes them all.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plainly.store.tables import Table
from plainly.store.types import Json


class StaffRow(Table):
    """A member of staff. `login` is kept in lower case. Roles: agent, supervisor, owner.

    `capacity` is how many conversations they take at once, `skills` are the words for what they are good at
    (policy ids, languages). `available` is their own switch; `seen_at` is when their desk was last open.
    """

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    login: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str]
    team: Mapped[str] = mapped_column(String(60), default="")
    skills: Mapped[list[str]] = mapped_column(default=list)
    capacity: Mapped[int] = mapped_column(default=4)
    available: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class StaffSessionRow(Table):
    """A sign-in that lasts. Only a hash of its cookie is kept."""

    __tablename__ = "staff_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class SignInRow(Table):
    """A try to sign in, for limits and for the record. Nothing of the password is kept."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_login_at", "login", "at"), Index("ix_sign_in_address_at", "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(64))
    succeeded: Mapped[bool]
    at: Mapped[datetime]


class ApiKeyRow(Table):
    """A key for another help desk. `prefix` is shown, the rest is kept as a hash only."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SuggestionRow(Table):
    """One draft that staff were shown for a customer's message, and what became of it.

    `used` is sent, edited or discarded; None while it is open. `difference` tells an edit line by line.
    """

    __tablename__ = "suggestion"
    __table_args__ = (Index("ix_suggestion_conversation_id_for_seq", "conversation_id", "for_seq"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    for_seq: Mapped[int]
    rank: Mapped[int]
    body: Mapped[str]
    draft: Mapped[Json]
    shown_to: Mapped[str] = mapped_column(String(32))
    shown_at: Mapped[datetime]
    used: Mapped[str | None] = mapped_column(String(16), index=True)
    used_at: Mapped[datetime | None]
    sent_seq: Mapped[int | None]
    difference: Mapped[str | None]
    reason: Mapped[str | None]


class OverrideRow(Table):
    """Words sent although the engine says otherwise, and why."""

    __tablename__ = "override"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    message_seq: Mapped[int]
    staff_id: Mapped[str] = mapped_column(String(32))
    warnings: Mapped[list[Json]]
    reason: Mapped[str]
    at: Mapped[datetime]


class SavedReplyRow(Table):
    """A reply an agent saved. Without `staff_id` everybody shares it."""

    __tablename__ = "saved_reply"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    staff_id: Mapped[str | None] = mapped_column(String(32), index=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str]
    uses: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class HandlingRow(Table):
    """What happened to a conversation at the desk: claimed, transferred, snoozed, woken, handed back, resolved...

    `owner` is who has it afterwards. The row is written in the transaction that makes it so.
    """

    __tablename__ = "handling"
    __table_args__ = (Index("ix_handling_conversation_id_id", "conversation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    seq: Mapped[int]
    what: Mapped[str] = mapped_column(String(24), index=True)
    by: Mapped[str] = mapped_column(String(120))
    owner: Mapped[str] = mapped_column(String(120))
    data: Mapped[Json]
    at: Mapped[datetime]


class TypingRow(Table):
    """Somebody types in a conversation. `who` is a member of staff, or empty for the customer.

    `at` is in seconds by the computer's clock; a few seconds later it means nothing any more.
    """

    __tablename__ = "typing"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    who: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[float] = mapped_column(index=True)


class RatingRow(Table):
    """A customer's rating of one episode; asked once, answered or not."""

    __tablename__ = "rating"
    __table_args__ = (UniqueConstraint("conversation_id", "episode"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    episode: Mapped[int]
    score: Mapped[int | None]
    solved: Mapped[bool | None]
    words: Mapped[str | None]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class EpisodeRow(Table):
    """One matter from its first message to its end, for reports. Open while `ended_at` is None.

    `outcome`: confirmed, resolved, silent or abandoned. `handled_by`: bot, people or both.
    Waits are in seconds of opening time, without the bot's own.
    """

    __tablename__ = "episode"
    __table_args__ = (UniqueConstraint("conversation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    number: Mapped[int]
    first_seq: Mapped[int]
    last_seq: Mapped[int | None]
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    outcome: Mapped[str | None] = mapped_column(String(16))
    handled_by: Mapped[str | None] = mapped_column(String(16))
    policy: Mapped[str | None] = mapped_column(String(120))
    handoff_reason: Mapped[str | None] = mapped_column(String(32))
    waited_seconds: Mapped[float | None]
    first_answer_seconds: Mapped[float | None]
    person_answer_seconds: Mapped[float | None]
    first_answer_seq: Mapped[int | None]
    last_answer_seq: Mapped[int | None]
    ended_by: Mapped[str | None] = mapped_column(String(120))
    reopened_at: Mapped[datetime | None]


class UsedTokenRow(Table):
    """An identity token that was exchanged already; kept until it would have run out anyway."""

    __tablename__ = "used_token"

    jti: Mapped[str] = mapped_column(String(120), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
