"""`plainly check`: everything that is wrong with a policy folder, in one go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plainly import clock
from plainly.settings import settings

if TYPE_CHECKING:
    from plainly.check import Report


def command(
    kb: Annotated[Path | None, typer.Option(help="The policy folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Check a policy folder: structure, links, rules, examples and readability. Exit 1 on any error."""
    from plainly.check import check

    folder = kb or settings().kb
    report = check(folder, clock.today())
    typer.echo(json.dumps(report.to_json(), ensure_ascii=False) if as_json else told(report, folder))
    raise typer.Exit(0 if report.ok else 1)


def told(report: Report, folder: Path) -> str:
    """The report for people: every problem, then what was checked."""
    shown = [problem.render(_shorter(folder)) for problem in report.problems]
    warnings = len(report.problems) - report.errors
    checked = (
        f"{report.policies} policies, {report.decisions} decisions, {report.examples} examples, "
        f"{report.replies} replies: "
        if report.policies
        else ""
    )
    return "\n".join([*shown, f"{checked}{_count(report.errors, 'error')}, {_count(warnings, 'warning')}."])


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _shorter(folder: Path) -> str:
    """The folder as a person would type it from here."""
    try:
        return str(folder.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(folder)
