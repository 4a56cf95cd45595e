"""How long people wait, said honestly, and the closed list of reasons they wait for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import get_args

from plainly.desk.hours import is_open, next_opening
from plainly.model import DeskState, EscalationReason, OpeningHours

REASONS: tuple[EscalationReason, ...] = get_args(EscalationReason)
"""Why a conversation may go to people."""


def honest_wait(waits: Sequence[float]) -> int | None:
    """The wait in whole minutes, rounded up, that half of the recent customers had; None without any.

    `waits` are recent waits in minutes of opening time.
    """
    return max(1, math.ceil(median(waits))) if waits else None


def wait_left(waits: Sequence[float], waited: float) -> int | None:
    """The minutes somebody still waits who has waited so long: from those who waited longer; None without any.

    The usual wait less the time waited would promise "a minute" for ever to whoever waits unusually long.
    """
    return honest_wait([wait - waited for wait in waits if wait > waited])


def desk_state(hours: OpeningHours, now: datetime, waiting: int, waits: Sequence[float]) -> DeskState:
    """What a customer may be told about people right now."""
    opened = is_open(hours, now)
    return DeskState(
        open=opened,
        opens=None if opened else next_opening(hours, now),
        waiting=waiting,
        wait_minutes=honest_wait(waits),
    )
