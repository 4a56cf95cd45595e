"""What the desk looks like right now, and to one who waits: from the tables and the folder's opening hours."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from plainly.desk import QUEUE, desk_state, is_open, next_opening, open_minutes, wait_left
from plainly.gateway.folder import Folder
from plainly.model import DeskState
from plainly.store.handoffs import count_waiting, current_escalation, place_in_line, recent_waits
from plainly.store.tables import ConversationRow


def read_desk(session: Session, folder: Folder, now: datetime) -> DeskState:
    """Open or closed, how many wait, and how long the last ones waited in opening hours."""
    waiting = count_waiting(session)
    if folder.kb is None:
        return DeskState(waiting=waiting)
    hours = folder.kb.business.hours
    waits = recent_waits(session, now, lambda start, end: open_minutes(hours, start, end))
    return desk_state(hours, now, waiting, waits)


def read_wait(session: Session, folder: Folder, row: ConversationRow, now: datetime) -> dict[str, Any] | None:
    """The line as one who waits in it sees it: `{place, wait_minutes, opens}`; None for who does not wait.

    `wait_minutes` is how long those still had to wait who had waited as long; None when nobody did, or when closed.
    """
    escalation = current_escalation(session, row.id) if row.owner == QUEUE else None
    if escalation is None:
        return None
    state: dict[str, Any] = {"place": place_in_line(session, escalation), "wait_minutes": None, "opens": None}
    if folder.kb is None:
        return state
    hours = folder.kb.business.hours
    if not is_open(hours, now):
        opens = next_opening(hours, now)
        return {**state, "opens": opens.isoformat() if opens else None}
    waits = recent_waits(session, now, lambda start, end: open_minutes(hours, start, end))
    return {**state, "wait_minutes": wait_left(waits, open_minutes(hours, escalation.opened_at, now))}
