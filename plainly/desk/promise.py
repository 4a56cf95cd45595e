"""How soon a customer was promised an answer, and whether it is getting late; in minutes of opening time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from plainly.desk.hours import after_open_minutes, open_minutes
from plainly.model import OpeningHours

Late = Literal["no", "soon", "late"]

_SOON = 0.75


@dataclass(frozen=True)
class Promise:
    """A promised answer time and how it stands. `waited` and `minutes` are minutes of opening time."""

    waited: float
    minutes: int | None
    due_at: datetime | None
    late: Late


def promised_minutes(answer_minutes: Mapping[str, int], reason: str | None, *, answered: bool) -> int | None:
    """What business.yml promises: the first answer by its reason, or the next one; None for no promise."""
    if answered:
        return answer_minutes.get("next")
    return answer_minutes.get(reason or "", answer_minutes.get("first"))


def promise(minutes: int | None, hours: OpeningHours, since: datetime, now: datetime) -> Promise:
    """How a promise stands: `soon` once three quarters of its time have passed, `late` after all of it."""
    waited = open_minutes(hours, since, now) if now > since else 0.0
    if minutes is None:
        return Promise(waited, None, None, "no")
    late: Late = "late" if waited > minutes else "soon" if waited >= _SOON * minutes else "no"
    return Promise(waited, minutes, after_open_minutes(hours, since, minutes), late)
