"""Everything staff do to who has a conversation: one transaction each, with the customer's words and the record.

Each function acts in a conversation that is held (`store.conversations.locked`) and raises PlainlyError `stale` or
`wrong_owner` when somebody was quicker. A request sent twice does its work once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainly.desk import (
    QUEUE,
    Claimed,
    Conversation,
    Event,
    HandedBack,
    NotAllowed,
    Reassigned,
    Reopened,
    Resolved,
    Transferred,
    agent,
    agent_of,
)
from plainly.desk.returning import at_rest
from plainly.errors import PlainlyError
from plainly.gateway.console.items import read_items
from plainly.gateway.console.knowing import packet_of, remember_people, what_was_granted
from plainly.gateway.console.words import notice, say, say_moment
from plainly.gateway.desk import read_desk
from plainly.gateway.folder import Folder
from plainly.gateway.words import what_happens_next
from plainly.store.desk_tables import HandlingRow, StaffRow
from plainly.store.handling import names_of, snooze, wake
from plainly.store.handoffs import current_escalation, place_in_line
from plainly.store.messages import NewMessage, add_message, has_written
from plainly.store.owners import change_owner
from plainly.store.tables import ConversationRow
from plainly.store.types import Json

Outcome = Literal["resolved", "confirmed", "abandoned"]

DESK = "desk"
"""Who acts when nobody did: the desk itself."""

_LONGEST_SNOOZE = timedelta(days=90)


class Person(Protocol):
    """Who acts: a member of staff."""

    @property
    def id(self) -> str:
        """The id."""

    @property
    def name(self) -> str:
        """The name customers see."""


@dataclass(frozen=True)
class Acting:
    """Somebody acts in a conversation that is held. `leads` may also act for others: supervisors and owners."""

    session: Session
    row: ConversationRow
    folder: Folder
    staff: Person
    now: datetime
    leads: bool = False


def claim(at: Acting, epoch: int) -> None:
    """Take a conversation that waits, or one the bot has."""
    if at.row.owner != agent(at.staff.id):
        _change(at, Claimed(epoch, at.staff.id), "with_agent", _coming(at, "claimed"))


def assign(at: Acting, epoch: int) -> None:
    """The desk gives a waiting conversation to somebody in turn."""
    _change(at, Claimed(epoch, at.staff.id), "with_agent", _coming(at, "assigned"), {"what": "assigned"})


def transfer(at: Acting, epoch: int, *, to: StaffRow | None, team: str | None, note: str) -> None:
    """Pass it to a colleague, to a team, or back to the line; with a note for whoever takes it.

    Who leads may do so with what waits or what somebody else has.
    """
    if at.row.owner == agent(at.staff.id) or not at.leads:
        event: Event = Transferred(epoch, at.staff.id, to.id if to else None)
        done = "transferred"
    else:
        event = Reassigned(epoch, at.staff.id, to.id if to else None)
        done = "reassigned"
    if _was_done(at, "transferred", epoch) or _was_done(at, "reassigned", epoch):
        return
    if to is not None and at.row.owner == agent(to.id):
        raise PlainlyError("already_theirs", "It is with them.", {"name": to.name})
    if to is None and at.row.owner == QUEUE:
        _ask_team(at, epoch, team, note)
        return
    data: Json = {"to": to.id if to else None, "team": team, "note": note}
    status = "with_agent" if to else "waiting"
    _change(at, event, status, lambda: _passed_on(at, done, to.name if to else None, team), data)
    _give_packet(at)
    _keep_note(at, note)


def hand_back(at: Acting, epoch: int) -> None:
    """Give it back to the bot, which then knows what was said, decided and granted."""
    if _was_done(at, "handed_back", epoch):
        return
    granted = what_was_granted(at.session, at.row, at.folder)
    listed = ", ".join(one.what for one in granted if one.by)
    key = "handed_back_granted" if listed else "handed_back"
    _change(at, HandedBack(epoch, at.staff.id), None, lambda: _say(at, key, granted=listed), {"granted": listed})
    remember_people(at.session, at.row, granted, now=at.now)


def resolve(at: Acting, epoch: int, *, outcome: Outcome, note: str, seen: int | None = None) -> None:
    """Finish it, with what came of it; `seen` as for `put_to_sleep`."""
    if _was_done(at, "resolved", epoch):
        return
    _check_read(at, seen)
    waited = at.row.owner == QUEUE
    key = "abandoned" if outcome == "abandoned" else "resolved_waiting" if waited else "resolved"
    data: Json = {"outcome": outcome, "note": note}
    _change(at, Resolved(epoch, at.staff.id), None, lambda: _say(at, key), data)
    at.row.context = at_rest(at.row.context)
    _keep_note(at, note)


def reopen(at: Acting, epoch: int) -> None:
    """Take up again what was finished."""
    if at.row.owner != agent(at.staff.id):
        _change(at, Reopened(epoch, at.staff.id), "with_agent", lambda: _say(at, "reopened"))


def put_to_sleep(at: Acting, epoch: int, until: datetime, *, seen: int | None = None) -> None:
    """Set it aside until a moment, and tell the customer when that is. It wakes before when they write.

    `seen` is the number of the newest message the person saw. Raises PlainlyError `unread` when the customer has
    written since.
    """
    check_owner(at, epoch)
    if at.row.snoozed_until == until:
        return
    _check_read(at, seen)
    if not at.now < until <= at.now + _LONGEST_SNOOZE:
        told = {"until": until.isoformat(), "days": _LONGEST_SNOOZE.days}
        raise PlainlyError("wrong_moment", "It is past or too far away.", told)
    moment = say_moment(until.astimezone(at.now.tzinfo), at.row.language)
    add_message(at.session, at.row, notice(_say(at, "snoozed", until=moment), "with_agent"), at.now)
    snooze(at.session, at.row, until, at.staff.id, at.now)


def wake_up(at: Acting) -> None:
    """End its sleep now."""
    if at.row.owner != agent(at.staff.id) and not at.leads:
        raise refused(at.session, at.row, NotAllowed("wrong_owner", "Only who has it may wake it."))
    wake(at.session, at.row, at.staff.id, at.now)


def let_go(at: Acting) -> None:
    """The desk puts a conversation back in line whose owner cannot go on with it."""
    event = Reassigned(at.row.epoch, DESK)
    _change(at, event, "waiting", lambda: _say(at, "let_go", next=_next(at)), {"what": "let_go"})
    _give_packet(at)


def check_owner(at: Acting, epoch: int) -> None:
    """Raises PlainlyError `stale` or `wrong_owner` unless the conversation is theirs, as they last saw it."""
    if at.row.owner != agent(at.staff.id):
        raise refused(at.session, at.row, NotAllowed("wrong_owner", "The conversation is not with you."))
    if at.row.epoch != epoch:
        raise refused(at.session, at.row, NotAllowed("stale", "The conversation has moved on."))


def _check_read(at: Acting, seen: int | None) -> None:
    if seen is not None and has_written(at.session, at.row.id, after=seen):
        raise PlainlyError("unread", "The customer wrote after what was seen.", {"seq": at.row.seq})


def refused(session: Session, row: ConversationRow, why: NotAllowed) -> PlainlyError:
    """Somebody was quicker, or it is not theirs: with who has it now."""
    who = agent_of(row.owner)
    name = names_of(session, [who]).get(who, "") if who else ""
    owner = "agent" if who else row.owner
    return PlainlyError(why.code, why.message, {"owner": owner, "name": name, "epoch": row.epoch})


def _change(
    at: Acting, event: Event, status: str | None, words: Callable[[], str], data: Json | None = None
) -> Conversation:
    """The change, or PlainlyError; the words are made once it has happened, as they tell the place in line."""

    def tell(_: Conversation) -> NewMessage:
        return notice(words(), status)

    after = change_owner(at.session, at.row, event, at.now, tell=tell, data=data)
    if isinstance(after, NotAllowed):
        raise refused(at.session, at.row, after)
    return after


def _was_done(at: Acting, what: str, epoch: int) -> bool:
    """Whether this very request was carried out before: its answer was lost on the way."""
    if at.row.epoch != epoch + 1:
        return False
    query = select(HandlingRow).where(HandlingRow.conversation_id == at.row.id, HandlingRow.what == what)
    last = at.session.scalars(query.order_by(HandlingRow.id.desc()).limit(1)).first()
    return last is not None and last.by == at.staff.id and last.owner == at.row.owner


def _say(at: Acting, key: str, **slots: str) -> str:
    return say(key, at.row.language, name=at.staff.name, **slots)


def _coming(at: Acting, key: str) -> Callable[[], str]:
    """Who is here now; first that we are sorry, when it took longer than `answer_minutes` allows."""
    late = read_items(at.session, at.folder.kb, [at.row.id], at.now)[at.row.id]["late"] == "late"
    words = f"{_say(at, 'sorry_late')} {_say(at, key)}" if late else _say(at, key)
    return lambda: words


def _passed_on(at: Acting, done: str, to: str | None, team: str | None) -> str:
    if to is not None:
        return _say(at, done, to=to)
    if team:
        return _say(at, f"{done}_team", team=team, next=_next(at))
    return _say(at, "transferred_queue" if done == "transferred" else "let_go", next=_next(at))


def _next(at: Acting) -> str:
    """What happens next to a customer who is in line now."""
    desk = read_desk(at.session, at.folder, at.now)
    escalation = current_escalation(at.session, at.row.id)
    place = place_in_line(at.session, escalation) if escalation else desk.waiting
    return what_happens_next(desk, place, at.row.language)


def _ask_team(at: Acting, epoch: int, team: str | None, note: str) -> None:
    """It waits already: only which team is asked changes, and with it nothing for the customer."""
    escalation = current_escalation(at.session, at.row.id)
    if not at.leads or at.row.epoch != epoch or escalation is None:
        raise refused(at.session, at.row, NotAllowed("wrong_owner", "Claim it first."))
    escalation.team = team
    _keep_note(at, note)


def _give_packet(at: Acting) -> None:
    """A conversation claimed from the bot has no packet until it is passed on."""
    escalation = current_escalation(at.session, at.row.id)
    if escalation is not None and not escalation.packet:
        escalation.packet = packet_of(at.session, at.row, None)


def _keep_note(at: Acting, note: str) -> None:
    if note:
        words = NewMessage("agent", note, author=at.staff.id, kind="note")
        add_message(at.session, at.row, words, at.now)
