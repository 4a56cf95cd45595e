"""What the gateway may ask, read and checked at the door."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from rasa_parts.refusal import Refusal

MAX_BODY_BYTES = 512_000
MAX_TEXT_CHARACTERS = 10_000
AWAITED = ("nothing", "fact", "consent", "choice", "contact", "offer", "opinion")
_ID = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True)
class TurnRequest:
    """One message of one conversation, with everything a turn may depend on.

    `act` is set when a button was tapped; `text` is then its label.
    """

    sender: str
    message_id: str
    text: str
    act: str | None
    awaiting: str
    case: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The name of this turn: message ids are only unique within a conversation."""
        return f"{self.sender}/{self.message_id}"


def read_turn(body: bytes, acts: Collection[str]) -> TurnRequest:
    """The turn asked for. Raises Refusal naming the field that is wrong."""
    data = read_object(body)
    act = _act(data.get("act"), acts)
    case = _case(data.get("metadata"))
    return TurnRequest(
        sender=_id(data, "sender"),
        message_id=_id(data, "message_id"),
        text=read_text(data, may_be_blank=act is not None),
        act=act,
        awaiting=_awaiting(case),
        case=case,
    )


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a request's body. Raises Refusal."""
    if len(body) > MAX_BODY_BYTES:
        raise Refusal(400, "body_too_large", f"The request is longer than {MAX_BODY_BYTES} bytes.")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "bad_json", "The request is not JSON.") from None
    if not isinstance(data, dict):
        raise Refusal(400, "bad_json", "The request is JSON, but not an object.")
    return data


def read_text(data: dict[str, Any], *, may_be_blank: bool = False) -> str:
    """The customer's words, without the lone surrogates JSON lets through. Raises Refusal."""
    text = data.get("text")
    if not isinstance(text, str):
        raise Refusal(400, "bad_text", "`text` must be a string.")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise Refusal(400, "text_too_long", f"`text` is longer than {MAX_TEXT_CHARACTERS} characters.")
    if not text.strip() and not may_be_blank:
        raise Refusal(400, "no_text", "`text` is empty.")
    return text.encode("utf-8", "replace").decode("utf-8")


def _id(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise Refusal(400, f"bad_{name}", f"`{name}` must be 1 to 200 visible ASCII characters.")
    return value


def _act(act: object, acts: Collection[str]) -> str | None:
    if act is not None and (not isinstance(act, str) or act not in acts):
        raise Refusal(400, "unknown_act", "`act` must be null or a speech act the assistant knows.")
    return act


def _case(metadata: object) -> dict[str, Any]:
    case = metadata.get("case") if isinstance(metadata, dict) else None
    if not isinstance(case, dict) or not isinstance(case.get("now"), str):
        raise Refusal(400, "bad_case", "`metadata.case` must be an object that says at least `now`.")
    return case


def _awaiting(case: dict[str, Any]) -> str:
    context = case.get("context", {})
    awaiting = context.get("awaiting", "nothing") if isinstance(context, dict) else None
    if awaiting not in AWAITED:
        raise Refusal(400, "bad_case", f"`metadata.case.context.awaiting` must be one of {', '.join(AWAITED)}.")
    return str(awaiting)
