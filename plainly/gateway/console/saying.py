"""What staff write: words for the customer, checked before they go, and notes that only staff see."""

from __future__ import annotations

from sqlalchemy.orm import Session

from plainly.errors import PlainlyError
from plainly.gateway.console.acts import Acting, check_owner
from plainly.gateway.state import Gateway
from plainly.gateway.suggesting.sending import check_before_sending, note_override, note_used
from plainly.gateway.text import clean_text
from plainly.store.desk_tables import SuggestionRow
from plainly.store.handoffs import current_escalation
from plainly.store.messages import NewMessage, add_message, find_message
from plainly.store.presence import stop_typing
from plainly.store.tables import MessageRow
from plainly.store.types import Json


def say(here: Gateway, at: Acting, message_id: str, text: str, *, epoch: int, **given: str | None) -> int:
    """Send words to the customer; the same number again for the same id and words. `given`: suggestion, reason.

    Raises PlainlyError `stale`, `wrong_owner`, `message_id_used`, `unfilled_placeholder` or `contradicts`.
    """
    text, suggestion, reason = clean_text(text), given.get("suggestion"), given.get("reason")
    earlier = find_message(at.session, at.row.id, message_id)
    if earlier is not None:
        return _seq_of_same(earlier, at, "text", text)
    check_owner(at, epoch)
    warnings = check_before_sending(at.session, here, at.row, text, reason)
    citations = _citations(at.session, at.row.id, suggestion, text)
    new = NewMessage("agent", text, id=message_id, author=at.staff.id, status="with_agent", citations=citations)
    message = add_message(at.session, at.row, new, at.now)
    at.session.flush()
    if suggestion:
        note_used(at.session, at.row, suggestion, text, seq=message.seq, staff=at.staff, now=at.now)
    note_override(at.session, at.row, warnings, reason, seq=message.seq, staff=at.staff, now=at.now)
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


def _citations(session: Session, conversation_id: str, suggestion_id: str | None, text: str) -> tuple[Json, ...]:
    """The sources of a suggestion that is sent as it was; what was edited rests on its writer."""
    suggestion = session.get(SuggestionRow, suggestion_id) if suggestion_id else None
    if suggestion is None or suggestion.conversation_id != conversation_id or suggestion.body.strip() != text:
        return ()
    return tuple(suggestion.draft.get("citations", ()))


def _note_answered(at: Acting) -> None:
    stop_typing(at.session, at.row.id, at.staff.id)
    escalation = current_escalation(at.session, at.row.id)
    if escalation is not None and escalation.answered_at is None:
        escalation.answered_at = at.now
