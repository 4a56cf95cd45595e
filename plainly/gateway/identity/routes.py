"""The exchange: a signed token for a conversation of the customer it vouches for."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict

from plainly.clock import now
from plainly.errors import PlainlyError
from plainly.gateway.api import Opened, within_limits
from plainly.gateway.identity.keys import ring_at
from plainly.gateway.identity.tokens import Expected, read_token, refused, vouched_facts
from plainly.gateway.limits import visitor
from plainly.gateway.metrics import CONVERSATIONS
from plainly.gateway.problems import Problem
from plainly.gateway.state import Gateway, gateway_of
from plainly.store.conversations import open_conversation
from plainly.store.identity import use_once
from plainly.turn.wire import facts_to_json

router = APIRouter(prefix="/api/v1", tags=["customer"], responses={"4XX": {"model": Problem}})

Here = Annotated[Gateway, Depends(gateway_of)]


class Identity(BaseModel):
    """A token signed by the shop: a JWT with iss, aud, sub, jti, exp, and where wished name and facts."""

    model_config = ConfigDict(extra="forbid")

    token: str


@router.post("/identity", status_code=201, dependencies=[Depends(within_limits)])
async def exchange(given: Identity, request: Request, here: Here) -> Opened:
    """Open a conversation for a customer the shop vouches for. A token opens one conversation, once."""
    await here.limits.spend("conversations", visitor(request.client.host if request.client else None))
    opened = await to_thread.run_sync(_exchange, here, given.token)
    CONVERSATIONS.inc()
    return opened


def _exchange(here: Gateway, token: str) -> Opened:
    keys, issuer = here.settings.identity_keys, here.settings.identity_issuer
    if keys is None or not issuer:
        message = "No shop's keys are set up here. Set PLAINLY_IDENTITY_KEYS and PLAINLY_IDENTITY_ISSUER."
        raise PlainlyError("identity_off", message)
    moment = now()
    vouched = read_token(token, ring_at(keys), Expected(issuer, here.settings.identity_audience), moment)
    facts = facts_to_json(vouched_facts(vouched.facts, here.folder.current()))
    with here.store.write() as session:
        if not use_once(session, vouched.jti, vouched.expires_at):
            raise refused("used", "The token was used before. Ask for a new one.")
        row, key = open_conversation(
            session, moment, language=here.settings.language, customer=vouched.customer, facts=facts
        )
        row.customer_name = vouched.name or None
        return Opened(id=row.id, token=key, seq=row.seq)
