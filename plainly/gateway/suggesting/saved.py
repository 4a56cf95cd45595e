"""Saved replies over HTTP: one's own and the shared ones, found by any of their words."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, StringConstraints

from plainly.clock import now
from plainly.errors import PlainlyError
from plainly.gateway.problems import Problem
from plainly.gateway.staff.guard import Agent, Staff
from plainly.gateway.state import Gateway, gateway_of
from plainly.gateway.text import clean_text
from plainly.store.desk_tables import SavedReplyRow
from plainly.store.saved import NewReply, replies_for, reply_of, save_reply
from plainly.suggest.placeholders import unfilled
from plainly.suggest.searching import matches

Json = dict[str, Any]
Here = Annotated[Gateway, Depends(gateway_of)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]

MOST = 50

router = APIRouter(prefix="/api/v1/desk/saved-replies", tags=["desk"], responses={"4XX": {"model": Problem}})


class Written(BaseModel):
    """A reply to keep. Shared ones are for everybody and kept by supervisors."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    body: str
    shared: bool = False


@router.get("")
async def search(staff: Agent, here: Here, q: Annotated[str, Query(max_length=200)] = "") -> Json:
    """The replies whose title or words hold every word of `q`, the likeliest first; all without it."""

    def read() -> list[SavedReplyRow]:
        with here.store.read() as session:
            return replies_for(session, staff.id)

    rows = await to_thread.run_sync(read)
    scored = [(score, row) for row in rows if (score := matches(q, row.title, row.body)) is not None]
    scored.sort(key=lambda pair: -pair[0])
    return {"replies": [_as_json(row) for _, row in scored[:MOST]]}


@router.post("", status_code=201)
async def create(given: Written, staff: Agent, here: Here) -> Json:
    """Save a reply."""
    new = _new(given, staff)

    def write() -> SavedReplyRow:
        with here.store.write() as session:
            return save_reply(session, staff.id, new, now())

    return _as_json(await to_thread.run_sync(write))


@router.put("/{reply_id}")
async def change(reply_id: str, given: Written, staff: Agent, here: Here) -> Json:
    """Change a reply: one's own, or as a supervisor a shared one."""
    new = _new(given, staff)

    def write() -> SavedReplyRow:
        with here.store.write() as session:
            row = _theirs(reply_of(session, reply_id, staff.id), staff)
            row.title, row.body, row.updated_at = new.title, new.body, now()
            row.staff_id = None if new.shared else staff.id
            return row

    return _as_json(await to_thread.run_sync(write))


@router.delete("/{reply_id}", status_code=204)
async def delete(reply_id: str, staff: Agent, here: Here) -> None:
    """Remove a reply: one's own, or as a supervisor a shared one."""

    def write() -> None:
        with here.store.write() as session:
            session.delete(_theirs(reply_of(session, reply_id, staff.id), staff))

    await to_thread.run_sync(write)


@router.post("/{reply_id}/used", status_code=204)
async def used(reply_id: str, staff: Agent, here: Here) -> None:
    """Count that a reply was inserted: the most used ones come first."""

    def write() -> None:
        with here.store.write() as session:
            reply_of(session, reply_id, staff.id).uses += 1

    await to_thread.run_sync(write)


def _new(given: Written, staff: Staff) -> NewReply:
    if given.shared and not staff.may("supervisor"):
        raise PlainlyError("not_allowed", "Shared replies are kept by others.", {"role": "supervisor"})
    return NewReply(clean_text(given.title), clean_text(given.body), given.shared)


def _theirs(row: SavedReplyRow, staff: Staff) -> SavedReplyRow:
    if row.staff_id is None and not staff.may("supervisor"):
        raise PlainlyError("not_allowed", "Shared replies are kept by others.", {"role": "supervisor"})
    return row


def _as_json(row: SavedReplyRow) -> Json:
    return {
        "id": row.id,
        "title": row.title,
        "body": row.body,
        "shared": row.staff_id is None,
        "placeholders": unfilled(row.body),
        "uses": row.uses,
        "updated_at": row.updated_at.isoformat(),
    }
