"""`plainly queue`: who waits for a person, why, and how long already."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from plainly.store.handoffs import Waiting


def command(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Show who waits for a person, why, how long, how to reach them, and what they want."""
    from plainly import clock

    now = clock.now()
    found = [as_shown(one, now) for one in waiting()]
    if as_json:
        typer.echo(json.dumps({"waiting": found}, ensure_ascii=False))
        return
    for one in found:
        typer.echo(in_a_line(one))
    if not found:
        typer.echo("Nobody waits.")


def waiting() -> list[Waiting]:
    """The queue as the database of the settings has it."""
    from plainly.settings import settings
    from plainly.store import Store
    from plainly.store.handoffs import who_waits

    store = Store(settings().database_url)
    try:
        with store.read() as session:
            return who_waits(session)
    finally:
        store.close()


def as_shown(one: Waiting, now: datetime) -> dict[str, Any]:
    """One waiting customer as `{place, conversation, reason, since, minutes, contact, wants, packet}`."""
    minutes = max(0, int((now - one.since).total_seconds() // 60))
    return {
        "place": one.place,
        "conversation": one.conversation,
        "reason": one.reason,
        "since": one.since.astimezone(now.tzinfo).isoformat(),
        "minutes": minutes,
        "contact": one.contact,
        "wants": one.wants,
        "packet": one.packet,
    }


def in_a_line(one: dict[str, Any]) -> str:
    """The same for people: `1  12 min  asked  01hx...  to return a kettle  (+44 ...)`."""
    hours, minutes = divmod(one["minutes"], 60)
    waited = f"{hours} h {minutes} min" if hours else f"{minutes} min"
    wants = " ".join(one["wants"].split())[:80] or "-"
    contact = f"  ({one['contact'].get('value', '')})" if one["contact"] else ""
    return f"{one['place']:>3}  {waited:>11}  {one['reason']:<20}  {one['conversation']}  {wants}{contact}"
