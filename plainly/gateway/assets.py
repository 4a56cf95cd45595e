"""Scripts, styles and pictures. The widget's modules live under an address that names their content.

So a browser keeps them for a year, and never mixes modules of two releases.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi import APIRouter, FastAPI, Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
_MODULES = "static/widget/"
_SHORT = {"Cache-Control": "max-age=300"}
_CHECK = {"Cache-Control": "no-cache"}
_FOREVER = {"Cache-Control": "max-age=31536000, immutable"}

router = APIRouter(include_in_schema=False)


def release(folder: Path = STATIC / "widget") -> str:
    """A name for what the widget's modules contain now: "r" and twelve hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.js")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"r{digest.hexdigest()[:12]}"


@router.get("/widget.js")
def widget() -> Response:
    """The one script tag. It names the modules of this release."""
    script = (STATIC / "widget.js").read_text(encoding="utf-8").replace(_MODULES, f"static/{release()}/widget/")
    return Response(script, media_type="text/javascript", headers=_SHORT)


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, with or without the release before its path. Any release gives the files of today."""
        named, _, rest = path.partition("/")
        has_release = len(named) == 13 and named.startswith("r") and rest.startswith("widget/")
        answer = await super().get_response(rest if has_release else path, scope)
        # A page of an older release must not keep today's file under the old name.
        answer.headers.update(_FOREVER if has_release and named == release() else _CHECK)
        return answer


def add_static(app: FastAPI) -> None:
    """Serve the files at /static/, compressed."""
    files = _Files(directory=STATIC, check_dir=False)
    app.mount("/static", GZipMiddleware(files, minimum_size=1_000), name="static")
