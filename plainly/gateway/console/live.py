"""The console's live connection: `WS /api/v1/desk/live`, for signed-in staff from our own page.

    {"type": "hello", "seq": 0, "now": "...", "me": {...}, "items": [...], "staff": [...], "warning": ""}
                                                                                   on connecting and again
    {"type": "items", "seq": 1, "changed": [...], "gone": ["id"]}
    {"type": "messages", "seq": 2, "conversation": "id", "messages": [...]}           of the one it watches, all kinds
    {"type": "typing", "seq": 3, "conversation": "id", "customer": true, "staff": [{"id", "name"}]}
    {"type": "staff", "seq": 4, "staff": [...]}
    {"type": "warning", "seq": 5, "warning": "..."}                 for who leads: the line above every page, or none
    {"type": "error", "seq": 6, "error": {"code", "message", "details"}}

The client may send `watch` with a conversation and `after`, `unwatch`, `typing` with a conversation, and `again`,
which gives a new hello with seq 0. Close codes: 4401 signed out, 4403 not from our page, 1012 the server restarts.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import structlog
from anyio import to_thread
from fastapi import APIRouter, WebSocket
from sqlalchemy.exc import SQLAlchemyError
from starlette.websockets import WebSocketDisconnect

from plainly.clock import elapsed, now
from plainly.errors import PlainlyError, error_body
from plainly.gateway.console.board import Watcher
from plainly.gateway.console.routes import about, type_in
from plainly.gateway.console.showing import known, messages_for_staff, typing_in
from plainly.gateway.metrics import SOCKETS
from plainly.gateway.staff.guard import Agent, Staff, still_staff
from plainly.gateway.staff.showing import warning_for
from plainly.gateway.state import Gateway, gateway_at

log = structlog.get_logger(__name__)

router = APIRouter()

_LOOK_SECONDS = 5.0
_MOST_CHARACTERS = 2_000
_MOST_ASKED = 20
_MOST_SEQ = 2**31 - 1

Frame = dict[str, Any]


@router.websocket("/api/v1/desk/live")
async def live(socket: WebSocket, staff: Agent) -> None:
    """Serve one console until either side ends it."""
    await socket.accept()
    here = gateway_at(socket)
    with SOCKETS.track_inprogress(), contextlib.suppress(WebSocketDisconnect, RuntimeError):
        try:
            async with here.board.watch(staff.id) as watcher:
                await _Console(socket, here, staff, watcher).serve()
        except PlainlyError as error:
            await socket.close(4401 if error.code == "not_signed_in" else 4400)
        except SQLAlchemyError as wrong:
            log.error("console_failed", error=str(wrong))
            await socket.close(1013)


class _Console:
    """One open console: a task hears what it asks for; the other heeds that, in order, and tells what is new."""

    def __init__(self, socket: WebSocket, here: Gateway, staff: Staff, watcher: Watcher) -> None:
        self._socket = socket
        self._here = here
        self._staff = staff
        self._watcher = watcher
        self._seq = 0
        self._after = 0
        self._typing: Frame | None = None
        self._warning = ""
        self._asked: asyncio.Queue[Frame] = asyncio.Queue(_MOST_ASKED)
        self._checked = elapsed()

    async def serve(self) -> None:
        """Until the console goes, its sign-in ends, or this process is asked to end."""
        await self._hello()
        listening = asyncio.create_task(self._listen())
        try:
            while not listening.done() and not self._here.stopping:
                self._watcher.news.clear()
                while not self._asked.empty():
                    await self._heed_one(self._asked.get_nowait())
                await self._tell()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._watcher.news.wait(), _LOOK_SECONDS)
                await self._check()
            if listening.done():
                listening.result()
            else:
                await self._socket.close(1012)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _check(self) -> None:
        """Now and then: whether they are still signed in, and whether a hint was missed."""
        if self._watcher.doubt or elapsed() - self._checked > _LOOK_SECONDS:
            self._checked, self._watcher.doubt = elapsed(), False
            self._staff = await still_staff(self._socket)
            self._watcher.look = True

    async def _hello(self) -> None:
        self._watcher.items.clear()
        self._watcher.staff = None
        self._seq = -1
        board = self._here.board
        items = sorted(board.items.values(), key=lambda item: (-item["waited_minutes"], item["since"]))
        hello = {"type": "hello", "now": now().isoformat(), "me": about(self._staff)}
        self._warning = warning_for(self._staff, self._here)
        await self._send({**hello, "items": items, "staff": board.staff, "warning": self._warning})

    async def _send(self, frame: Frame) -> None:
        self._seq += 1
        await self._socket.send_text(json.dumps({**frame, "seq": self._seq}))

    async def _tell(self) -> None:
        news, self._watcher.items = self._watcher.items, {}
        if news:
            texts = self._here.board.texts
            changed = ",".join(texts[id_] for id_, item in news.items() if item is not None and id_ in texts)
            gone = [id_ for id_ in news if id_ not in texts]
            self._seq += 1
            await self._socket.send_text(
                f'{{"type":"items","changed":[{changed}],"gone":{json.dumps(gone)},"seq":{self._seq}}}'
            )
        staff, self._watcher.staff = self._watcher.staff, None
        if staff is not None:
            await self._send({"type": "staff", "staff": staff})
        warning = warning_for(self._staff, self._here)
        if warning != self._warning:
            self._warning = warning
            await self._send({"type": "warning", "warning": warning})
        if self._watcher.look:
            self._watcher.look = False
            await self._look()

    async def _look(self) -> None:
        """At the conversation it watches: what was said there since, and who types."""
        conversation = self._watcher.watching
        if conversation is None:
            return
        messages, typing = await to_thread.run_sync(self._read, conversation, self._after)
        if conversation != self._watcher.watching:
            return
        if messages:
            self._after = messages[-1]["seq"]
            await self._send({"type": "messages", "conversation": conversation, "messages": messages})
        if typing != self._typing:
            self._typing = typing
            await self._send({"type": "typing", "conversation": conversation, **typing})

    def _read(self, conversation: str, after: int) -> tuple[list[Frame], Frame]:
        with self._here.store.read() as session:
            return messages_for_staff(session, conversation, after), typing_in(session, conversation)

    async def _listen(self) -> None:
        try:
            while True:
                await self._asked.put(_read_frame(await self._socket.receive_text()))
                self._watcher.news.set()
        except KeyError as binary:
            raise PlainlyError("wrong_request", "Send text, not bytes.") from binary
        finally:
            self._watcher.news.set()

    async def _heed_one(self, frame: Frame) -> None:
        try:
            await self._heed(frame)
        except PlainlyError as wrong:
            await self._send({"type": "error", **error_body(wrong.code, wrong.message, wrong.data)})

    async def _heed(self, frame: Frame) -> None:
        match frame:
            case {"type": "watch", "conversation": str(conversation)}:
                await self._watch(conversation, _after(frame))
            case {"type": "unwatch"}:
                self._watcher.watching = None
            case {"type": "typing", "conversation": str(conversation)}:
                await to_thread.run_sync(type_in, self._here, self._staff, conversation)
            case {"type": "again"}:
                await self._hello()
            case _:
                raise PlainlyError("wrong_request", "Send watch, unwatch, typing or again.")

    async def _watch(self, conversation: str, after: int) -> None:
        def check() -> None:
            with self._here.store.read() as session:
                known(session, conversation)

        await to_thread.run_sync(check)
        self._watcher.watching, self._after, self._typing = conversation, after, None
        self._watcher.look = True


def _read_frame(text: str) -> Frame:
    """The frame; an empty one, which is refused, for what cannot be read."""
    try:
        frame = json.loads(text) if len(text) <= _MOST_CHARACTERS else None
    except (ValueError, RecursionError):
        frame = None
    return frame if isinstance(frame, dict) else {}


def _after(frame: Frame) -> int:
    after = frame.get("after", 0)
    if isinstance(after, bool) or not isinstance(after, int) or not 0 <= after <= _MOST_SEQ:
        raise PlainlyError("wrong_request", "after must be the number of a message, or 0.")
    return after
