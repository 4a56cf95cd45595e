"""Reads what the reports count, and how the desk stands at this moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from plainly.desk import agent_of
from plainly.desk.promise import promised_minutes
from plainly.outcomes.figures import Cases, Ended, Granted, Reply, Suggested
from plainly.store.desk_tables import EpisodeRow, OverrideRow, RatingRow, StaffRow, SuggestionRow
from plainly.store.handling import colleagues
from plainly.store.handoffs import Waiting, who_waits
from plainly.store.presence import is_present
from plainly.store.tables import ConversationRow, GrantRow, MessageRow

_FATE = {"sent": 3, "edited": 2, "discarded": 1}


@dataclass(frozen=True)
class Colleague:
    """A member of staff and the conversations they have."""

    id: str
    name: str
    role: str
    team: str
    present: bool
    available: bool
    capacity: int
    conversations: tuple[str, ...]


@dataclass(frozen=True)
class RightNow:
    """How the desk stands: who waits, who is there, and the matters that are open by who has them."""

    waiting: tuple[Waiting, ...]
    staff: tuple[Colleague, ...]
    with_bot: tuple[str, ...]


def right_now(session: Session, clock: float) -> RightNow:
    """How the desk stands. `clock` is in seconds by the computer's clock."""
    owned: dict[str, list[str]] = {}
    query = select(ConversationRow.owner, ConversationRow.id).where(ConversationRow.owner.startswith("agent:"))
    for owner, conversation in session.execute(query.order_by(ConversationRow.updated_at.desc())):
        owned.setdefault(agent_of(owner) or "", []).append(conversation)
    staff = tuple(_colleague(row, owned.get(row.id, []), clock) for row in colleagues(session))
    talking = (
        select(ConversationRow.id)
        .join(EpisodeRow, EpisodeRow.conversation_id == ConversationRow.id)
        .where(ConversationRow.owner == "bot", EpisodeRow.ended_at.is_(None))
        .order_by(ConversationRow.updated_at.desc())
    )
    return RightNow(tuple(who_waits(session)), staff, tuple(session.scalars(talking)))


def _colleague(row: StaffRow, conversations: Iterable[str], clock: float) -> Colleague:
    return Colleague(
        id=row.id,
        name=row.name,
        role=row.role,
        team=row.team,
        present=is_present(row, clock),
        available=row.available,
        capacity=row.capacity,
        conversations=tuple(conversations),
    )


def cases(session: Session, start: datetime, end: datetime, answer_minutes: Mapping[str, int]) -> Cases:
    """Everything the figures of a period count, from `start` until just before `end`.

    `answer_minutes` are the promises of business.yml, which the first answers are held against.
    """
    return Cases(
        ended=_ended(session, start, end, answer_minutes),
        replies=_replies(session, start, end),
        suggested=_suggested(session, start, end),
        granted=_granted(session, start, end),
    )


def _ended(session: Session, start: datetime, end: datetime, answer_minutes: Mapping[str, int]) -> list[Ended]:
    query = (
        select(EpisodeRow, RatingRow)
        .outerjoin(
            RatingRow,
            (RatingRow.conversation_id == EpisodeRow.conversation_id) & (RatingRow.episode == EpisodeRow.number),
        )
        .where(EpisodeRow.ended_at >= start, EpisodeRow.ended_at < end)
        .order_by(EpisodeRow.ended_at, EpisodeRow.id)
    )
    return [_as_ended(row, rating, answer_minutes) for row, rating in session.execute(query).tuples()]


def _as_ended(row: EpisodeRow, rating: RatingRow | None, answer_minutes: Mapping[str, int]) -> Ended:
    minutes = promised_minutes(answer_minutes, row.handoff_reason, answered=False) if row.handoff_reason else None
    return Ended(
        conversation=row.conversation_id,
        seq=row.first_seq,
        at=row.ended_at or row.started_at,
        number=row.number,
        outcome=row.outcome or "silent",
        handled_by=row.handled_by,
        handoff_reason=row.handoff_reason,
        policy=row.policy,
        started_at=row.started_at,
        ended_by=row.ended_by,
        waited=row.waited_seconds,
        first_answer=row.first_answer_seconds,
        person_answer=row.person_answer_seconds,
        first_answer_seq=row.first_answer_seq,
        last_answer_seq=row.last_answer_seq,
        reopened_at=row.reopened_at,
        promised=None if minutes is None else 60.0 * minutes,
        asked=rating is not None,
        score=rating.score if rating else None,
        solved=rating.solved if rating else None,
        words=rating.words if rating else None,
    )


def _replies(session: Session, start: datetime, end: datetime) -> list[Reply]:
    overridden = select(OverrideRow.conversation_id, OverrideRow.message_seq).distinct().subquery()
    query = (
        select(MessageRow.conversation_id, MessageRow.seq, MessageRow.created_at, overridden.c.message_seq)
        .outerjoin(
            overridden,
            (overridden.c.conversation_id == MessageRow.conversation_id) & (overridden.c.message_seq == MessageRow.seq),
        )
        .where(
            MessageRow.author_kind == "agent",
            MessageRow.kind == "text",
            MessageRow.created_at >= start,
            MessageRow.created_at < end,
        )
        .order_by(MessageRow.created_at)
    )
    return [
        Reply(conversation, seq, at, overridden=override is not None)
        for conversation, seq, at, override in session.execute(query).tuples()
    ]


def _suggested(session: Session, start: datetime, end: datetime) -> list[Suggested]:
    """One case for each message drafts were shown for; of several drafts the best fate counts."""
    first = func.min(SuggestionRow.shown_at)
    groups = (
        select(SuggestionRow.conversation_id, SuggestionRow.for_seq, first.label("at"))
        .group_by(SuggestionRow.conversation_id, SuggestionRow.for_seq)
        .having(first >= start, first < end)
        .subquery()
    )
    query = select(SuggestionRow.conversation_id, SuggestionRow.for_seq, groups.c.at, SuggestionRow.used).join(
        groups,
        (groups.c.conversation_id == SuggestionRow.conversation_id) & (groups.c.for_seq == SuggestionRow.for_seq),
    )
    found: dict[tuple[str, int], tuple[datetime, str]] = {}
    for conversation, seq, at, used in session.execute(query).tuples():
        best = found.get((conversation, seq), (at, "left"))[1]
        better = used if _FATE.get(used or "", 0) > _FATE.get(best, 0) else best
        found[conversation, seq] = (at, str(better))
    return [Suggested(conversation, seq, at, used) for (conversation, seq), (at, used) in found.items()]


def _granted(session: Session, start: datetime, end: datetime) -> list[Granted]:
    query = (
        select(GrantRow)
        .where(GrantRow.granted_at >= start, GrantRow.granted_at < end)
        .order_by(GrantRow.granted_at, GrantRow.id)
    )
    return [
        Granted(
            row.conversation_id,
            row.message_seq,
            row.granted_at,
            policy=row.policy,
            lever=row.lever,
            amount=row.amount,
            by="bot" if row.granted_by == "bot" else "people",
        )
        for row in session.scalars(query)
    ]
