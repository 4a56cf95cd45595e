"""Asks Rasa for one reply, patiently: up to four tries within fifteen seconds."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import structlog

from plainly.clock import elapsed
from plainly.desk import REASONS
from plainly.errors import PlainlyError
from plainly.model import Effect, Escalate
from plainly.turn.wire import effect_from_json

log = structlog.get_logger(__name__)

Json = dict[str, Any]
_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Patience:
    """Pauses between tries, the longest single try, and when to give up; all in seconds."""

    pauses: tuple[float, ...] = (0.5, 2.0, 5.0)
    one_try: float = 5.0
    total: float = 13.5


@dataclass(frozen=True)
class Answer:
    """A reply as Rasa's channel gives it, checked. `details` are for staff: act, confidence, decision, passages."""

    text: str
    status: str
    context: Json
    buttons: tuple[Json, ...]
    citations: tuple[Json, ...]
    receipt: Json | None
    effects: tuple[Effect, ...]
    details: Json


class RasaError(PlainlyError):
    """Rasa gave no usable reply. `again` says whether another try may help."""

    def __init__(self, message: str, *, again: bool) -> None:
        super().__init__("rasa_failed", message)
        self.again = again


class Rasa:
    """A pooled connection to Rasa's channel."""

    def __init__(self, url: str, token: str, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            limits=httpx.Limits(max_connections=50, max_keepalive_connections=20),
            trust_env=False,
        )

    async def answer(self, request: Json) -> Answer:
        """The reply to one message. Raises RasaError when patience is at its end."""
        return await self._ask(request, read_answer)

    async def draft(self, request: Json) -> Json:
        """The whole answer to a message as JSON, for staff: `{"act", "confidence", "reply"}`. Nothing is carried out.

        Raises RasaError when patience is at its end.
        """
        return await self._ask(request, read_draft)

    async def _ask[Read](self, request: Json, read: Callable[[httpx.Response], Read]) -> Read:
        end = elapsed() + self._patience.total
        for pause in (*self._patience.pauses, math.inf):
            try:
                return read(await self._try(request, min(self._patience.one_try, end - elapsed())))
            except RasaError as wrong:
                log.warning("rasa_try_failed", message_id=request["message_id"], error=wrong.message)
                if not wrong.again or elapsed() + pause >= end - 0.05:
                    raise
            await asyncio.sleep(pause)
        raise AssertionError("the last pause is infinite")

    async def _try(self, request: Json, seconds: float) -> httpx.Response:
        try:
            async with asyncio.timeout(seconds):
                response = await self._client.post("/webhooks/plainly/webhook", json=request, timeout=seconds)
        except (httpx.HTTPError, TimeoutError) as wrong:
            raise RasaError(f"Rasa does not answer: {type(wrong).__name__} {wrong}.", again=True) from wrong
        if response.status_code != 200 or len(response.content) > _MOST_BYTES:
            again = response.status_code >= 500 or response.status_code == 429
            raise RasaError(f"Rasa answers {response.status_code}: {response.text[:200]}", again=again)
        return response

    async def is_there(self) -> bool:
        """Whether Rasa has its model and takes turns."""
        try:
            return (await self._client.get("/webhooks/plainly/", timeout=1)).status_code == 200
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def read_answer(response: httpx.Response) -> Answer:
    """The reply in a response. Raises RasaError when it is not what docs/architecture.md promises."""
    try:
        body = response.json()
        return _answer(body, body["reply"])
    except (ValueError, KeyError, TypeError, AttributeError, PlainlyError) as wrong:
        raise RasaError(f"Rasa's reply cannot be read: {wrong!r}.", again=False) from wrong


def read_draft(response: httpx.Response) -> Json:
    """The whole body of a response whose reply is as it should be. Raises RasaError."""
    read_answer(response)
    body: Json = response.json()
    return body


def _answer(body: Mapping[str, Any], reply: Mapping[str, Any]) -> Answer:
    effects = tuple(effect_from_json(effect) for effect in reply["effects"])
    reasons = [effect.reason for effect in effects if isinstance(effect, Escalate)]
    if not set(reasons) <= set(REASONS) or len(reasons) > 1:
        raise ValueError(f"cannot hand over for {reasons}")
    return Answer(
        text=_text(reply["text"]),
        status=_text(reply["status"]),
        context=dict(reply["context"]),
        buttons=tuple(_button(button) for button in reply["buttons"]),
        citations=tuple(dict(citation) for citation in reply["citations"]),
        receipt=dict(reply["receipt"]) if reply.get("receipt") else None,
        effects=effects,
        details={
            "act": body.get("act"),
            "confidence": body.get("confidence"),
            "decision": reply.get("decision"),
            "asked": reply.get("asked"),
            "passages": reply.get("passages", []),
        },
    )


def _button(button: Mapping[str, Any]) -> Json:
    return {
        "label": _text(button["label"]),
        "act": _text(button["act"]),
        "facts": dict(button.get("facts") or {}),
        "choice": str(button.get("choice") or ""),
    }


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("an empty text")
    return value.replace("\x00", "")
