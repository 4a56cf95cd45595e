"""The conversation as a text to keep: who said what and when, in words alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from plainly.gateway.words import say
from plainly.store.tables import MessageRow


def transcript_text(
    messages: Sequence[MessageRow], names: Mapping[str, str], *, business: str, zone: ZoneInfo, language: str
) -> str:
    """All messages both sides saw, in order, under a heading. `names` are the agents' display names by id."""
    locale = language.replace("-", "_")
    pattern = say("transcript.moment", language)

    def moment(at: datetime) -> str:
        return format_datetime(at.astimezone(zone), pattern, locale=locale)

    heading = say("transcript.heading", language, business=business)
    parts = [f"{heading}\n{'=' * len(heading)}", say("transcript.zone", language, zone=str(zone))]
    said = [(_who(one, names, business, language), moment(one.created_at), _body(one, language)) for one in messages]
    parts += [f"{who}, {when}\n{what}" for who, when, what in said]
    return "\n\n".join(parts) + "\n"


def _who(message: MessageRow, names: Mapping[str, str], business: str, language: str) -> str:
    if message.author_kind == "customer":
        return say("transcript.you", language)
    if message.author_kind == "agent":
        return names.get(message.author) or say("transcript.team", language)
    return business


def _body(message: MessageRow, language: str) -> str:
    sources = ", ".join(f"{cited.get('policy', '')} {cited.get('clause', '')}".strip() for cited in message.citations)
    indented = "\n".join(f"    {line}".rstrip() for line in message.body.split("\n"))
    return f"{indented}\n    ({say('transcript.sources', language, sources=sources)})" if sources else indented
