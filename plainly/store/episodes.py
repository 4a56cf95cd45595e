"""Episodes: each begins with a customer's word and ends once, whichever process ends it.

All functions that change something need the conversation held (`locked`), so a matter cannot end twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from plainly.outcomes.episodes import (
    Handoff,
    Minutes,
    Outcome,
    Word,
    ending_by_silence,
    fresh_context,
    is_only_courtesy,
    is_reopening,
    measure,
)
from plainly.store.database import touch
from plainly.store.desk_tables import EpisodeRow
from plainly.store.messages import HIDDEN
from plainly.store.ratings import ask_for_rating
from plainly.store.tables import ConversationRow, EscalationRow, MessageRow

_LATEST = (
    select(EpisodeRow)
    .where(EpisodeRow.conversation_id == bindparam("conversation"))
    .order_by(EpisodeRow.number.desc())
    .limit(2)
)
_MOST_AT_ONCE = 100


def latest_episode(session: Session, conversation_id: str) -> EpisodeRow | None:
    """The open episode of a conversation, or the last one that ended."""
    return session.scalars(_LATEST, {"conversation": conversation_id}).first()


def open_episode(session: Session, conversation_id: str) -> EpisodeRow | None:
    """The episode that has not ended, if there is one."""
    latest = latest_episode(session, conversation_id)
    return latest if latest is not None and latest.ended_at is None else None


def begin_episode(session: Session, row: ConversationRow, first_seq: int, now: datetime) -> EpisodeRow:
    """The episode a word belongs to: the open one, or the next. An end it follows soon is noted as reopened."""
    before = latest_episode(session, row.id)
    if before is not None and before.ended_at is None:
        return before
    if before is not None and before.ended_at is not None:
        if before.reopened_at is None and is_reopening(before.ended_at, now):
            before.reopened_at = now
        if before.outcome != "confirmed":
            row.context = fresh_context(row.context)
    episode = EpisodeRow(
        conversation_id=row.id, number=before.number + 1 if before else 1, first_seq=first_seq, started_at=now
    )
    session.add(episode)
    session.flush()
    return episode


def end_episode(
    session: Session, row: ConversationRow, outcome: Outcome, by: str, now: datetime, *, ask: bool = True
) -> EpisodeRow | None:
    """End the open episode, if there is one, and ask for a rating unless told not to.

    `by` is a member of staff's id, customer or silence. The waits follow by `settle`, which needs opening hours.
    """
    episode = open_episode(session, row.id)
    if episode is None:
        return None
    episode.ended_at, episode.ended_by, episode.outcome, episode.last_seq = now, by, outcome, row.seq
    episode.policy = _policy_of(session, row, episode)
    if ask:
        ask_for_rating(session, episode, now)
    session.flush()
    touch(session, row)
    return episode


def drop_courtesy(session: Session, row: ConversationRow) -> bool:
    """Forget the open episode when it holds nothing but courtesies; whether it was so.

    Thanks after the end belong to the matter that ended, and are no reason to count it as reopened.
    """
    found = list(session.scalars(_LATEST, {"conversation": row.id}))
    if not found or found[0].ended_at is not None or not is_only_courtesy(words_of(session, found[0])):
        return False
    before = found[1] if len(found) > 1 else None
    if before is not None:
        before.last_seq = row.seq
        if before.reopened_at == found[0].started_at:
            before.reopened_at = None
    session.delete(found[0])
    session.flush()
    touch(session, row)
    return True


def words_of(session: Session, episode: EpisodeRow) -> list[Word]:
    """What both sides saw in an episode, in order."""
    query = select(MessageRow).where(
        MessageRow.conversation_id == episode.conversation_id,
        MessageRow.seq >= episode.first_seq,
        MessageRow.kind.not_in(HIDDEN),
    )
    if episode.last_seq is not None:
        query = query.where(MessageRow.seq <= episode.last_seq)
    return [_word(message) for message in session.scalars(query.order_by(MessageRow.seq))]


def _word(message: MessageRow) -> Word:
    act = (message.details or {}).get("act") if message.author_kind == "bot" else None
    return Word(message.seq, message.author_kind, message.kind, message.status, message.created_at, act)


def _policy_of(session: Session, row: ConversationRow, episode: EpisodeRow) -> str | None:
    """What the dialogue was about at the end, else what was cited last."""
    known = row.context.get("policy")
    if isinstance(known, str) and known:
        return known[:120]
    query = select(MessageRow.citations).where(
        MessageRow.conversation_id == row.id, MessageRow.seq >= episode.first_seq, MessageRow.author_kind == "bot"
    )
    cited = [one for found in session.scalars(query.order_by(MessageRow.seq)) for one in found]
    return str(cited[-1].get("policy", ""))[:120] or None if cited else None


def settle(session: Session, episode: EpisodeRow, minutes: Minutes) -> None:
    """Work out who handled an ended episode and how long was waited."""
    if episode.ended_at is None:
        return
    measured = measure(words_of(session, episode), _handoffs(session, episode), episode.ended_at, minutes)
    for name, value in asdict(measured).items():
        setattr(episode, name, value)


def _handoffs(session: Session, episode: EpisodeRow) -> list[Handoff]:
    query = (
        select(EscalationRow)
        .where(EscalationRow.conversation_id == episode.conversation_id, EscalationRow.told_seq >= episode.first_seq)
        .order_by(EscalationRow.id)
    )
    if episode.last_seq is not None:
        query = query.where(EscalationRow.told_seq <= episode.last_seq)
    return [
        Handoff(one.reason, one.opened_at, one.taken_at, one.answered_at, one.closed_at)
        for one in session.scalars(query)
    ]


def unsettled(session: Session) -> list[tuple[int, str]]:
    """Ended episodes whose waits are not worked out: the row's id and its conversation."""
    query = select(EpisodeRow.id, EpisodeRow.conversation_id).where(
        EpisodeRow.ended_at.is_not(None), EpisodeRow.handled_by.is_(None)
    )
    return list(session.execute(query.order_by(EpisodeRow.id).limit(_MOST_AT_ONCE)).tuples())


def long_silent(session: Session, before: datetime) -> Sequence[str]:
    """Conversations with an open episode in which nobody has said a word since `before`, and nobody waits for us."""
    query = (
        select(ConversationRow.id)
        .join(EpisodeRow, EpisodeRow.conversation_id == ConversationRow.id)
        .where(
            EpisodeRow.ended_at.is_(None),
            ConversationRow.snoozed_until.is_(None),
            or_(ConversationRow.owner == "bot", ConversationRow.owner.startswith("agent:")),
            ConversationRow.updated_at <= before,
        )
        .order_by(ConversationRow.updated_at)
    )
    return list(session.scalars(query))


def close_silent(session: Session, row: ConversationRow, before: datetime, now: datetime) -> EpisodeRow | None:
    """End the silent episode of a conversation that is held; None when it is not silent after all."""
    episode = open_episode(session, row.id)
    words = words_of(session, episode) if episode is not None else []
    if episode is None or not words or words[-1].at > before or row.snoozed_until is not None:
        return None
    if is_only_courtesy(words):
        drop_courtesy(session, row)
        return None
    outcome = ending_by_silence(row.owner, words)
    return end_episode(session, row, outcome, "silence", now) if outcome else None
