"""The page of the console: one document, and modules under an address that names their content."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from plainly.gateway.assets import desk_modules, desk_release
from plainly.gateway.pages import render
from plainly.gateway.staff.guard import require

router = APIRouter(include_in_schema=False)


@router.get("/desk", dependencies=[Depends(require("agent"))])
def console() -> HTMLResponse:
    """The console; whoever is not signed in is sent to sign in."""
    page = render("desk.html.j2", static=f"/static/desk/{desk_release()}", modules=desk_modules())
    page.headers["Cache-Control"] = "no-store"
    return page
