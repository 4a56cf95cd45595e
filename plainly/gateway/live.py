"""The live connection: new messages, who has the conversation, whether an answer is on its way.

The client opens `WS /api/v1/conversations/{id}/live` and sends `{"token": "...", "after": 12}` within ten seconds,
or names the subprotocols `plainly` and `token.<token>` and starts at 0. The server sends

    {"type": "messages", "messages": [...], "owner": "bot", "typing": false, ...}   new messages, in order
    {"type": "state", "owner": "bot", "typing": true, ...}                          nothing new but this
    {"type": "error", "error": {"code", "message", "details"}}                   then closes (4401, 4400, 4429)

The client may send `{"after": 15}` at any time to get everything after that number again, and
`{"typing": true}` every few seconds while the customer types.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from typing import Any
from urllib.parse import urlsplit

import structlog
from anyio import to_thread
from fastapi import APIRouter, WebSocket
from sqlalchemy.exc import SQLAlchemyError
from starlette.websockets import WebSocketDisconnect

from plainly.clock import elapsed
from plainly.desk import QUEUE
from plainly.errors import PlainlyError
from plainly.gateway.api import look
from plainly.gateway.edge import websocket_error
from plainly.gateway.limits import visitor
from plainly.gateway.metrics import SOCKETS
from plainly.gateway.state import Gateway, gateway_at
from plainly.store.conversations import with_token
from plainly.store.presence import CUSTOMER, TYPING_SECONDS, note_typing, stop_typing

log = structlog.get_logger(__name__)

router = APIRouter()

_HELLO_SECONDS = 10.0
_LOOK_SECONDS = (20.0, 40.0)
"""In case a hint was missed; not in step with the other lines, as they may all have been opened at once."""
_MOST_CHARACTERS = 2_000
_CLOSE_CODES = {"no_access": 4401, "too_many": 4429}
_MOST_AFTER = 2**31 - 1


@router.websocket("/api/v1/conversations/{conversation_id}/live")
async def live(socket: WebSocket, conversation_id: str) -> None:
    """Serve one live connection until either side ends it."""
    here = gateway_at(socket)
    if not is_from_allowed_site(socket, here):
        await socket.close(1008)
        return
    await socket.accept(subprotocol="plainly" if "plainly" in socket.scope.get("subprotocols", ()) else None)
    with SOCKETS.track_inprogress(), contextlib.suppress(WebSocketDisconnect, RuntimeError):
        try:
            await here.limits.spend("requests", visitor(socket.client.host if socket.client else None))
            token, after = await _hello(socket)
            await _Line(socket, here, conversation_id, token).serve(after)
        except PlainlyError as error:
            await socket.send_text(websocket_error(error))
            await socket.close(_CLOSE_CODES.get(error.code, 4400))
        except SQLAlchemyError as wrong:
            log.error("live_failed", error=str(wrong))
            await socket.close(1013)


def is_from_allowed_site(socket: WebSocket, here: Gateway) -> bool:
    """Whether a browser opened this from our own pages or a listed site; programs name no site."""
    origin = socket.headers.get("origin")
    if origin is None or origin in here.settings.allowed_origins:
        return True
    return urlsplit(origin).netloc == socket.headers.get("host")


async def _hello(socket: WebSocket) -> tuple[str, int]:
    named = [name for name in socket.scope.get("subprotocols", ()) if name.startswith("token.")]
    if named:
        return named[0].removeprefix("token."), 0
    try:
        async with asyncio.timeout(_HELLO_SECONDS):
            frame = _read_frame(await socket.receive_text())
    except (TimeoutError, KeyError) as silent:
        raise PlainlyError("no_access", "The first message must carry the token.") from silent
    token = frame.get("token")
    if not isinstance(token, str):
        raise PlainlyError("no_access", "The first message must carry the token.")
    return token, _after(frame)


def _until_next_look(state: dict[str, Any]) -> float:
    """Seconds; who types may stop without a word, and then nothing is heard of it."""
    return TYPING_SECONDS if state.get("typing") else random.uniform(*_LOOK_SECONDS)  # noqa: S311  no secret


def _read_frame(text: str) -> dict[str, Any]:
    try:
        frame = json.loads(text) if len(text) <= _MOST_CHARACTERS else None
    except (ValueError, RecursionError):
        frame = None
    if not isinstance(frame, dict):
        raise PlainlyError("wrong_request", 'Send a small JSON object such as {"after": 12}.')
    return frame


def _after(frame: dict[str, Any]) -> int:
    after = frame.get("after", 0)
    if isinstance(after, bool) or not isinstance(after, int) or not 0 <= after <= _MOST_AFTER:
        raise PlainlyError("wrong_request", "after must be a number of a message, or 0.")
    return after


class _Line:
    """One live connection: a task listens to the client, the other sends what is new."""

    def __init__(self, socket: WebSocket, here: Gateway, conversation_id: str, token: str) -> None:
        self._socket = socket
        self._here = here
        self._conversation_id = conversation_id
        self._token = token
        self._after = 0
        self._state: dict[str, Any] | None = None

    async def serve(self, after: int) -> None:
        """Until the client goes, or this process is asked to end."""
        self._after = after
        with self._here.hub.watch(self._conversation_id) as changed:
            listening = asyncio.create_task(self._listen(changed))
            try:
                while not listening.done() and not self._here.stopping:
                    changed.clear()
                    await self._tell()
                    state = self._state or {}
                    self._here.hub.stand_in_line(changed, waits=state.get("owner") == QUEUE)
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(changed.wait(), _until_next_look(state))
                if listening.done():
                    listening.result()
                else:
                    await self._socket.close(1012)
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self, changed: asyncio.Event) -> None:
        try:
            while True:
                frame = _read_frame(await self._socket.receive_text())
                if "typing" in frame:
                    await to_thread.run_sync(self._note_typing, frame["typing"] is True)
                    continue
                self._after = _after(frame)
                self._state = None
                changed.set()
        except KeyError as binary:
            raise PlainlyError("wrong_request", "Send text, not bytes.") from binary
        finally:
            changed.set()

    def _note_typing(self, is_typing: bool) -> None:
        with self._here.store.write() as session:
            with_token(session, self._conversation_id, self._token)
            if is_typing:
                note_typing(session, self._conversation_id, CUSTOMER, "", elapsed())
            else:
                stop_typing(session, self._conversation_id, CUSTOMER)

    async def _tell(self) -> None:
        while await self._tell_some():
            pass

    async def _tell_some(self) -> bool:
        """Send what is new; whether there were messages, and so may be more."""
        found = await to_thread.run_sync(look, self._here, self._conversation_id, self._token, self._after)
        state = {name: value for name, value in found.items() if name != "messages"}
        if found["messages"]:
            self._after = found["messages"][-1]["seq"]
            await self._socket.send_text(json.dumps({"type": "messages", **found}))
        elif state != self._state:
            await self._socket.send_text(json.dumps({"type": "state", **state}))
        self._state = state
        return bool(found["messages"])
