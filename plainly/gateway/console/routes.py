"""The desk's API: who waits, one conversation, and everything staff do in it. Signed-in staff only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from plainly.clock import elapsed, now
from plainly.errors import PlainlyError
from plainly.gateway.console import acts, saying
from plainly.gateway.console.acts import Acting
from plainly.gateway.console.items import Item, found_ids, order, read_items
from plainly.gateway.console.people import Colleague, read_colleagues
from plainly.gateway.console.showing import known, whole
from plainly.gateway.problems import Problem
from plainly.gateway.staff.guard import Agent, Staff
from plainly.gateway.state import Gateway, gateway_of
from plainly.gateway.suggesting.routes import read_levers
from plainly.store.database import hint
from plainly.store.desk_tables import StaffRow
from plainly.store.handling import colleagues
from plainly.store.presence import STAFF, note_typing

Json = dict[str, Any]
Here = Annotated[Gateway, Depends(gateway_of)]
View = Literal["queue", "mine", "open", "snoozed", "bot", "closed", "all"]
NEWEST_FIRST = ("bot", "closed", "all")
Note = Annotated[str, Field(max_length=4_000)]
MessageId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")]

router = APIRouter(prefix="/api/v1/desk", tags=["desk"], responses={"4XX": {"model": Problem}})


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Available(_Body):
    """Whether they take conversations."""

    available: bool


class Seen(_Body):
    """The epoch under which they saw the conversation; an older one is refused as stale."""

    epoch: int = Field(ge=0)


class To(Seen):
    """Whom it is passed to: a colleague, a team, or with neither the line; and a note for them."""

    to: str | None = None
    team: str | None = Field(default=None, max_length=60)
    note: Note = ""


class Read(Seen):
    """The number of the newest message they saw: what the customer wrote since is not put away unread."""

    seq: int | None = Field(default=None, ge=0)


class Until(Read):
    """When it wakes; with a time zone."""

    until: AwareDatetime


class Ending(Read):
    """What came of it, and a note for colleagues."""

    outcome: acts.Outcome = "resolved"
    note: Note = ""


class Words(Seen):
    """Words for the customer. `suggestions` are the drafts put into them, `reason` why they contradict the rules."""

    id: MessageId
    text: str
    suggestions: Annotated[tuple[str, ...], Field(max_length=9)] = ()
    reason: str | None = Field(default=None, max_length=1_000)


class Noted(_Body):
    """Words for colleagues."""

    id: MessageId
    text: str


class Taken(BaseModel):
    """The number the message got."""

    seq: int


class Items(BaseModel):
    """A list of conversations."""

    items: list[Item]


@router.get("/me")
async def me(staff: Agent) -> Json:
    """Who is signed in."""
    return about(staff)


def about(staff: Staff) -> Json:
    """A member of staff as their own console knows them."""
    return {
        "id": staff.id,
        "name": staff.name,
        "role": staff.role,
        "team": staff.team,
        "skills": list(staff.skills),
        "capacity": staff.capacity,
        "available": staff.available,
        "csrf": staff.csrf,
    }


@router.post("/me")
async def switch(given: Available, staff: Agent, here: Here) -> Json:
    """Say whether they take conversations."""
    await to_thread.run_sync(_switch, here, staff.id, given.available)
    return {**about(staff), "available": given.available}


def _switch(here: Gateway, staff_id: str, available: bool) -> None:
    with here.store.write() as session:
        session.get_one(StaffRow, staff_id).available = available
        hint(session, STAFF)


@router.get("/staff")
async def staff_list(_: Agent, here: Here) -> dict[str, list[Colleague]]:
    """The colleagues: who is there and how many conversations each has."""

    def read() -> list[Colleague]:
        with here.store.read() as session:
            return read_colleagues(session)

    return {"staff": await to_thread.run_sync(read)}


@router.get("/conversations")
async def conversations(
    staff: Agent, here: Here, view: View = "queue", q: Annotated[str, Query(max_length=200)] = ""
) -> Items:
    """The conversations of a view; with `q` those with these words or this receipt. Who waits longest comes first."""

    def read() -> list[Item]:
        with here.store.read() as session:
            ids = found_ids(session, view, staff.id, q.strip())
            found = read_items(session, here.folder.kb, ids, now())
        return [found[id_] for id_ in ids] if view in NEWEST_FIRST else sorted(found.values(), key=order)

    return Items(items=await to_thread.run_sync(read))


@router.get("/conversations/{conversation_id}")
async def conversation(conversation_id: str, staff: Agent, here: Here) -> Json:
    """One conversation with everything a person must know."""

    def read() -> Json:
        with here.store.read() as session:
            row = known(session, conversation_id)
            item = read_items(session, here.folder.kb, [row.id], now())[row.id]
            found = {"item": item, **whole(session, row, here.folder.kb)}
        return {**found, "levers": read_levers(here, conversation_id, staff) if here.folder.kb else []}

    return await to_thread.run_sync(read)


Do = Callable[[Acting], None]


async def _act(here: Gateway, staff: Staff, conversation_id: str, do: Do) -> Item:
    """Do it in one transaction, and give the conversation's item as it is then."""

    def write() -> Item:
        with here.store.write() as session:
            row = known(session, conversation_id, hold=True)
            do(Acting(session, row, here.folder, staff, now(), leads=staff.may("supervisor")))
            session.flush()
            return read_items(session, here.folder.kb, [row.id], now())[row.id]

    return await to_thread.run_sync(write)


@router.post("/conversations/{conversation_id}/claim")
async def claim(conversation_id: str, seen: Seen, staff: Agent, here: Here) -> Item:
    """Take it: of two who try, one wins."""
    return await _act(here, staff, conversation_id, lambda at: acts.claim(at, seen.epoch))


@router.post("/conversations/{conversation_id}/transfer")
async def transfer(conversation_id: str, given: To, staff: Agent, here: Here) -> Item:
    """Pass it on to a colleague, a team, or back to the line."""

    def do(at: Acting) -> None:
        to = _colleague(at, given.to) if given.to else None
        team = None if to else _team(at, given.team)
        acts.transfer(at, given.epoch, to=to, team=team, note=given.note.strip())

    return await _act(here, staff, conversation_id, do)


def _colleague(at: Acting, staff_id: str) -> StaffRow:
    row = at.session.get(StaffRow, staff_id)
    if row is None or row.disabled_at is not None:
        raise PlainlyError("unknown_colleague", "There is no such account, or it is closed.", {"to": staff_id})
    return row


def _team(at: Acting, team: str | None) -> str | None:
    teams = sorted({one.team for one in colleagues(at.session) if one.team})
    if team and team not in teams:
        raise PlainlyError("unknown_team", "There is no such team.", {"team": team, "teams": teams})
    return team or None


@router.post("/conversations/{conversation_id}/hand-back")
async def hand_back(conversation_id: str, seen: Seen, staff: Agent, here: Here) -> Item:
    """Give it back to the bot."""
    return await _act(here, staff, conversation_id, lambda at: acts.hand_back(at, seen.epoch))


@router.post("/conversations/{conversation_id}/snooze")
async def snooze(conversation_id: str, given: Until, staff: Agent, here: Here) -> Item:
    """Set it aside until a moment, or until the customer writes."""
    until: datetime = given.until
    return await _act(
        here, staff, conversation_id, lambda at: acts.put_to_sleep(at, given.epoch, until, seen=given.seq)
    )


@router.post("/conversations/{conversation_id}/wake")
async def wake(conversation_id: str, staff: Agent, here: Here) -> Item:
    """End its sleep now."""
    return await _act(here, staff, conversation_id, acts.wake_up)


@router.post("/conversations/{conversation_id}/resolve")
async def resolve(conversation_id: str, given: Ending, staff: Agent, here: Here) -> Item:
    """Finish it."""
    return await _act(
        here,
        staff,
        conversation_id,
        lambda at: acts.resolve(at, given.epoch, outcome=given.outcome, note=given.note.strip(), seen=given.seq),
    )


@router.post("/conversations/{conversation_id}/reopen")
async def reopen(conversation_id: str, seen: Seen, staff: Agent, here: Here) -> Item:
    """Take up again what was finished."""
    return await _act(here, staff, conversation_id, lambda at: acts.reopen(at, seen.epoch))


@router.post("/conversations/{conversation_id}/messages", status_code=202)
async def send(conversation_id: str, words: Words, staff: Agent, here: Here) -> Taken:
    """Write to the customer. Send it again with the same id when in doubt."""

    def write() -> int:
        with here.store.write() as session:
            row = known(session, conversation_id, hold=True)
            at = Acting(session, row, here.folder, staff, now())
            on = saying.Resting(words.suggestions, (words.reason or "").strip() or None)
            return saying.say(here, at, words.id, words.text, epoch=words.epoch, on=on)

    return Taken(seq=await to_thread.run_sync(write))


@router.post("/conversations/{conversation_id}/notes", status_code=202)
async def note(conversation_id: str, words: Noted, staff: Agent, here: Here) -> Taken:
    """Leave a note that only staff see."""

    def write() -> int:
        with here.store.write() as session:
            row = known(session, conversation_id, hold=True)
            return saying.note(Acting(session, row, here.folder, staff, now()), words.id, words.text)

    return Taken(seq=await to_thread.run_sync(write))


@router.post("/conversations/{conversation_id}/typing", status_code=204)
async def typing(conversation_id: str, staff: Agent, here: Here) -> None:
    """Say that they type there; say it every few seconds."""
    await to_thread.run_sync(type_in, here, staff, conversation_id)


def type_in(here: Gateway, staff: Staff, conversation_id: str) -> None:
    """Note that somebody types in a conversation. Raises PlainlyError `unknown_conversation`."""
    with here.store.write() as session:
        row = known(session, conversation_id)
        note_typing(session, row.id, staff.id, staff.name, elapsed())
