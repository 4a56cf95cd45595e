"""Pages anybody at the desk uses: signing in and out, and one's own settings."""

from __future__ import annotations

import functools
import re
from typing import Annotated
from urllib.parse import urlsplit

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from plainly.errors import PlainlyError
from plainly.gateway.limits import visitor
from plainly.gateway.problems import STATUS
from plainly.gateway.staff.guard import COOKIE, Agent, Form, Staff, moment, session_limits, staff_of
from plainly.gateway.staff.showing import SIGN_IN, staff_page
from plainly.gateway.staff.signing import Credentials, apart, change_password, sign_in, sign_out
from plainly.gateway.staff.words import say, why
from plainly.gateway.state import Gateway, gateway_of
from plainly.store.passwords import SHORTEST
from plainly.store.sign_ins import count_sessions, end_sessions

router = APIRouter(prefix="/desk", include_in_schema=False)

Here = Annotated[Gateway, Depends(gateway_of)]

HOME = "/desk"
_OURS = re.compile(r"/desk(/[A-Za-z0-9_.-]+)*(\?[A-Za-z0-9_.=&%+-]*)?")


async def from_own_page(request: Request) -> None:
    """Refuse a form that another website's page sent: nobody is signed in yet, so there is no token to compare."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    is_own = site in ("same-origin", "none") if site else _is_host(origin, request)
    if not is_own:
        raise PlainlyError("csrf", "Sign in on the desk's own page.")


def _is_host(origin: str | None, request: Request) -> bool:
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def own_path(text: str) -> str:
    """Where to go after signing in: a path of the desk, and never another site."""
    return text if _OURS.fullmatch(text) and not text.startswith((SIGN_IN, "/desk/sign-out")) else HOME


@router.get("/sign-in")
async def ask(request: Request, here: Here, next: str = HOME, out: bool = False) -> Response:  # noqa: A002  the query's name
    """The form; whoever is signed in already goes on."""
    try:
        await staff_of(request)
    except PlainlyError:
        done = say("done.signed_out") if out else ""
        return staff_page("staff_sign_in.html.j2", here, next=own_path(next), login="", done=done)
    return RedirectResponse(own_path(next), 303)


@router.post("/sign-in", dependencies=[Depends(from_own_page)])
async def enter(request: Request, here: Here, form: Form) -> Response:
    """Sign in: a new token each time, in a cookie no script can read."""
    login, going_to = form.get("login", ""), own_path(form.get("next", HOME))
    given = _credentials(request, login, form.get("password", ""))
    try:
        token = await apart(functools.partial(sign_in, here, given, request.cookies.get(COOKIE, "")))
    except PlainlyError as error:
        page = staff_page("staff_sign_in.html.j2", here, next=going_to, login=login[:120], wrong=why(error))
        return with_status(page, error)
    answer = RedirectResponse(going_to, 303)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=here.settings.desk_session_hours * 3600,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return answer


@router.post("/sign-out")
async def leave(request: Request, here: Here, staff: Agent) -> Response:
    """Sign out: the token opens nothing any more."""
    await to_thread.run_sync(sign_out, here, request.cookies.get(COOKIE, ""))
    answer = RedirectResponse(f"{SIGN_IN}?out=true", 303)
    answer.delete_cookie(COOKIE, path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict")
    return answer


@router.get("/settings")
def settings(here: Here, staff: Agent) -> HTMLResponse:
    """One's own settings."""
    return _settings(here, staff)


@router.post("/settings/password")
async def new_password(request: Request, here: Here, staff: Agent, form: Form) -> Response:
    """Change one's own password; every other sign-in ends."""
    given = _credentials(request, staff.login, form.get("current", ""))
    new, token = form.get("new", ""), request.cookies.get(COOKIE, "")
    try:
        if new != form.get("again"):
            raise PlainlyError("not_same", "The two new passwords differ.")
        await apart(functools.partial(change_password, here, staff, given, new, token))
    except PlainlyError as error:
        return with_status(await to_thread.run_sync(_settings, here, staff, "", why(error)), error)
    return await to_thread.run_sync(_settings, here, staff, say("done.password"))


@router.post("/settings/elsewhere")
def elsewhere(request: Request, here: Here, staff: Agent) -> HTMLResponse:
    """End all sign-ins but this one."""
    with here.store.write() as session:
        count = end_sessions(session, staff.id, but=request.cookies.get(COOKIE, ""))
    key = {0: "elsewhere_none", 1: "elsewhere_one"}.get(count, "elsewhere")
    return _settings(here, staff, say(f"done.{key}", count=count))


def _settings(here: Gateway, staff: Staff, done: str = "", wrong: str = "") -> HTMLResponse:
    with here.store.read() as session:
        sessions = count_sessions(session, staff.id, moment(), session_limits(here.settings))
    given = {"me": staff, "path": "/desk/settings", "done": done, "wrong": wrong}
    return staff_page("staff_settings.html.j2", here, sessions=sessions, shortest=SHORTEST, **given)


def _credentials(request: Request, login: str, password: str) -> Credentials:
    return Credentials(login, password, visitor(request.client.host if request.client else None))


def with_status(page: HTMLResponse, error: PlainlyError) -> HTMLResponse:
    """The page with the status of the error it tells."""
    page.status_code = STATUS.get(error.code, 422)
    if "seconds" in error.data:
        page.headers["Retry-After"] = str(error.data["seconds"])
    return page
