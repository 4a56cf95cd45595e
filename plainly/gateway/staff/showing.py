"""How a staff page is put together, and what staff see when something is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from plainly.errors import PlainlyError
from plainly.gateway.pages import render
from plainly.gateway.staff.guard import Staff
from plainly.gateway.staff.words import say, why
from plainly.gateway.state import Gateway, gateway_at

SIGN_IN = "/desk/sign-in"


def staff_page(template: str, here: Gateway, **given: Any) -> HTMLResponse:
    """A page of the desk. `me` is who is signed in (or None), `path` which entry of the menu is lit.

    Templates extend `staff_page.html.j2`.
    """
    zone = ZoneInfo(here.timezone)
    given = {"me": None, "done": "", "wrong": "", "path": "", "warning": "", **given}
    business = here.folder.kb.business.name if here.folder.kb else "Plainly"
    language = here.settings.language
    if given["me"] is not None:
        given["warning"] = warning_for(given["me"], here)
    return render(
        template, business=business, here=given.pop("path"), when=lambda at: _when(at, zone, language), **given
    )


def warning_for(staff: Staff, here: Gateway) -> str:
    """What whoever leads must know on every page: a change of the folder that is not in use. Else empty."""
    if not staff.may("supervisor") or not here.folder.refused:
        return ""
    return say("folder_refused", problem=here.folder.refused)


def _when(at: datetime | None, zone: ZoneInfo, language: str) -> str:
    if at is None:
        return say("never")
    return format_datetime(at.astimezone(zone), "d MMM y, HH:mm", locale=language.replace("-", "_"))


def is_desk(path: str) -> bool:
    """Whether a path is one of the desk's pages."""
    return path == "/desk" or path.startswith("/desk/")


def refused_page(request: Request, error: Exception, status: int) -> Response:
    """What a person at the desk sees instead of the page: the way to sign in, or why not."""
    code = error.code if isinstance(error, PlainlyError) else ""
    if code == "not_signed_in":
        back = request.url.path if request.method == "GET" else "/desk"
        query = f"?{request.url.query}" if request.method == "GET" and request.url.query else ""
        return RedirectResponse(f"{SIGN_IN}?next={quote(back + query, safe='/')}", 303)
    here = gateway_at(request)
    title, says = _words(error, status)
    page = staff_page("staff_problem.html.j2", here, title=title, says=says)
    page.status_code = status
    return page


def _words(error: Exception, status: int) -> tuple[str, str]:
    if isinstance(error, PlainlyError) and status < 500 and error.code != "not_allowed":
        return say("problem.refused"), why(error)
    kind = {403: "not_allowed", 404: "missing", 405: "missing"}.get(status, "ours" if status >= 500 else "refused")
    return say(f"problem.{kind}"), say(f"problem.{kind}_says")
