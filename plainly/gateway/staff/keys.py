"""The dependency for routes of other help desks: `async def suggest(key: Key, ...)`."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Request

from plainly.gateway.limits import visitor
from plainly.gateway.staff.guard import moment
from plainly.gateway.state import Gateway, gateway_at
from plainly.store.keys import ApiKey, check_key, note_used


async def key_of(request: Request) -> ApiKey:
    """The API key of `Authorization: Bearer ...`, noted as used. Raises PlainlyError `wrong_key`."""
    here = gateway_at(request)
    await here.limits.spend("requests", visitor(request.client.host if request.client else None))
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    return await to_thread.run_sync(_find, here, text.strip() if scheme.lower() == "bearer" else "")


Key = Annotated[ApiKey, Depends(key_of)]


def _find(here: Gateway, text: str) -> ApiKey:
    now = moment()
    with here.store.read() as session:
        key = check_key(session, text, now)
    if not key.is_noted:
        with here.store.write() as session:
            note_used(session, key.id, now)
    return key
