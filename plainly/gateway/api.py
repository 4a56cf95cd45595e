"""The customer API: open a conversation, say something, read what was said."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from plainly.clock import elapsed, now
from plainly.desk import BOT, QUEUE, agent_of
from plainly.errors import PlainlyError
from plainly.gateway.accept import Incoming, accept
from plainly.gateway.desk import read_wait
from plainly.gateway.limits import visitor
from plainly.gateway.metrics import CONVERSATIONS, MESSAGES
from plainly.gateway.problems import Problem
from plainly.gateway.state import Gateway, gateway_of
from plainly.gateway.text import clean_text
from plainly.store.conversations import open_conversation, with_token
from plainly.store.handling import names_of
from plainly.store.messages import as_shown, messages_after
from plainly.store.presence import NOBODY, who_types
from plainly.store.ratings import asked_about
from plainly.store.tables import ConversationRow
from plainly.store.turns import has_open_turn

MOST_WAIT = 30.0
_LOOK_SECONDS = 10.0

Json = dict[str, Any]

router = APIRouter(prefix="/api/v1/conversations", tags=["customer"], responses={"4XX": {"model": Problem}})


class Opened(BaseModel):
    """A new conversation. The token opens it, and nobody can ask for it again."""

    id: str
    token: str
    seq: int


class Sent(BaseModel):
    """What a customer sends: words, or the id of a button they were shown. `id` is theirs, one per message."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")
    text: str | None = None
    button: str | None = Field(default=None, pattern=r"^b[0-9]{1,9}\.[0-9]{1,3}$")


class Taken(BaseModel):
    """The number the message got."""

    seq: int


class ShownButton(BaseModel):
    """A reply the customer may tap."""

    id: str
    label: str


class ShownMessage(BaseModel):
    """One message, as the customer sees it. `author` is customer, bot, agent or system; `name` is an agent's."""

    seq: int
    id: str
    author: str
    name: str | None = None
    kind: str
    text: str
    buttons: list[ShownButton]
    citations: list[Json]
    status: str | None
    receipt: Json | None
    created_at: str


class InLine(BaseModel):
    """Where a waiting customer stands, and how long it still takes in minutes; `opens` while we are closed."""

    place: int
    wait_minutes: int | None
    opens: str | None


class Messages(BaseModel):
    """What was said after a number, who has the conversation, and whether an answer is on its way.

    `queue` is the place in line of a customer who waits for a person, else null. `rating` is the number of the
    matter that just ended and may be rated, or null.
    """

    messages: list[ShownMessage]
    owner: str
    typing: bool
    queue: InLine | None = None
    rating: int | None = None


Here = Annotated[Gateway, Depends(gateway_of)]


async def token_of(request: Request) -> str:
    """The Bearer token of a request, or an empty one, which opens nothing."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


Token = Annotated[str, Depends(token_of)]


async def within_limits(request: Request, here: Here) -> None:
    """Count the request against its address."""
    await here.limits.spend("requests", _address(request))


def _address(request: Request) -> str:
    return visitor(request.client.host if request.client else None)


@router.post("", status_code=201, dependencies=[Depends(within_limits)])
async def open_one(request: Request, here: Here) -> Opened:
    """Open a conversation. Keep the token in the browser: it is the only key."""
    await here.limits.spend("conversations", _address(request))
    row, token = await to_thread.run_sync(_open, here)
    CONVERSATIONS.inc()
    return Opened(id=row.id, token=token, seq=row.seq)


def _open(here: Gateway) -> tuple[ConversationRow, str]:
    with here.store.write() as session:
        return open_conversation(session, now(), language=here.settings.language)


@router.post("/{conversation_id}/messages", status_code=202, dependencies=[Depends(within_limits)])
async def send(conversation_id: str, sent: Sent, token: Token, here: Here) -> Taken:
    """Say something. It is stored before this returns; send it again with the same id when in doubt."""
    await here.limits.spend("messages", conversation_id)
    seq = await to_thread.run_sync(_take, here, conversation_id, token, sent)
    MESSAGES.inc()
    return Taken(seq=seq)


def _take(here: Gateway, conversation_id: str, token: str, sent: Sent) -> int:
    with here.store.write() as session:
        row = with_token(session, conversation_id, token, hold=True)
        moment = now()
        closed = here.folder.is_closed(moment)
        return accept(session, row, _incoming(sent), now=moment, timezone=here.timezone, closed=closed)


def _incoming(sent: Sent) -> Incoming:
    if (sent.text is None) == (sent.button is None):
        raise PlainlyError("text_or_button", "Send either text or button, and not both.")
    text = None if sent.text is None else clean_text(sent.text)
    return Incoming(sent.id, text, sent.button)


@router.get("/{conversation_id}/messages", dependencies=[Depends(within_limits)], response_model=Messages)
async def read(
    conversation_id: str,
    token: Token,
    here: Here,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    wait: Annotated[float, Query(ge=0, le=60)] = 0,
) -> JSONResponse:
    """What was said after a number. With `wait`, stays for up to 30 seconds until there is something new.

    A new place in line is news too.
    """
    end = elapsed() + min(wait, MOST_WAIT)
    line: Json | None = None
    with here.hub.watch(conversation_id) as changed:
        while True:
            changed.clear()
            found = await to_thread.run_sync(look, here, conversation_id, token, after)
            left = end - elapsed()
            here.hub.stand_in_line(changed, waits=found["owner"] == QUEUE)
            line = line or found["queue"]
            if found["messages"] or found["queue"] != line or left <= 0 or here.stopping:
                return JSONResponse(found)  # as it is: it was made here
            await _wait_for(changed, min(left, _LOOK_SECONDS))


async def _wait_for(changed: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await changed.wait()
    except TimeoutError:
        return


def look(here: Gateway, conversation_id: str, token: str, after: int) -> Json:
    """What the customer may see now. Raises PlainlyError when the token does not open the conversation."""
    with here.store.read() as session:
        row = with_token(session, conversation_id, token)
        found = messages_after(session, row.id, after)
        names = names_of(session, {one.author for one in found if one.author_kind == "agent"})
        return {"messages": [as_shown(one, names.get(one.author)) for one in found], **_state(here, session, row)}


def _state(here: Gateway, session: Session, row: ConversationRow) -> Json:
    owner = "agent" if agent_of(row.owner) else row.owner
    return {
        "owner": owner,
        "typing": _is_answer_coming(session, row),
        "queue": read_wait(session, here.folder, row, now()),
        "rating": None if owner in ("agent", QUEUE) else asked_about(session, row.id),
    }


def _is_answer_coming(session: Session, row: ConversationRow) -> bool:
    """The bot owes one, or the member of staff who has it types."""
    if row.owner == BOT:
        return has_open_turn(session, row.id)
    who = agent_of(row.owner)
    return who is not None and who in who_types(session, [row.id], elapsed()).get(row.id, NOBODY).staff
