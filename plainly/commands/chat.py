"""`plainly chat`: a terminal conversation with the running assistant."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
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
    path, shown = f"/api/v1/conversations/{conversation['id']}/messages", int(conversation["seq"])
    buttons: list[dict[str, Any]] = []
    while words := typer.prompt("you", default="", show_default=False).strip():
        sent = _send(client, path, words, buttons)
        if sent is None:
            continue
        buttons = []
        for message in _until_answered(client, path, shown, sent):
            shown = int(message["seq"])
            if message["author"] != "customer":
                buttons = _show(message, buttons)


def _send(client: httpx.Client, path: str, words: str, buttons: list[dict[str, Any]]) -> int | None:
    """The number the message got; None when it was refused, and why is on the screen."""
    message: dict[str, Any] = {"id": uuid.uuid4().hex}
    if words.isdecimal() and 1 <= int(words) <= len(buttons):
        message["button"] = buttons[int(words) - 1]["id"]
    else:
        message["text"] = words
    answer = client.post(path, json=message)
    if answer.is_client_error:
        typer.echo(answer.json()["error"]["message"])
        return None
    return int(answer.raise_for_status().json()["seq"])


def _until_answered(client: httpx.Client, path: str, shown: int, sent: int) -> Iterator[dict[str, Any]]:
    """Every message after `shown`, until `sent` is answered, nobody is about to, or nothing came in a while."""
    while True:
        state = client.get(path, params={"after": shown, "wait": WAIT}).raise_for_status().json()
        yield from state["messages"]
        if not state["messages"]:
            return
        shown = int(state["messages"][-1]["seq"])
        answered = any(message["seq"] > sent and message["author"] != "customer" for message in state["messages"])
        if answered or not (state["typing"] or state["owner"] == "agent"):
            return


def _show(message: dict[str, Any], buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Prints a message and its buttons, numbered after those already shown; gives all that can be tapped."""
    name = f"{message['name']}: " if message.get("name") else ""
    typer.echo(f"\n{name}{message['text']}\n")
    for number, button in enumerate(message["buttons"], len(buttons) + 1):
        typer.echo(f"  {number}. {button['label']}")
    return [*buttons, *message["buttons"]]
