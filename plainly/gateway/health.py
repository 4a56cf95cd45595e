"""Whether it lives, whether it can answer, and what Prometheus wants to know."""

from __future__ import annotations

import ssl
from functools import cache
from typing import Annotated, Any

import httpx
from anyio import to_thread
from fastapi import APIRouter, Depends, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from plainly.errors import PlainlyError
from plainly.gateway.metrics import REGISTRY, WAITING
from plainly.gateway.state import Gateway, gateway_of
from plainly.store.handoffs import count_waiting

router = APIRouter(tags=["operations"])

Here = Annotated[Gateway, Depends(gateway_of)]


@router.get("/healthz")
async def is_alive() -> dict[str, bool]:
    """This process answers."""
    return {"alive": True}


@router.get("/readyz")
async def is_ready(here: Here) -> dict[str, Any]:
    """A customer's question can be answered now; otherwise 503 names what is missing. `warnings` need a look soon."""
    missing = await what_is_missing(here)
    if missing:
        parts = ", ".join(part["what"] for part in missing)
        raise PlainlyError("not_ready", f"Not ready: {parts}.", {"missing": missing})
    warnings = what_needs_a_look(here)
    return {"ready": True, "warnings": warnings} if warnings else {"ready": True}


def what_needs_a_look(here: Gateway) -> list[dict[str, Any]]:
    """What works, but not as somebody meant it to, with what to do about it."""
    if not here.folder.refused:
        return []
    return [{"what": "policy folder", "do": f"Run plainly check: the version before is in use. {here.folder.refused}"}]


async def what_is_missing(here: Gateway) -> list[dict[str, Any]]:
    """Each part that cannot do its work, with what to do about it."""
    missing = []
    if not await to_thread.run_sync(here.store.is_answering):
        missing.append({"what": "database", "do": "Start it, or check PLAINLY_DATABASE_URL."})
    if here.folder.kb is None:
        missing.append({"what": "policy folder", "do": f"Run plainly check. {here.folder.problem or ''}".strip()})
    if not await here.rasa.is_there():
        missing.append({"what": "rasa", "do": f"Start it, or check PLAINLY_RASA_URL ({here.settings.rasa_url})."})
    if not await _actions_there(here.settings.actions_url):
        do = f"Start the action server, or check PLAINLY_ACTIONS_URL ({here.settings.actions_url})."
        missing.append({"what": "actions", "do": do})
    return missing


@cache
def _certificates() -> ssl.SSLContext:
    """Read once: it takes 30 ms, in which no customer would be answered."""
    return httpx.create_ssl_context(trust_env=False)


async def _actions_there(url: str) -> bool:
    async with httpx.AsyncClient(timeout=1, trust_env=False, verify=_certificates()) as client:
        try:
            return (await client.get(url.rsplit("/", 1)[0] + "/health")).status_code == 200
        except httpx.HTTPError:
            return False


@router.get("/metrics", include_in_schema=False)
async def metrics(here: Here) -> Response:
    """Figures for Prometheus."""
    WAITING.set(await to_thread.run_sync(_waiting, here))
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def _waiting(here: Gateway) -> float:
    try:
        with here.store.read() as session:
            return count_waiting(session)
    except SQLAlchemyError:
        return float("nan")
