"""Changing who owns a conversation, with the words that say so and the escalation in step: all of it or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from plainly.desk import (
    BOT,
    CLOSED,
    QUEUE,
    Claimed,
    Conversation,
    CustomerWrote,
    Escalated,
    Event,
    HandedBack,
    Left,
    NotAllowed,
    Reassigned,
    Reopened,
    Resolved,
    Transferred,
    agent_of,
)
from plainly.outcomes.episodes import OUTCOMES
from plainly.store.conversations import apply
from plainly.store.database import hint
from plainly.store.episodes import begin_episode, end_episode
from plainly.store.handling import keep_handling
from plainly.store.handoffs import back_in_line, current_escalation, open_escalation
from plainly.store.messages import NewMessage, add_message
from plainly.store.tables import ConversationRow
from plainly.store.types import Json

Tell = Callable[[Conversation], NewMessage]
"""Makes the words for the customer, once it is known who owns the conversation now."""

_WHAT: Mapping[type, str] = {
    Escalated: "escalated",
    Claimed: "claimed",
    Transferred: "transferred",
    Reassigned: "reassigned",
    HandedBack: "handed_back",
    Left: "left_line",
    Resolved: "resolved",
    Reopened: "reopened",
    CustomerWrote: "reopened",
}


def change_owner(
    session: Session,
    row: ConversationRow,
    event: Event,
    now: datetime,
    *,
    tell: Tell | None = None,
    data: Json | None = None,
) -> Conversation | NotAllowed:
    """Let an event happen to a conversation that is held, and keep escalation, words and record in step.

    `data` is kept with the record of what happened; its `team` is the team a transfer asks for.
    """
    before = row.owner
    after = apply(session, row, event, now)
    if isinstance(after, NotAllowed) or after.owner == before:
        return after
    row.snoozed_until = None
    given = data or {}
    _escalation_in_step(session, row, event, given.get("team"), now)
    if tell is not None:
        _say(session, row, tell(after), now)
    keep_handling(session, row, str(given.get("what", _WHAT[type(event)])), _by(event), data=given, now=now)
    _episode_in_step(session, row, event, given.get("outcome"), now)
    if QUEUE in (before, after.owner):
        hint(session, QUEUE)
    return after


def _escalation_in_step(session: Session, row: ConversationRow, event: Event, team: str | None, now: datetime) -> None:
    escalation = current_escalation(session, row.id)
    if isinstance(event, Transferred | Reassigned) and row.owner == QUEUE:
        if escalation is None:
            escalation = open_escalation(session, row.id, "needs_agent", {}, told_seq=row.seq, now=now)
            escalation.team = team
        else:
            back_in_line(session, escalation, team, now)
    elif escalation is not None and row.owner in (BOT, CLOSED):
        escalation.closed_at = now
    elif escalation is not None and escalation.taken_at is None and agent_of(row.owner):
        escalation.taken_at, escalation.taken_by = now, agent_of(row.owner)
    session.flush()


def _episode_in_step(session: Session, row: ConversationRow, event: Event, outcome: str | None, now: datetime) -> None:
    """What staff finish is an episode's end; what they take up again is the next one's beginning."""
    if isinstance(event, Resolved):
        kept = next((one for one in OUTCOMES if one == outcome), OUTCOMES[1])
        end_episode(session, row, kept, _by(event), now, ask=kept != "abandoned")
    elif isinstance(event, Reopened):
        begin_episode(session, row, row.seq + 1, now)


def _say(session: Session, row: ConversationRow, words: NewMessage, now: datetime) -> None:
    message = add_message(session, row, words, now)
    escalation = current_escalation(session, row.id)
    if row.owner == QUEUE and escalation is not None:
        escalation.told_seq = message.seq


def _by(event: Event) -> str:
    """Who made it happen: a member of staff's id, the bot, or the customer."""
    if isinstance(event, CustomerWrote | Left):
        return "customer"
    return getattr(event, "by", None) or BOT
