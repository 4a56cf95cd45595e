"""The one error shape: {"error": {"code", "message", "details"}}, whatever went wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from plainly.errors import PlainlyError, error_body
from plainly.gateway.pages import problem_page, wants_page
from plainly.gateway.staff.showing import is_desk, refused_page
from plainly.gateway.staff.words import why
from plainly.gateway.words import refusal
from plainly.settings import settings
from plainly.store.types import new_id

log = structlog.get_logger(__name__)

Handler = Callable[[Request, Exception], Awaitable[Response]]

STATUS: Mapping[str, int] = {
    "no_access": 401,
    "not_signed_in": 401,
    "not_allowed": 403,
    "csrf": 403,
    "wrong_form": 422,
    "wrong_login": 401,
    "wrong_password": 401,
    "too_many_tries": 429,
    "weak_password": 422,
    "wrong_account": 422,
    "login_taken": 409,
    "last_owner": 409,
    "yourself": 409,
    "unknown_staff": 404,
    "wrong_key": 401,
    "unknown_key": 404,
    "wrong_key_name": 422,
    "unknown_button": 422,
    "stale": 409,
    "wrong_owner": 409,
    "already_theirs": 409,
    "unread": 409,
    "contradicts": 409,
    "unfilled_placeholder": 422,
    "wrong_moment": 422,
    "unknown_message": 404,
    "unknown_suggestion": 404,
    "unknown_reply": 404,
    "unknown_lever": 404,
    "unknown_decision": 404,
    "not_grantable": 409,
    "cap_reached": 409,
    "unknown_fact": 422,
    "wrong_value": 422,
    "wrong_context": 422,
    "bad_wire": 422,
    "unknown_colleague": 422,
    "unknown_team": 422,
    "unknown_conversation": 404,
    "empty_message": 422,
    "message_too_long": 422,
    "text_or_button": 422,
    "message_id_used": 409,
    "too_large": 413,
    "too_many": 429,
    "not_ready": 503,
    "database_unreachable": 503,
    "folder_not_loaded": 503,
    "unknown_policy": 404,
    "unknown_clause": 404,
    "identity_off": 404,
    "identity_refused": 401,
    "nothing_to_rate": 409,
    "rated_already": 409,
    "unknown_figure": 404,
    "wrong_period": 422,
}
"""The HTTP status of each error code; codes not named here are faults of ours: 500."""

_HTTP_CODES = {404: "not_found", 405: "wrong_method", 413: "too_large", 422: "wrong_request", 400: "wrong_request"}


class ErrorDetail(BaseModel):
    """`code` is for programs and never changes; `message` is for people; `details` name the particulars."""

    code: str
    message: str
    details: dict[str, Any]


class Problem(BaseModel):
    """The shape of every error."""

    error: ErrorDetail


def error_response(error: PlainlyError) -> JSONResponse:
    """A PlainlyError as an answer, in the customer's words or in staff's where there are any."""
    message = refusal(error.code, settings().language, error.data) or why(error)
    headers = {"WWW-Authenticate": "Bearer"} if error.code == "no_access" else {}
    if "seconds" in error.data:
        headers["Retry-After"] = str(error.data["seconds"])
    body = error_body(error.code, message, error.data)
    return JSONResponse(body, STATUS.get(error.code, 500), headers=headers)


def add_error_shape(app: FastAPI) -> None:
    """Make every error of the app take the one shape."""
    app.add_exception_handler(PlainlyError, _for_people(_plainly))
    app.add_exception_handler(HTTPException, _for_people(_http))
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(OperationalError, _database)


def _for_people(
    handler: Callable[[Request, Exception], Awaitable[Response]],
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Who asked with a browser gets a page; programs and the API get the one shape."""

    async def answer(request: Request, error: Exception) -> Response:
        response = await handler(request, error)
        if not wants_page(request):
            return response
        if is_desk(request.url.path):
            return refused_page(request, error, response.status_code)
        return problem_page(response.status_code)

    return answer


async def _plainly(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PlainlyError)
    if STATUS.get(error.code, 500) >= 500:
        log.error("request_failed", code=error.code, message=error.message)
    return error_response(error)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = _HTTP_CODES.get(error.status_code, "http_error")
    details = {"path": request.url.path} if error.status_code in (404, 405) else {}
    messages = {
        404: "There is nothing at this address.",
        405: f"This address does not take {request.method}.",
        400: "The body is not valid JSON in UTF-8.",
    }
    body = error_body(code, messages.get(error.status_code, str(error.detail)), details)
    return JSONResponse(body, error.status_code, headers=error.headers)


async def _validation(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = [
        {"field": ".".join(str(part) for part in wrong["loc"]), "problem": wrong["msg"]} for wrong in error.errors()
    ]
    first = fields[0] if fields else {"field": "body", "problem": "is wrong"}
    return JSONResponse(error_body("wrong_request", f"{first['field']}: {first['problem']}.", {"fields": fields}), 422)


async def _database(_request: Request, error: Exception) -> JSONResponse:
    log.error("database_failed", error=str(error))
    return error_response(PlainlyError("database_unreachable", "The database does not answer.", {"seconds": 2}))


def unexpected(error: Exception) -> JSONResponse:
    """An error nobody foresaw: told in general words, logged in full under the same number."""
    incident = new_id()
    log.error("unexpected_error", incident=incident, exc_info=error)
    return error_response(PlainlyError("internal", "Something nobody foresaw.", {"incident": incident}))
