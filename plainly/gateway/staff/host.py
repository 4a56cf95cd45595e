"""Two host names: staff at PLAINLY_DESK_HOST, customers at any other. Each side has no pages on the other's name."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from plainly.errors import error_body

_DESK = ("/desk", "/api/v1/desk")
# Both sides read policies, load styles, are watched by operators, and serve other help desks by key.
_BOTH = (
    "/static/shared",
    "/policies",
    "/api/v1/policies",
    "/api/v1/business",
    "/api/v1/suggest",
    "/api/v1/decide",
    "/api/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
)
_DESK_ONLY = (*_DESK, "/static/desk")


class DeskHost:
    """Answers 404 where a path does not belong to the host name it was asked at. Without a desk host all belong."""

    def __init__(self, app: ASGIApp, desk_host: str) -> None:
        self._app = app
        self._desk_host = desk_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or live connection."""
        if not self._desk_host or scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        at_desk = host_name(Headers(scope=scope).get("host", "")) == self._desk_host
        path: str = scope["path"]
        if belongs(path, at_desk=at_desk):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        else:
            await _elsewhere(path, at_desk=at_desk)(scope, receive, send)


def host_name(header: str) -> str:
    """The name of a Host header, without port or final dot."""
    name = header if header.startswith("[") else header.partition(":")[0]
    return name.strip().lower().rstrip(".")


def belongs(path: str, *, at_desk: bool) -> bool:
    """Whether this path is served on the desk's host name, or on the others."""
    if _is_under(path, _BOTH):
        return True
    return _is_under(path, _DESK_ONLY) is at_desk


def _is_under(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _elsewhere(path: str, *, at_desk: bool) -> Response:
    if at_desk and path == "/":
        return RedirectResponse("/desk", 303)
    return JSONResponse(error_body("not_found", "There is nothing at this address.", {"path": path}), 404)
