"""Takes a customer's message: stored once under its id, put into the line of turns, or kept for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from plainly.desk import QUEUE, CustomerWrote
from plainly.desk.contact import Contact, find_contact
from plainly.errors import PlainlyError
from plainly.gateway.leaving import is_leaving, leave_button, leave_line
from plainly.gateway.words import say
from plainly.store.episodes import begin_episode
from plainly.store.handling import wake
from plainly.store.handoffs import current_escalation
from plainly.store.messages import NewMessage, add_message, find_button, find_message
from plainly.store.owners import change_owner
from plainly.store.presence import CUSTOMER, stop_typing
from plainly.store.records import keep_record
from plainly.store.tables import ConversationRow, EscalationRow, MessageRow
from plainly.store.turns import add_turn


@dataclass(frozen=True)
class Incoming:
    """What a customer sends: text already cleaned, or the id of a button they were shown."""

    id: str
    text: str | None = None
    button: str | None = None


def accept(
    session: Session, row: ConversationRow, incoming: Incoming, *, now: datetime, timezone: str, closed: bool
) -> int:
    """Take a message into a conversation that is held, and give its number; the same again for the same id and words.

    `closed` says that no people are there by the opening hours.

    Raises PlainlyError `message_id_used` when the id was used for other words, `unknown_button` for a button
    that was not shown in this conversation.
    """
    earlier = find_message(session, row.id, incoming.id)
    if earlier is not None:
        return _seq_of_same(earlier, incoming)
    change_owner(session, row, CustomerWrote(), now)
    wake(session, row, "customer", now)
    stop_typing(session, row.id, CUSTOMER)
    message = add_message(session, row, _new_message(session, row, incoming), now)
    begin_episode(session, row, message.seq, now)
    if row.owner == "bot":
        add_turn(session, row.id, message.seq, now)
    elif row.owner == QUEUE and is_leaving(message, row.language):
        leave_line(session, row, message, now)
    elif row.owner == QUEUE:
        acknowledge_waiting(session, row, message, now=now, timezone=timezone, closed=closed)
    return message.seq


def _seq_of_same(earlier: MessageRow, incoming: Incoming) -> int:
    tapped = earlier.tapped["id"] if earlier.tapped else None
    same = tapped == incoming.button and (incoming.button is not None or earlier.body == incoming.text)
    if earlier.author_kind != "customer" or not same:
        raise PlainlyError(
            "message_id_used",
            "Another message was sent under this id. Give every message an id of its own.",
            {"id": incoming.id},
        )
    return earlier.seq


def _new_message(session: Session, row: ConversationRow, incoming: Incoming) -> NewMessage:
    status = "waiting" if row.owner == QUEUE else None
    if incoming.button is None:
        return NewMessage("customer", incoming.text or "", id=incoming.id, status=status)
    button = find_button(session, row.id, incoming.button)
    return NewMessage("customer", str(button["label"]), id=incoming.id, kind="button", status=status, tapped=button)


def acknowledge_waiting(
    session: Session, row: ConversationRow, message: MessageRow, *, now: datetime, timezone: str, closed: bool
) -> None:
    """Tell a waiting customer, once, that their message was kept; and keep the way to reach them they give.

    Who asked for a person while we are `closed`, and says where to answer, has left a message out of hours.
    """
    escalation = current_escalation(session, row.id)
    if escalation is None:
        return
    contact = find_contact(message.body, timezone) if escalation.contact is None and not message.tapped else None
    if contact is not None:
        _keep_contact(session, escalation, message, contact, now=now)
        if closed and escalation.reason == "asked":
            escalation.reason = "out_of_hours_message"
        words = say("contact_kept", row.language, contact=contact.value)
    elif not escalation.acknowledged:
        words = say("waiting", row.language)
    else:
        return
    escalation.acknowledged = True
    buttons = leave_button(row.language, escalation.reason)
    notice = NewMessage("bot", words, kind="notice", status="waiting", buttons=buttons, reply_to=message.id)
    add_message(session, row, notice, now)


def _keep_contact(
    session: Session, escalation: EscalationRow, message: MessageRow, contact: Contact, *, now: datetime
) -> None:
    escalation.contact = {"kind": contact.kind, "value": contact.value, "said": message.body}
    keep_record(session, message.conversation_id, "contact", dict(escalation.contact), message_seq=message.seq, now=now)
