"""Changing who owns a conversation, together with the escalation that says so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from plainly.desk import BOT, CLOSED, QUEUE, Claimed, Conversation, Event, NotAllowed, Transferred
from plainly.store.conversations import apply
from plainly.store.handoffs import current_escalation, open_escalation
from plainly.store.tables import ConversationRow


def change_owner(session: Session, row: ConversationRow, event: Event, now: datetime) -> Conversation | NotAllowed:
    """Let an event of staff or customer happen to a conversation that is held, and keep the escalation in step."""
    after = apply(session, row, event, now)
    if isinstance(after, NotAllowed):
        return after
    escalation = current_escalation(session, row.id)
    if isinstance(event, Claimed) and escalation is not None and escalation.taken_at is None:
        escalation.taken_at, escalation.taken_by = now, event.by
    if isinstance(event, Transferred) and after.owner == QUEUE and escalation is None:
        open_escalation(session, row.id, "needs_agent", {}, told_seq=row.seq, now=now)
    if after.owner in (BOT, CLOSED) and escalation is not None:
        escalation.closed_at = now
    return after
