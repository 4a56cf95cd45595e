"""What several commands share: the folder, the day, and JSON lines in and out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from plainly import clock
from plainly.errors import PlainlyError, error_body
from plainly.settings import settings

if TYPE_CHECKING:
    from plainly.model import KnowledgeBase
    from plainly.turn import Engine


def as_of_now(as_of: str) -> datetime:
    """The moment to pretend: the clock's now, or noon on the day given."""
    if not as_of:
        return clock.now()
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise PlainlyError("bad_date", f"“{as_of}” is not a date. Write it as 2027-01-31.", {"as_of": as_of}) from None
    return datetime.combine(day, time(12), tzinfo=clock.now().tzinfo)


def folder(kb: Path | None) -> Path:
    """The policy folder given, or the one in the settings; an error when it is not there."""
    path = kb or settings().kb
    if not path.is_dir():
        raise PlainlyError(
            "no_folder", f"There is no policy folder at {path}. Give one with --kb.", {"path": str(path)}
        )
    return path


def open_folder(kb: Path | None) -> Engine:
    """An engine for the policy folder."""
    from plainly.turn import open_engine

    chosen = settings()
    return open_engine(folder(kb), chosen.cache, chosen.model_dir)


def open_knowledge(kb: Path | None) -> KnowledgeBase:
    """The policy folder, read; its first problem when it cannot be used."""
    from plainly.kb import load

    loaded = load(folder(kb))
    if loaded.kb is None:
        raise PlainlyError("broken_folder", str(loaded.problems[0]))
    return loaded.kb


def each_line(work: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Reads JSON lines and prints one line each, in order; a bad line gives an error line and goes on."""
    for raw in sys.stdin:
        if not raw.strip():
            continue
        line: dict[str, Any] = {}
        try:
            line = json.loads(raw)
            result = work(line)
        except PlainlyError as wrong:
            result = error_body(wrong.code, wrong.message, wrong.data)
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            result = error_body("bad_line", f"This line cannot be read: {wrong!r}.", {"line": raw.rstrip()[:200]})
        named = {"id": line["id"]} if isinstance(line, dict) and "id" in line else {}
        typer.echo(json.dumps({**named, **result}, ensure_ascii=False, default=str))
