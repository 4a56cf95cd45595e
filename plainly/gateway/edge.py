"""The outermost layer: sane body sizes, and headers that keep browsers safe. Plain ASGI, as it runs on every call."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plainly.errors import PlainlyError, error_body
from plainly.gateway.problems import error_response, unexpected
from plainly.gateway.staff.showing import is_desk

MOST_BYTES = 64 * 1024
_MOST_DRAINED = 16 * 1024 * 1024

_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
# Staff see what customers write: their pages take nothing from elsewhere, and no other page may frame them.
_DESK_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_ALWAYS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Other websites embed these two; everything else stays with us.
_EMBEDDED = ("/widget.js", "/static/")


class SafeHeaders:
    """Adds the security headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), path, secure=scope.get("scheme") == "https")
            await send(message)

        await self._app(scope, receive, send_safely)


def _add_headers(headers: MutableHeaders, path: str, *, secure: bool) -> None:
    if is_desk(path.removeprefix("/api/v1")):
        headers.setdefault("Content-Security-Policy", _DESK_POLICY)
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cache-Control", "no-store")
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if path.startswith(_EMBEDDED) else "same-origin")
    if path.startswith("/api/"):
        headers.setdefault("Cache-Control", "no-store")
    if secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


class BodyLimit:
    """Refuses bodies over 64 kB, and reads each whole body before anything acts on it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        if _announced(Headers(scope=scope)) > _MOST_DRAINED:
            await _refuse(scope, receive, send)
            return
        body = await _whole_body(receive)
        if body is None:
            await _refuse(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


class LastResort:
    """Turns an error nobody foresaw into the error shape, inside the layers that add headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception as error:  # noqa: BLE001  the edge of the application
            response = unexpected(error)
            if not started:
                await response(scope, receive, send)


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() else 0


async def _whole_body(receive: Receive) -> bytes | None:
    """The body, or None when it is too large. A large one is read to its end, so that the sender hears why."""
    body, read, more = bytearray(), 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        chunk: bytes = message.get("body", b"")
        read += len(chunk)
        if read <= MOST_BYTES:
            body += chunk
        more = message.get("more_body", False) and read <= _MOST_DRAINED
    return bytes(body) if read <= MOST_BYTES else None


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    error = PlainlyError("too_large", "The body is too large.", {"most_bytes": MOST_BYTES})
    response = error_response(error)
    response.headers["Connection"] = "close"
    await response(scope, receive, send)


def websocket_error(error: PlainlyError) -> str:
    """An error as a frame of the live connection."""
    return json.dumps({"type": "error", **error_body(error.code, error.message, error.data)})
