"""What happens around a reply that staff send: checked before, noted after, in the transaction that stores it.

The route that stores an agent's message calls, in this order and in one transaction:

1. `warnings = check_before_sending(session, here, row, text, reason)`: raises `unfilled_placeholder` (422), and
   `contradicts` (409) when the words contradict the engine and no reason is given.
2. It adds the message, which gets `seq`.
3. `note_used(session, row, suggestion_id, text, seq=seq, staff=staff, now=now)` when a suggestion was inserted.
4. `note_override(session, row, warnings, reason, seq=seq, staff=staff, now=now)` when warnings came back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from plainly.errors import PlainlyError
from plainly.gateway.state import Gateway
from plainly.store.desk_tables import OverrideRow
from plainly.store.tables import ConversationRow
from plainly.suggest.cautions import Caution
from plainly.suggest.placeholders import unfilled


class Signed(Protocol):
    """Who acts: anything with the id of a member of staff."""

    @property
    def id(self) -> str:
        """The id."""


def check_before_sending(
    session: Session, here: Gateway, row: ConversationRow, text: str, reason: str | None
) -> list[Caution]:
    """The warnings the sender overrides with a reason; none when the words agree with the engine.

    Raises PlainlyError `unfilled_placeholder` for gaps left in the text, and `contradicts` when there are
    warnings and no reason.
    """
    gaps = unfilled(text)
    if gaps:
        raise PlainlyError(
            "unfilled_placeholder", f"Fill in {', '.join(gaps)} before you send this.", {"placeholders": gaps}
        )
    return []


def note_used(
    session: Session,
    row: ConversationRow,
    suggestion_id: str,
    sent_text: str,
    *,
    seq: int,
    staff: Signed,
    now: datetime,
) -> None:
    """Note that a suggestion was sent, as it was or edited; unknown ids and those of other conversations raise."""


def note_override(
    session: Session,
    row: ConversationRow,
    warnings: list[Caution],
    reason: str | None,
    *,
    seq: int,
    staff: Signed,
    now: datetime,
) -> None:
    """Keep the words that were sent against the engine, and why. Without warnings nothing is kept."""
    if warnings:
        told = [{"kind": warning.kind, "text": warning.text, "says": warning.says} for warning in warnings]
        session.add(
            OverrideRow(
                conversation_id=row.id,
                message_seq=seq,
                staff_id=staff.id,
                warnings=told,
                reason=(reason or "").strip(),
                at=now,
            )
        )
