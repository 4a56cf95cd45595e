"""What a draft depends on: the message with its burst, the dialogue's memory, and the request to the assistant."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainly.clock import now
from plainly.errors import PlainlyError
from plainly.gateway.console.knowing import what_was_granted
from plainly.gateway.desk import read_desk
from plainly.gateway.state import Gateway
from plainly.gateway.suggesting.knowing import ground_of, known_context
from plainly.store.conversations import find_conversation
from plainly.store.ledger import levers_left
from plainly.store.suggestions import answered_by_bot
from plainly.store.tables import ConversationRow, MessageRow
from plainly.store.types import new_id
from plainly.suggest.ground import Ground
from plainly.turn.wire import desk_to_json

Json = dict[str, Any]

LONGEST_TEXT = 10_000
_MOST_IN_A_BURST = 6
_NOT_FOR_PEOPLE = ("consent", "contact", "opinion")


@dataclass(frozen=True)
class Prepared:
    """A message to draft for. `request` is None when the bot answered it already: then a person takes up from there."""

    conversation_id: str
    seq: int
    text: str
    ground: Ground
    context: Json
    basis: str
    request: Json | None


def found(session: Session, conversation_id: str, *, hold: bool = False) -> ConversationRow:
    """A conversation by its id, held when asked for. Raises PlainlyError `unknown_conversation`."""
    row = find_conversation(session, conversation_id, hold=hold)
    if row is None:
        raise PlainlyError("unknown_conversation", "There is no such conversation.", {"id": conversation_id})
    return row


def prepare(session: Session, here: Gateway, row: ConversationRow, seq: int | None) -> Prepared:
    """What a draft depends on, read in one moment. Raises PlainlyError `unknown_message`."""
    message = _customer_message(session, row, seq)
    moment = now()
    context = known_context(session, row, before=message.seq)
    tapped = message.tapped or {}
    text = message.body if tapped else _whole(session, message)
    case = {
        "now": moment.isoformat(),
        "context": {**context, **_person_is_here(context), "granted": _granted(session, here, row)},
        "facts": {**row.facts, **_tapped_facts(tapped)},
        "choice": tapped.get("choice", ""),
        "desk": desk_to_json(read_desk(session, here.folder, moment)),
        "levers_left": levers_left(session, row, here.folder.levers(), moment),
        "audience": "agent",
    }
    request = draft_request(row.id, text, tapped.get("act"), case)
    ground = ground_of(session, here.folder, row, moment)
    depends = [text, context, row.facts, case["levers_left"], ground.kb.version, moment.date().isoformat()]
    return Prepared(
        row.id, message.seq, text, ground, context, _digest(depends),
        None if answered_by_bot(session, message) else request,
    )  # fmt: skip


def _granted(session: Session, here: Gateway, row: ConversationRow) -> list[Json]:
    """What was granted so far, which the bot's own memory learns of when it has the conversation back."""
    return [asdict(one) for one in what_was_granted(session, row, here.folder)]


def draft_request(sender: str, text: str, act: str | None, case: Json) -> Json:
    """A request to Rasa under ids of its own: nothing is remembered as the answer to the customer's message."""
    message_id = f"draft-{new_id()}"
    return {"sender": f"{sender}~draft", "message_id": message_id, "text": text, "act": act, "metadata": {"case": case}}


def _customer_message(session: Session, row: ConversationRow, seq: int | None) -> MessageRow:
    query = select(MessageRow).where(MessageRow.conversation_id == row.id, MessageRow.author_kind == "customer")
    query = query.where(MessageRow.seq == seq) if seq is not None else query.order_by(MessageRow.seq.desc()).limit(1)
    message = session.scalars(query).first()
    if message is None:
        raise PlainlyError("unknown_message", "The customer wrote no such message.", {"seq": seq})
    return message


def _whole(session: Session, message: MessageRow) -> str:
    """People write in bursts: the message with those right before it that nobody answered."""
    query = (
        select(MessageRow)
        .where(
            MessageRow.conversation_id == message.conversation_id,
            MessageRow.seq <= message.seq,
            MessageRow.kind.in_(("text", "button")),
        )
        .order_by(MessageRow.seq.desc())
        .limit(_MOST_IN_A_BURST)
    )
    burst: list[str] = []
    for one in session.scalars(query):
        if one.author_kind != "customer" or one.tapped:
            break
        burst.append(one.body)
    return "\n".join(reversed(burst))[-LONGEST_TEXT:]


def _person_is_here(context: Mapping[str, Any]) -> Json:
    """What the bot awaited on the way to a person is awaited no more."""
    return {"awaiting": "nothing", "choices": []} if context.get("awaiting") in _NOT_FOR_PEOPLE else {}


def _tapped_facts(tapped: Json) -> Json:
    return {
        name: {"value": value, "source": "button", "said": tapped["label"], "span": None}
        for name, value in tapped.get("facts", {}).items()
    }


def _digest(depends: list[Any]) -> str:
    text = json.dumps(depends, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
