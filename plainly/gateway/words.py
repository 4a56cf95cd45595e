"""What the gateway itself says, put together from `plainly/wording/<language>/gateway.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.dates import format_datetime

from plainly.model import DeskState
from plainly.wording.phrases import phrases


def say(key: str, language: str, **slots: object) -> str:
    """One sentence of the gateway's own."""
    return phrases(language).pick(f"gateway.{key}", **{name: str(value) for name, value in slots.items()}).text


def refusal(code: str, language: str, data: Mapping[str, Any]) -> str | None:
    """The customer's words for an error, when it has any."""
    if not phrases(language).has(f"gateway.refused.{code}"):
        return None
    shown = {name: f"{value:,}" if isinstance(value, int) else value for name, value in data.items()}
    return say(f"refused.{code}", language, **shown)


def error_handover(desk: DeskState, place: int, language: str) -> str:
    """Told when a turn failed for good: what happened, and what happens next."""
    return f"{say('error', language)} {what_happens_next(desk, place, language)}"


def what_happens_next(desk: DeskState, place: int, language: str) -> str:
    """Place in line and honest wait while people are there; otherwise when they are back."""
    if not desk.open:
        if desk.opens is None:
            return say("next.closed_unknown", language)
        pattern = say("opens_pattern", language)
        return say(
            "next.closed", language, opens=format_datetime(desk.opens, pattern, locale=language.replace("-", "_"))
        )
    line = say("next.first", language) if place <= 1 else say("next.place", language, place=place)
    return f"{line} {_wait(desk.wait_minutes, language)}"


def _wait(minutes: int | None, language: str) -> str:
    if minutes is None:
        return say("next.unknown", language)
    return say("next.wait_one", language) if minutes == 1 else say("next.wait", language, minutes=minutes)
