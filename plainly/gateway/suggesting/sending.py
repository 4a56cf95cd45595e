"""What happens around a reply that staff send: checked before, noted after, in the transaction that stores it.

The route that stores an agent's message calls, in this order and in one transaction:

1. `warnings = check_before_sending(session, here, row, text, reason)`: raises `unfilled_placeholder` (422), and
   `contradicts` (409) when the words contradict the engine and no reason is given.
2. It adds the message, which gets `seq`.
3. `note_used(session, row, inserted, seq=seq, now=now)`, where `inserted` are the suggestions it rests on.
4. `note_override(session, row, warnings, reason, seq=seq, staff=staff, now=now)` when warnings came back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from plainly.clock import now as current_moment
from plainly.desk import agent_of
from plainly.errors import PlainlyError
from plainly.gateway.state import Gateway
from plainly.gateway.suggesting.knowing import ground_of, known_context, remember
from plainly.store.desk_tables import OverrideRow, StaffRow, SuggestionRow
from plainly.store.records import keep_receipt, keep_record
from plainly.store.suggestions import mark_used, suggestion_of
from plainly.store.tables import ConversationRow
from plainly.store.types import Json
from plainly.suggest.cautions import Caution
from plainly.suggest.contradictions import check_reply
from plainly.suggest.difference import difference, is_left
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
        raise PlainlyError("unfilled_placeholder", "There are gaps left in it.", {"placeholders": gaps})
    if here.folder.kb is None:  # nothing to hold it against
        return []
    ground = ground_of(session, here.folder, row, current_moment())
    warnings = list(check_reply(text, ground, _role(session, row)))
    if warnings and not (reason or "").strip():
        told = [_as_json(warning) for warning in warnings]
        raise PlainlyError("contradicts", "The rules say otherwise.", {"warnings": told})
    return warnings


def _role(session: Session, row: ConversationRow) -> str:
    """The role of who has the conversation."""
    staff = session.get(StaffRow, agent_of(row.owner) or "")
    return staff.role if staff else "agent"


def _as_json(warning: Caution) -> dict[str, Any]:
    return {"kind": warning.kind, "text": warning.text, "says": warning.says}


@dataclass(frozen=True)
class Inserted:
    """A suggestion that a message rests on, and what its sender changed in it: empty when it went as it was."""

    suggestion: SuggestionRow
    changed: str


def inserted_suggestions(session: Session, row: ConversationRow, ids: Sequence[str], text: str) -> list[Inserted]:
    """The suggestions a message rests on: of several, those of which a sentence is left.

    Raises PlainlyError `unknown_suggestion`, also for one of another conversation.
    """
    rows = [suggestion_of(session, one, hold=True) for one in dict.fromkeys(ids)]
    for suggestion in rows:
        if suggestion.conversation_id != row.id:
            raise PlainlyError("unknown_suggestion", "It was not shown for this conversation.", {"id": suggestion.id})
    left = [one for one in rows if is_left(one.body, text, _others(rows, one))] or rows[:1]
    return [Inserted(one, difference(one.body, text, _others(left, one))) for one in left]


def _others(rows: Sequence[SuggestionRow], one: SuggestionRow) -> list[str]:
    return [other.body for other in rows if other is not one]


def sources_of(inserted: Sequence[Inserted]) -> tuple[Json, ...]:
    """The sources of suggestions that are sent as they were; what was edited rests on its writer."""
    if any(one.changed for one in inserted):
        return ()
    sources = {json.dumps(source): source for one in inserted for source in one.suggestion.draft.get("citations", ())}
    return tuple(sources.values())


def note_used(session: Session, row: ConversationRow, inserted: Sequence[Inserted], *, seq: int, now: datetime) -> None:
    """Note which suggestions were sent, as they were or edited; from then on the dialogue knows what they told."""
    receipts: dict[str, Json] = {}
    for one in inserted:
        suggestion = one.suggestion
        if suggestion.used in ("sent", "edited"):
            continue
        mark_used(suggestion, "edited" if one.changed else "sent", now=now, seq=seq, told=one.changed)
        if suggestion.draft.get("context"):
            remember(row, known_context(session, row), suggestion.for_seq)
        for record in suggestion.draft.get("records") or ():
            keep_record(session, row.id, record["kind"], dict(record["data"]), message_seq=seq, now=now)
        receipt = suggestion.draft.get("receipt")
        if receipt and not one.changed:
            receipts[receipt["id"]] = receipt
    for receipt in receipts.values():
        keep_receipt(session, row.id, receipt, message_seq=seq, now=now)


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
        session.add(
            OverrideRow(
                conversation_id=row.id,
                message_seq=seq,
                staff_id=staff.id,
                warnings=[_as_json(warning) for warning in warnings],
                reason=(reason or "").strip(),
                at=now,
            )
        )
