"""Scripts, styles and pictures. The modules of widget and desk live under addresses that name their content.

So a browser keeps them for a year, and never mixes modules of two releases. The desk's modules use some of the
widget's, which it gets under its own address: desk and widget may have host names of their own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
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


# "r1234567890ab/widget/element.js" and "desk/r1234567890ab/desk/main.js"
_OF_RELEASE = re.compile(r"(desk/)?(r[0-9a-f]{12})/((?:widget|desk)/.+)")


def release(folder: Path = STATIC / "widget") -> str:
    """A name for what the widget's modules contain now: "r" and twelve hexadecimal digits."""
    return _name_of(sorted(folder.glob("*.js")))


def desk_release() -> str:
    """The same for everything the console loads."""
    return _name_of(_desk_files())


def desk_modules() -> list[str]:
    """The console's own modules, so that a browser fetches them at once instead of one after the other."""
    return [str(path.relative_to(STATIC)) for path in sorted((STATIC / "desk").rglob("*.js"))]


def _desk_files() -> list[Path]:
    desk = STATIC / "desk"
    return sorted([*desk.rglob("*.js"), *desk.glob("*.css"), *(STATIC / "widget").glob("*.js")])


def _name_of(paths: Iterable[Path]) -> str:
    return _digest(tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths))


@cache
def _digest(files: tuple[tuple[Path, int, int], ...]) -> str:
    """Read again only when a file changed."""
    digest = hashlib.sha256()
    for path, _, _ in files:
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
        found = _OF_RELEASE.fullmatch(path)
        answer = await super().get_response(found[3] if found else path, scope)
        # A page of an older release must not keep today's file under the old name.
        is_today = found is not None and found[2] == (desk_release() if found[1] else release())
        answer.headers.update(_FOREVER if is_today else _CHECK)
        return answer


def add_static(app: FastAPI) -> None:
    """Serve the files at /static/, compressed."""
    files = _Files(directory=STATIC, check_dir=False)
    app.mount("/static", GZipMiddleware(files, minimum_size=1_000), name="static")
