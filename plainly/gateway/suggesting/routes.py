"""Drafts, facts, levers and saved replies over HTTP, for signed-in staff."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from plainly.clock import now
from plainly.gateway.problems import Problem
from plainly.gateway.staff.guard import Agent, Staff
from plainly.gateway.state import Gateway, gateway_of
from plainly.gateway.suggesting import correcting, discretion, drafting
from plainly.gateway.suggesting.discretion import Wish
from plainly.gateway.suggesting.knowing import ground_of
from plainly.gateway.suggesting.preparing import found
from plainly.store.suggestions import mark_used, suggestion_of

Json = dict[str, Any]
Here = Annotated[Gateway, Depends(gateway_of)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]

router = APIRouter(prefix="/api/v1/desk", tags=["desk"], responses={"4XX": {"model": Problem}})


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Discarded(_Body):
    """Why a draft was set aside."""

    reason: Reason


class Corrected(_Body):
    """A fact as it really is; null takes it out. Values as the command line takes them: 2026-11-03, used, yes, 45."""

    name: str = Field(max_length=120)
    value: str | bool | int | float | Json | None


class Granting(_Body):
    """What to grant and why. `id` is the sender's, one for each grant."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")
    policy: str = Field(max_length=120)
    lever: str = Field(max_length=120)
    reason: Reason


@router.get("/conversations/{conversation_id}/suggestions")
async def suggestions(
    conversation_id: str,
    staff: Agent,
    here: Here,
    for_: Annotated[int | None, Query(alias="for", ge=1, le=2**31 - 1)] = None,
) -> Json:
    """One to three drafts for a customer's message, by default their last, best first. What is shown is kept."""
    here.folder.current()
    return await drafting.suggestions(here, conversation_id, for_, staff_id=staff.id, role=staff.role)


@router.post("/suggestions/{suggestion_id}/discard", status_code=204)
async def discard(suggestion_id: str, given: Discarded, _: Agent, here: Here) -> None:
    """Set a draft aside, with the reason: it teaches what drafts lack."""

    def write() -> None:
        with here.store.write() as session:
            row = suggestion_of(session, suggestion_id, hold=True)
            if row.used is None:
                mark_used(row, "discarded", now=now(), told=given.reason)

    await to_thread.run_sync(write)


@router.get("/conversations/{conversation_id}/facts")
async def facts(conversation_id: str, _: Agent, here: Here) -> Json:
    """The facts that matter in this case, known or missing, with what it takes to correct them."""

    def read() -> Json:
        with here.store.read() as session:
            row = found(session, conversation_id)
            return {"facts": correcting.facts_json(ground_of(session, here.folder, row, now()))}

    return await to_thread.run_sync(read)


@router.post("/conversations/{conversation_id}/facts")
async def correct(conversation_id: str, given: Corrected, staff: Agent, here: Here) -> Json:
    """Put a fact right; the case is decided anew."""

    def write() -> Json:
        with here.store.write() as session:
            row = found(session, conversation_id, hold=True)
            return correcting.correct(session, here.folder, row, given.name, given.value, staff=staff, now=now())

    return await to_thread.run_sync(write)


@router.get("/conversations/{conversation_id}/levers")
async def levers(conversation_id: str, staff: Agent, here: Here) -> Json:
    """What this member of staff may grant here, and what is left of it."""
    return {"levers": await to_thread.run_sync(read_levers, here, conversation_id, staff)}


def read_levers(here: Gateway, conversation_id: str, staff: Staff) -> list[Json]:
    """The levers of a conversation's case for a member of staff, read in a transaction of its own."""
    with here.store.read() as session:
        row = found(session, conversation_id)
        return discretion.levers_json(ground_of(session, here.folder, row, now()), staff.role)


@router.post("/conversations/{conversation_id}/grants", status_code=201)
async def grant(conversation_id: str, given: Granting, staff: Agent, here: Here) -> Json:
    """Grant a lever: at once in the ledger, with the words for the customer. Sent twice, it is granted once."""

    def write() -> Json:
        with here.store.write() as session:
            row = found(session, conversation_id, hold=True)
            wish = Wish(given.id, given.policy, given.lever, given.reason)
            return discretion.spend(session, here.folder, row, wish, staff=staff, now=now())

    return await to_thread.run_sync(write)
