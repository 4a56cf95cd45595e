"""What the desk looks like right now, read from the tables and the folder's opening hours."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from plainly.desk import desk_state, open_minutes
from plainly.gateway.folder import Folder
from plainly.model import DeskState
from plainly.store.handoffs import count_waiting, recent_waits


def read_desk(session: Session, folder: Folder, now: datetime) -> DeskState:
    """Open or closed, how many wait, and how long the last ones waited in opening hours."""
    waiting = count_waiting(session)
    if folder.kb is None:
        return DeskState(waiting=waiting)
    hours = folder.kb.business.hours
    waits = recent_waits(session, now, lambda start, end: open_minutes(hours, start, end))
    return desk_state(hours, now, waiting, waits)
