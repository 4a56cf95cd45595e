"""`plainly preview`: every outcome of a policy as the customer will read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plainly.commands.lines import as_of_now, open_folder
from plainly.errors import PlainlyError

if TYPE_CHECKING:
    from datetime import datetime

    from plainly.model import Example, Policy
    from plainly.turn import Engine


def command(
    policy: Annotated[str, typer.Argument(help="The policy's folder name.")],
    kb: Annotated[Path | None, typer.Option(help="The policy folder.")] = None,
    as_of: Annotated[str, typer.Option(help="Pretend it is this day; otherwise each case's own day.")] = "",
) -> None:
    """Show every outcome of a policy as the customer will read it."""
    engine = open_folder(kb)
    if policy not in engine.kb.policies:
        known = ", ".join(sorted(engine.kb.policies))
        raise PlainlyError("no_policy", f"There is no policy “{policy}”. There are: {known}.", {"policy": policy})
    found = engine.kb.policies[policy]
    typer.echo(f"# {found.title}\n\n{found.summary}\n")
    for example in found.examples:
        _show(engine, found, example, as_of_now(as_of) if as_of else None)


def _show(engine: Engine, policy: Policy, example: Example, moment: datetime | None) -> None:
    """One worked case with the reply it gets; facts count from the case's own words."""
    from plainly.model import KnownFact

    now = moment or as_of_now(example.as_of.isoformat())
    facts = {name: KnownFact(name, value, "record") for name, value in example.given.items()}
    for decision in example.expect:
        reply = engine.decide(f"{policy.id}.{decision}", facts, now)
        outcome = reply.decision.outcome if reply.decision else None
        typer.echo(f"## {example.name}\n   {decision}: {outcome or 'open'} ({now.date()})\n\n{reply.text}\n")
        if reply.buttons:
            typer.echo("   " + " ".join(f"[{button.label}]" for button in reply.buttons) + "\n")
