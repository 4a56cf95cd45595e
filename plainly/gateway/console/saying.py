"""What staff write: words for the customer, checked before they go, and notes that only staff see."""

from __future__ import annotations

from dataclasses import dataclass

from plainly.errors import PlainlyError
from plainly.gateway.console.acts import Acting, check_owner
from plainly.gateway.state import Gateway
from plainly.gateway.suggesting.sending import (
    check_before_sending,
    inserted_suggestions,
    note_override,
    note_used,
    sources_of,
)
from plainly.gateway.text import clean_text
from plainly.store.handoffs import current_escalation
from plainly.store.messages import NewMessage, add_message, find_message
from plainly.store.presence import stop_typing
from plainly.store.tables import MessageRow


@dataclass(frozen=True)
class Resting:
    """What a message rests on: the suggestions put into it, and why it goes out though it contradicts the rules."""

    suggestions: tuple[str, ...] = ()
    reason: str | None = None


def say(here: Gateway, at: Acting, message_id: str, text: str, *, epoch: int, on: Resting = Resting()) -> int:
    """Send words to the customer; the same number again for the same id and words.

    Raises PlainlyError `stale`, `wrong_owner`, `message_id_used`, `unfilled_placeholder`, `contradicts` or
    `unknown_suggestion`.
    """
    text = clean_text(text)
    earlier = find_message(at.session, at.row.id, message_id)
    if earlier is not None:
        return _seq_of_same(earlier, at, "text", text)
    check_owner(at, epoch)
    warnings = check_before_sending(at.session, here, at.row, text, on.reason)
    inserted = inserted_suggestions(at.session, at.row, on.suggestions, text)
    citations = sources_of(inserted)
    new = NewMessage("agent", text, id=message_id, author=at.staff.id, status="with_agent", citations=citations)
    message = add_message(at.session, at.row, new, at.now)
    at.session.flush()
    note_used(at.session, at.row, inserted, seq=message.seq, now=at.now)
    note_override(at.session, at.row, warnings, on.reason, seq=message.seq, staff=at.staff, now=at.now)
    _note_answered(at)
    return message.seq


def note(at: Acting, message_id: str, text: str) -> int:
    """Keep words that only staff see; the same number again for the same id and words."""
    text = clean_text(text)
    earlier = find_message(at.session, at.row.id, message_id)
    if earlier is not None:
        return _seq_of_same(earlier, at, "note", text)
    new = NewMessage("agent", text, id=message_id, author=at.staff.id, kind="note")
    return add_message(at.session, at.row, new, at.now).seq


def _seq_of_same(earlier: MessageRow, at: Acting, kind: str, text: str) -> int:
    if (earlier.author, earlier.kind, earlier.body) != (at.staff.id, kind, text):
        raise PlainlyError(
            "message_id_used",
            "Another message was sent under this id. Give every message an id of its own.",
            {"id": earlier.id},
        )
    return earlier.seq


def _note_answered(at: Acting) -> None:
    stop_typing(at.session, at.row.id, at.staff.id)
    escalation = current_escalation(at.session, at.row.id)
    if escalation is not None and escalation.answered_at is None:
        escalation.answered_at = at.now
