"""Who waits for a person may give up their place: one tap, and the assistant goes on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from plainly.desk import Left
from plainly.desk.returning import at_rest
from plainly.gateway.words import say
from plainly.model import EscalationReason
from plainly.store.messages import NewMessage
from plainly.store.owners import change_owner
from plainly.store.tables import ConversationRow, MessageRow
from plainly.store.types import Json

_CHOICE = "leave_line"
_STAYS: frozenset[EscalationReason] = frozenset({"safety", "vulnerable", "legal"})
"""Reasons for which a person looks in any case."""


def leave_button(language: str, reason: str) -> tuple[Json, ...]:
    """The button of a message that says a person will come; none where somebody must look in any case.

    Tapped when nobody waits any more, it is a plain "no, thanks".
    """
    if reason in _STAYS:
        return ()
    return ({"label": say("leave_line", language), "act": "deny", "choice": _CHOICE},)


def is_leaving(message: MessageRow, language: str) -> bool:
    """Whether this is the tap on that button, or its very words."""
    typed = " ".join(message.body.casefold().split())
    return (message.tapped or {}).get("choice") == _CHOICE or typed == say("leave_line", language).casefold()


def leave_line(session: Session, row: ConversationRow, message: MessageRow, now: datetime) -> None:
    """Give the conversation, which is held and waits, back to the assistant, and say so."""
    words = NewMessage("bot", say("left_line", row.language), kind="notice", status="smalltalk", reply_to=message.id)
    change_owner(session, row, Left(row.epoch), now, tell=lambda _: words)
    row.context = at_rest(row.context)
