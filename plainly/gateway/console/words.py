"""What customers are told at every change of owner, from `plainly/wording/<language>/desk.yml`."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_datetime

from plainly.store.messages import NewMessage
from plainly.wording.phrases import phrases


def say(key: str, language: str, **slots: str) -> str:
    """One sentence of the desk."""
    return phrases(language).line(f"desk.{key}", **slots)


def notice(text: str, status: str | None) -> NewMessage:
    """The desk's words to the customer as a message."""
    return NewMessage("system", text, kind="notice", status=status)


def say_moment(moment: datetime, language: str) -> str:
    """A moment as customers read it; in the time zone it carries."""
    return format_datetime(moment, say("moment", language), locale=language.replace("-", "_"))
