"""The day the conversations take place on."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

WEEKDAY = "2026-11-20T11:00:00"
ENVIRONMENT = {"PLAINLY_NOW": WEEKDAY, "PLAINLY_RATE_LIMIT": "0"}


@pytest.fixture(scope="session")
def stack_env() -> Mapping[str, str]:
    """A Friday in opening hours, and no rate limit: one machine plays all customers."""
    return ENVIRONMENT
