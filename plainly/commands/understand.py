"""`plainly understand`: what a message says, before any policy is applied."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from plainly.commands.lines import as_of_now, each_line, open_knowledge

if TYPE_CHECKING:
    from plainly.model import KnowledgeBase, Value


def command(
    text: Annotated[str, typer.Argument(help="What a customer would write.")] = "",
    kb: Annotated[Path | None, typer.Option(help="The policy folder.")] = None,
    as_of: Annotated[str, typer.Option(help="Pretend it is this day (2027-01-31).")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help='Read {"id", "text"} lines, print one line each.')] = False,
) -> None:
    """Show the facts, tone and questions heard in a message."""
    now = as_of_now(as_of)
    knowledge = open_knowledge(kb)
    if as_jsonl:
        each_line(lambda line: heard(knowledge, str(line["text"]), now))
        return
    result = heard(knowledge, text, now)
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else json.dumps(result, ensure_ascii=False, indent=2))


def heard(kb: KnowledgeBase, text: str, now: datetime) -> dict[str, Any]:
    """The understanding as `{facts, tone, pushback, wants_human, complaint, asks, language, ...}`."""
    from plainly.understand import understand

    found = understand(text, kb, now=now)
    return {
        "facts": {
            name: {"value": said_value(fact.value), "span": fact.span, "said": fact.said}
            for name, fact in found.facts.items()
        },
        "tone": {"label": found.tone.label, "score": found.tone.score},
        "pushback": found.pushback,
        "wants_human": found.wants_human,
        "complaint": found.complaint,
        "asks": list(found.asks),
        "language": found.language,
        "situation": found.situation,
        "alarm": found.alarm,
        "corrected": list(found.corrected),
    }


def said_value(value: Value) -> Any:
    """A value as JSON: dates as 2026-11-21, amounts as text, "between" as its two ends."""
    from plainly.model import Between, Duration

    if isinstance(value, bool | str):
        return value
    if isinstance(value, Between):
        return {"low": said_value(value.low), "high": said_value(value.high)}
    if isinstance(value, Duration):
        return f"{value.amount} {value.unit}{'' if value.amount == 1 else 's'}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
