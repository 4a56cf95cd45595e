"""Ratings: one question per episode, asked when it ends, answered, skipped or passed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from plainly.errors import PlainlyError
from plainly.store.database import touch
from plainly.store.desk_tables import EpisodeRow, RatingRow
from plainly.store.tables import ConversationRow

_OF_LATEST = (
    select(EpisodeRow, RatingRow)
    .outerjoin(
        RatingRow,
        (RatingRow.conversation_id == EpisodeRow.conversation_id) & (RatingRow.episode == EpisodeRow.number),
    )
    .where(EpisodeRow.conversation_id == bindparam("conversation"))
    .order_by(EpisodeRow.number.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Rating:
    """What a customer says about an episode; all empty when they skip the question."""

    score: int | None = None
    solved: bool | None = None
    words: str | None = None


def ask_for_rating(session: Session, episode: EpisodeRow, now: datetime) -> None:
    """Note that the customer is asked about an episode: once. Who skipped the question is not asked again here."""
    query = select(RatingRow).where(RatingRow.conversation_id == episode.conversation_id)
    earlier = list(session.scalars(query))
    skipped = any(one.answered_at is not None and _of(one) == Rating() for one in earlier)
    if not skipped and all(one.episode != episode.number for one in earlier):
        session.add(RatingRow(conversation_id=episode.conversation_id, episode=episode.number, asked_at=now))


def asked_about(session: Session, conversation_id: str) -> int | None:
    """The number of the episode the customer is asked to rate right now, or None."""
    found = session.execute(_OF_LATEST, {"conversation": conversation_id}).one_or_none()
    if found is None or found[0].ended_at is None or found[1] is None or found[1].answered_at is not None:
        return None
    return int(found[0].number)


def rate(session: Session, row: ConversationRow, given: Rating, episode: int | None, now: datetime) -> None:
    """Keep a rating for a conversation that is held. The same answer again changes nothing.

    Raises PlainlyError `nothing_to_rate` when nothing is asked, `rated_already` when it was answered otherwise.
    """
    found = session.execute(_OF_LATEST, {"conversation": row.id}).one_or_none()
    if found is None or found[0].ended_at is None or found[1] is None or episode not in (None, found[0].number):
        raise PlainlyError("nothing_to_rate", "There is nothing to rate in this conversation now.")
    kept: RatingRow = found[1]
    if kept.answered_at is not None:
        if _of(kept) == given:
            return
        raise PlainlyError("rated_already", "This was rated already. Thank you.")
    kept.score, kept.solved, kept.words, kept.answered_at = given.score, given.solved, given.words, now
    if given.solved and found[0].outcome in ("silent", "abandoned"):
        found[0].outcome = "confirmed"
    touch(session, row)


def _of(row: RatingRow) -> Rating:
    return Rating(row.score, row.solved, row.words)
