"""What is known of a case: the packet for people, and for the bot what people said, decided and granted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainly.desk import BOT, Said, packet
from plainly.desk.returning import after_people
from plainly.gateway.folder import Folder
from plainly.model import Lever, PastGrant, PersonSaid
from plainly.store.handling import names_of
from plainly.store.messages import transcript
from plainly.store.tables import ConversationRow, EscalationRow, GrantRow, MessageRow, TurnRow
from plainly.store.turns import add_turn, run_again
from plainly.store.types import Json
from plainly.wording.outcome import say_grant
from plainly.wording.phrases import phrases


def packet_of(session: Session, row: ConversationRow, escalation: EscalationRow | None) -> Json:
    """The packet of an escalation; for a conversation without one, what the dialogue knows."""
    if escalation is not None and escalation.packet:
        return escalation.packet
    messages = transcript(session, row.id)
    decisions = ((said.details or {}).get("decision") for said in reversed(messages))
    known = {**row.context, "decided": next(filter(None, decisions), None)}
    said = [Said(message.author_kind, message.body) for message in messages if message.kind != "notice"]
    return packet("needs_agent", known, said)


def what_was_granted(session: Session, row: ConversationRow, folder: Folder) -> list[PastGrant]:
    """The levers spent in this conversation, in words, in order; the assistant's own without a name."""
    query = select(GrantRow).where(GrantRow.conversation_id == row.id)
    grants = list(session.scalars(query.order_by(GrantRow.id)))
    names = names_of(session, {grant.granted_by for grant in grants})
    levers = {(policy, lever.id): lever for policy, lever in folder.levers()}
    someone = phrases(row.language).line("desk.someone")
    return [
        PastGrant(
            "" if grant.granted_by == BOT else names.get(grant.granted_by, someone),
            grant.policy,
            grant.lever,
            _in_words(grant, levers.get((grant.policy, grant.lever)), row.language),
        )
        for grant in grants
    ]


def _in_words(grant: GrantRow, lever: Lever | None, language: str) -> str:
    return say_grant(lever, grant.amount, language) if lever else grant.amount or grant.lever


def remember_people(session: Session, row: ConversationRow, granted: Sequence[PastGrant], *, now: datetime) -> None:
    """Put what people said and granted into the dialogue's memory, and give the bot what is still unanswered."""
    query = select(MessageRow).where(MessageRow.conversation_id == row.id, MessageRow.author_kind == "agent")
    written = list(session.scalars(query.where(MessageRow.kind == "text").order_by(MessageRow.seq)))
    names = names_of(session, {message.author for message in written})
    someone = phrases(row.language).line("desk.someone")
    told = [PersonSaid(names.get(message.author, someone), message.body) for message in written]
    row.context = after_people(row.context, told, granted)
    _answer_what_is_open(session, row, now)


def _answer_what_is_open(session: Session, row: ConversationRow, now: datetime) -> None:
    """What the customer wrote last and nobody answered is the bot's to answer now."""
    query = select(MessageRow).where(MessageRow.conversation_id == row.id, MessageRow.kind.in_(("text", "button")))
    last = session.scalars(query.order_by(MessageRow.seq.desc()).limit(1)).first()
    if last is None or last.author_kind != "customer":
        return
    _free_its_answer(session, last)
    turn = session.scalars(
        select(TurnRow).where(TurnRow.conversation_id == row.id, TurnRow.message_seq == last.seq)
    ).one_or_none()
    if turn is None:
        add_turn(session, row.id, last.seq, now)
    elif turn.state not in ("pending", "running"):
        run_again(turn)
        turn.finished_at = None


def _free_its_answer(session: Session, message: MessageRow) -> None:
    """What answered it so far was no answer: a draft nobody sent, or the word that it waits in line."""
    query = select(MessageRow).where(
        MessageRow.conversation_id == message.conversation_id, MessageRow.reply_to == message.id
    )
    for answer in session.scalars(query):
        answer.reply_to = None
    session.flush()
