"""What time it is for the business. Nothing else in Plainly asks the computer."""

from __future__ import annotations

import time
from datetime import date, datetime

from plainly.settings import settings


def now() -> datetime:
    """This moment in the business's time zone (PLAINLY_TIMEZONE), or the one PLAINLY_NOW pretends it is."""
    current = settings()
    return current.now or datetime.now(current.timezone)


def today() -> date:
    """The calendar day of the business."""
    return now().date()


def elapsed() -> float:
    """Seconds since 1970 by the computer's clock, whatever PLAINLY_NOW pretends: for leases, ids and timeouts only."""
    return time.time()
