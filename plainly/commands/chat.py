"""`plainly chat`: a terminal conversation with the running assistant."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated, Any

import typer

from plainly.errors import PlainlyError
from plainly.settings import settings

if TYPE_CHECKING:
    import httpx

WAIT = 20
"""Seconds to wait for an answer in one poll."""


def command(url: Annotated[str, typer.Option(help="Where the assistant runs.")] = "") -> None:
    """Talk to the running assistant. A number taps a button; an empty line ends it."""
    import httpx

    base = url or f"http://{settings().host}:{settings().port}"
    with httpx.Client(base_url=base, timeout=WAIT + 5) as client:
        try:
            _talk(client)
        except httpx.HTTPError as wrong:
            raise PlainlyError(
                "not_running",
                f"The assistant at {base} does not answer ({wrong}). Start it with `make run`.",
                {"url": base},
            ) from wrong


def _talk(client: httpx.Client) -> None:
    conversation = client.post("/api/v1/conversations").raise_for_status().json()
    client.headers["Authorization"] = f"Bearer {conversation['token']}"
    path, seq = f"/api/v1/conversations/{conversation['id']}/messages", int(conversation["seq"])
    buttons: list[dict[str, Any]] = []
    while words := typer.prompt("you", default="", show_default=False).strip():
        seq = max(seq, _send(client, path, words, buttons))
        answers = _wait(client, path, seq)
        for message in answers:
            seq, buttons = message["seq"], message.get("buttons") or []
            _show(message)


def _send(client: httpx.Client, path: str, words: str, buttons: list[dict[str, Any]]) -> int:
    message: dict[str, Any] = {"id": uuid.uuid4().hex}
    if words.isdigit() and 1 <= int(words) <= len(buttons):
        message["button"] = buttons[int(words) - 1]["id"]
    else:
        message["text"] = words
    answer = client.post(path, json=message)
    if answer.is_error:
        typer.echo(answer.json()["error"]["message"])
        return 0
    return int(answer.json()["seq"])


def _wait(client: httpx.Client, path: str, seq: int) -> list[dict[str, Any]]:
    """The messages after `seq` that are not the customer's own."""
    found = client.get(path, params={"after": seq, "wait": WAIT}).raise_for_status().json()["messages"]
    return [message for message in found if message["author"] != "customer"]


def _show(message: dict[str, Any]) -> None:
    typer.echo(f"\n{message['text']}\n")
    for number, button in enumerate(message.get("buttons") or [], 1):
        typer.echo(f"  {number}. {button['label']}")
