"""`plainly decide`: what the rules say about a case, with its reasons, straight from the folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from plainly.commands.lines import as_of_now, each_line, open_folder
from plainly.errors import PlainlyError

if TYPE_CHECKING:
    from plainly.turn import Engine


def command(  # noqa: PLR0917 - the contract's flags
    decision: Annotated[str, typer.Argument(help="POLICY.DECISION, such as returns.can_return.")] = "",
    facts: Annotated[list[str] | None, typer.Argument(metavar="FACT=VALUE...", help="What is known.")] = None,
    kb: Annotated[Path | None, typer.Option(help="The policy folder.")] = None,
    as_of: Annotated[str, typer.Option(help="Pretend it is this day (2027-01-31).")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    as_jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Read {"id", "decision", "facts", "as_of"} lines, print one line each.')
    ] = False,
) -> None:
    """Decide a case by the rules, with its reasons; facts that are missing are asked for."""
    from plainly.suggest.deciding import decided

    now = as_of_now(as_of)
    engine = open_folder(kb)
    if as_jsonl:
        each_line(lambda line: _of_line(engine, line, now))
        return
    result = decided(engine, decision, _given(facts or []), now)
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else result["text"])


def _of_line(engine: Engine, line: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    from plainly.suggest.deciding import decided

    given = line.get("facts", {})
    if not isinstance(line.get("decision"), str) or not isinstance(given, Mapping):
        raise PlainlyError("bad_line", 'A line needs "decision": "policy.decision" and "facts": {"name": value}.')
    moment = as_of_now(str(line["as_of"])) if line.get("as_of") else now
    return decided(engine, line["decision"], given, moment)


def _given(facts: list[str]) -> dict[str, str]:
    found = {}
    for one in facts:
        name, equals, value = one.partition("=")
        if not equals:
            raise PlainlyError("bad_fact", f"“{one}” is not a fact. Write it as name=value.", {"fact": one})
        found[name.strip()] = value.strip()
    return found
