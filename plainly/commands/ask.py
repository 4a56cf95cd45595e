"""`plainly ask`: a question answered from the folder, without Rasa."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from plainly.commands.lines import as_of_now, each_line, open_folder

if TYPE_CHECKING:
    from plainly.turn import Engine


def command(
    question: Annotated[str, typer.Argument(help="What a customer would ask.")] = "",
    kb: Annotated[Path | None, typer.Option(help="The policy folder.")] = None,
    as_of: Annotated[str, typer.Option(help="Pretend it is this day (2027-01-31).")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help='Read {"id", "text"} lines, print one line each.')] = False,
) -> None:
    """Answer a question from the policy folder, with its source."""
    now = as_of_now(as_of)
    engine = open_folder(kb)
    if as_jsonl:
        each_line(lambda line: answer(engine, str(line["text"]), now))
        return
    result = answer(engine, question, now)
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else result["text"])


def answer(engine: Engine, question: str, now: datetime) -> dict[str, Any]:
    """The answer as `{status, text, citations, passages, confidence}`; the ten best passages always."""
    from plainly.model import Case
    from plainly.turn.wire import citation_to_json, passage_to_json

    reply = engine.reply(Case(text=question, act="ask_policy", now=now), "answer")
    passages = reply.passages or engine.index.search(question).passages
    return {
        "status": reply.status,
        "text": reply.text,
        "citations": [citation_to_json(citation) for citation in reply.citations],
        "passages": [passage_to_json(passage) for passage in passages[:10]],
        "confidence": round(reply.confidence, 4),
    }
