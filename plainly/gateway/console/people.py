"""The colleagues: who is there, who takes conversations, how many each has."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from plainly.clock import elapsed
from plainly.store.handling import colleagues, loads
from plainly.store.presence import is_present

Colleague = dict[str, Any]


def read_colleagues(session: Session) -> list[Colleague]:
    """Everybody who may sign in, by name: `{id, name, role, team, present, available, open}`."""
    clock, counts = elapsed(), loads(session)
    return [
        {
            "id": row.id,
            "name": row.name,
            "role": row.role,
            "team": row.team,
            "present": is_present(row, clock),
            "available": row.available,
            "open": counts.get(row.id, 0),
        }
        for row in colleagues(session)
    ]
