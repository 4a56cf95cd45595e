"""Who may speak in a conversation, and how that changes. Pure: one function, no storage.

Owners are `bot`, `queue`, `agent:<id>` and `closed`. Every change of owner adds one to the epoch, and
every event carries the epoch it was seen under, so that of two rivals only one can win.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from plainly.model import EscalationReason

BOT = "bot"
QUEUE = "queue"
CLOSED = "closed"
_AGENT = "agent:"


def agent(name: str) -> str:
    """The owner that stands for this member of staff."""
    return _AGENT + name


def agent_of(owner: str) -> str | None:
    """The member of staff an owner stands for; None for bot, queue and closed."""
    return owner.removeprefix(_AGENT) if owner.startswith(_AGENT) else None


@dataclass(frozen=True)
class Conversation:
    """Who owns a conversation. `epoch` counts the changes of owner."""

    id: str
    owner: str = BOT
    epoch: int = 0


@dataclass(frozen=True)
class NotAllowed:
    """Why an event changes nothing. `stale`: somebody was quicker; `wrong_owner`: not theirs to do."""

    code: Literal["stale", "wrong_owner"]
    message: str


@dataclass(frozen=True)
class BotReplied:
    """The bot has words for the customer."""

    seen: int


@dataclass(frozen=True)
class Escalated:
    """The conversation asks for a person."""

    seen: int
    reason: EscalationReason


@dataclass(frozen=True)
class Claimed:
    """A member of staff takes a waiting conversation, or one the bot holds."""

    seen: int
    by: str


@dataclass(frozen=True)
class Transferred:
    """The owning member of staff passes it to another, or back to the queue when `to` is None."""

    seen: int
    by: str
    to: str | None = None


@dataclass(frozen=True)
class Reassigned:
    """A supervisor, or the desk itself, gives what waits or what somebody owns to another; `to` None is the queue."""

    seen: int
    by: str
    to: str | None = None


@dataclass(frozen=True)
class HandedBack:
    """The owning member of staff gives it back to the bot."""

    seen: int
    by: str


@dataclass(frozen=True)
class Left:
    """The customer no longer waits for a person."""

    seen: int


@dataclass(frozen=True)
class Resolved:
    """It is finished. A conversation somebody owns can only be finished by them."""

    seen: int
    by: str | None = None


@dataclass(frozen=True)
class Reopened:
    """A member of staff takes up again what was finished."""

    seen: int
    by: str


@dataclass(frozen=True)
class CustomerWrote:
    """The customer says something: always allowed, and it reopens what was closed."""


Seen = BotReplied | Escalated | Claimed | Transferred | Reassigned | HandedBack | Left | Resolved | Reopened
Event = Seen | CustomerWrote


def move(conversation: Conversation, event: Event) -> Conversation | NotAllowed:
    """The conversation after the event, or why nothing may change."""
    if isinstance(event, CustomerWrote):
        return _owned_by(conversation, BOT) if conversation.owner == CLOSED else conversation
    if event.seen != conversation.epoch:
        return NotAllowed("stale", f"The conversation has moved on; it is with {conversation.owner} now.")
    owner = _next_owner(conversation.owner, event)
    return owner if isinstance(owner, NotAllowed) else _owned_by(conversation, owner)


def _owned_by(conversation: Conversation, owner: str) -> Conversation:
    if owner == conversation.owner:
        return conversation
    return replace(conversation, owner=owner, epoch=conversation.epoch + 1)


def _next_owner(owner: str, event: Seen) -> str | NotAllowed:
    allowed, then = _may(owner, event)
    if owner in allowed:
        return then
    return NotAllowed("wrong_owner", f"The conversation is with {owner}; this needs {' or '.join(allowed)}.")


def _may(owner: str, event: Seen) -> tuple[tuple[str, ...], str]:
    """Whose conversation it must be for an event, and whose it is then."""
    table: tuple[tuple[str, ...], str]
    match event:
        case BotReplied():
            table = (BOT,), BOT
        case Escalated():
            table = (BOT,), QUEUE
        case Claimed(by=by):
            table = (QUEUE, BOT), agent(by)
        case Transferred(by=by, to=to):
            table = (agent(by),), QUEUE if to is None else agent(to)
        case Reassigned(to=to):
            with_people = owner if agent_of(owner) else QUEUE
            table = (with_people,), QUEUE if to is None else agent(to)
        case HandedBack(by=by):
            table = (agent(by),), BOT
        case Left():
            table = (QUEUE,), BOT
        case Resolved(by=by):
            table = ((BOT,) if by is None else (agent(by), QUEUE)), CLOSED
        case Reopened(by=by):
            table = (CLOSED,), agent(by)
    return table
