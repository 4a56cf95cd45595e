"""One turn's two transactions: taking it with all a reply may depend on, and storing what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from plainly.clock import elapsed, now
from plainly.desk import BOT, BotReplied, Escalated, NotAllowed, Said, move, packet
from plainly.gateway.accept import acknowledge_waiting
from plainly.gateway.desk import read_desk
from plainly.gateway.folder import Folder
from plainly.gateway.leaving import leave_button
from plainly.gateway.rasa import Answer
from plainly.gateway.rating.courtesy import end_by_courtesy
from plainly.gateway.words import error_handover
from plainly.model import Escalate, EscalationReason, Grant, Record
from plainly.store import Store
from plainly.store.conversations import as_owned, locked
from plainly.store.handoffs import current_escalation, open_escalation
from plainly.store.ledger import CapReachedError, NewGrant, grant, levers_left
from plainly.store.messages import NewMessage, add_message, transcript
from plainly.store.owners import change_owner
from plainly.store.records import keep_receipt, keep_record
from plainly.store.tables import ConversationRow, MessageRow, TurnRow
from plainly.store.turns import finish_turn, held_turn, is_any_free, lease_turn, run_again
from plainly.turn.wire import desk_to_json

Json = dict[str, Any]
Outcome = Literal["done", "draft", "again", "failed", "lost"]

_MOST_TRIES = 4
_MOST_RERUNS = 3


@dataclass(frozen=True)
class Leased:
    """A turn this process holds, and the request for Rasa. `hopeless` says why it must not be tried again."""

    turn_id: int
    conversation_id: str
    message_id: str
    epoch: int
    request: Json
    hopeless: str | None = None


@dataclass(frozen=True)
class TurnBook:
    """The tables and the folder, for one worker."""

    store: Store
    folder: Folder
    worker: str

    def lease(self) -> Leased | None:
        """Take the next turn; None when there is none. Turns that people own are closed on the way."""
        while True:
            with self.store.read() as session:
                if not is_any_free(session, elapsed()):
                    return None
            with self.store.write() as session:
                turn = lease_turn(session, self.worker, elapsed())
                if turn is None:
                    return None
                leased = self._begin(session, turn)
            if leased is not None:
                return leased

    def _begin(self, session: Session, turn: TurnRow) -> Leased | None:
        row = session.get_one(ConversationRow, turn.conversation_id)
        message = session.get_one(MessageRow, (turn.conversation_id, turn.message_seq))
        if row.owner != BOT:
            self._leave_to_people(session, turn, message)
            return None
        turn.epoch = row.epoch
        hopeless = f"It was tried {turn.tries - 1} times." if turn.tries - turn.reruns > _MOST_TRIES else None
        request = self._request(session, row, message, turn)
        return Leased(turn.id, row.id, message.id, row.epoch, request, hopeless)

    def _leave_to_people(self, session: Session, turn: TurnRow, message: MessageRow) -> None:
        """The conversation went to people before the bot came to this message."""
        row = locked(session, turn.conversation_id)
        finish_turn(turn, "left", now())
        message.status = "waiting" if row.owner == "queue" else message.status
        escalation = current_escalation(session, row.id)
        if row.owner == "queue" and escalation is not None and message.seq > escalation.told_seq:
            moment = now()
            closed = self.folder.is_closed(moment)
            acknowledge_waiting(session, row, message, now=moment, timezone=self._timezone(), closed=closed)

    def _timezone(self) -> str:
        return self.folder.kb.business.hours.timezone if self.folder.kb else "UTC"

    def _request(self, session: Session, row: ConversationRow, message: MessageRow, turn: TurnRow) -> Json:
        """What docs/architecture.md calls the wire. A rerun needs a new id, or Rasa would repeat its old reply."""
        moment = now()
        tapped = message.tapped or {}
        case = {
            "now": moment.isoformat(),
            "context": row.context,
            "facts": {**row.facts, **_tapped_facts(tapped)},
            "choice": tapped.get("choice", ""),
            "desk": desk_to_json(read_desk(session, self.folder, moment)),
            "levers_left": self._bots_levers(session, row, moment),
            "audience": "customer",
        }
        return {
            "sender": row.id,
            "message_id": f"{message.id}~{turn.reruns}" if turn.reruns else message.id,
            "text": message.body,
            "act": tapped.get("act"),
            "metadata": {"case": case},
        }

    def _bots_levers(self, session: Session, row: ConversationRow, moment: datetime) -> dict[str, int]:
        """The grants left to the bot: none on the account of a visitor whom nobody vouches for."""
        levers = self.folder.levers()
        closed = [f"{policy}.{lever.id}" for policy, lever in levers if lever.by == "bot" and lever.on_account]
        return levers_left(session, row, levers, moment) | ({} if row.customer else dict.fromkeys(closed, 0))

    def store_reply(self, leased: Leased, answer: Answer) -> Outcome:
        """Store a reply with all it asks for, or none of it."""
        try:
            with self.store.write() as session:
                return self._store_reply(session, leased, answer)
        except CapReachedError as gone:
            return self._rerun(leased, gone.message)
        except IntegrityError:
            return self._already_answered(leased)

    def _store_reply(self, session: Session, leased: Leased, answer: Answer) -> Outcome:
        row = locked(session, leased.conversation_id)
        turn = held_turn(session, leased.turn_id, self.worker)
        if turn is None:
            return "lost"
        if isinstance(move(as_owned(row), BotReplied(leased.epoch)), NotAllowed):
            return _keep_back(session, row, turn, leased, answer)
        row.context = answer.context
        reasons = [effect.reason for effect in answer.effects if isinstance(effect, Escalate)]
        buttons = answer.buttons + (leave_button(row.language, reasons[0]) if reasons else ())
        message = add_message(session, row, _bot_message(leased, replace(answer, buttons=buttons), "text"), now())
        session.flush()
        self._carry_out(session, row, message, leased, answer)
        end_by_courtesy(session, row, answer, now())
        finish_turn(turn, "done", now())
        return "done"

    def _carry_out(
        self, session: Session, row: ConversationRow, message: MessageRow, leased: Leased, answer: Answer
    ) -> None:
        moment = now()
        if answer.receipt:
            keep_receipt(session, row.id, answer.receipt, message_seq=message.seq, now=moment)
        for effect in sorted(answer.effects, key=lambda effect: isinstance(effect, Record)):
            match effect:
                case Grant():
                    self._grant(session, row, effect, message.seq)
                case Escalate(reason=reason, packet=given):
                    _to_queue(session, row, leased, reason, dict(given))
                case Record(kind=kind, data=data):
                    _keep(session, row, kind, dict(data), message.seq)

    def _grant(self, session: Session, row: ConversationRow, effect: Grant, message_seq: int) -> None:
        levers = {(policy, lever.id): lever for policy, lever in self.folder.levers()}
        lever = levers.get((effect.policy, effect.lever))
        if lever is None or lever.by != "bot" or (lever.on_account and not row.customer):
            raise CapReachedError(effect.policy, effect.lever)
        new = NewGrant(effect.policy, effect.lever, effect.amount, effect.reason, granted_by=BOT)
        grant(session, row, new, lever, message_seq=message_seq, now=now())

    def _already_answered(self, leased: Leased) -> Outcome:
        with self.store.write() as session:
            turn = held_turn(session, leased.turn_id, self.worker)
            if turn is not None:
                finish_turn(turn, "done", now(), "It had an answer already.")
        return "lost"

    def _rerun(self, leased: Leased, why: str) -> Outcome:
        with self.store.write() as session:
            locked(session, leased.conversation_id)
            turn = held_turn(session, leased.turn_id, self.worker)
            if turn is None:
                return "lost"
            if turn.reruns < _MOST_RERUNS:
                run_again(turn)
                return "again"
        return self.hand_over(leased, why)

    def hand_over(self, leased: Leased, why: str) -> Outcome:
        """The turn failed for good: tell the customer and queue them for a person, in one transaction."""
        with self.store.write() as session:
            row = locked(session, leased.conversation_id)
            turn = held_turn(session, leased.turn_id, self.worker)
            if turn is None:
                return "lost"
            is_stale = isinstance(move(as_owned(row), Escalated(leased.epoch, "error")), NotAllowed)
            if is_stale and row.owner == BOT:  # a person had it meanwhile and gave it back
                run_again(turn)
                return "again"
            finish_turn(turn, "failed", now(), why)
            if is_stale:
                return "failed"  # a person has it
            desk = read_desk(session, self.folder, now())
            row.context = {**row.context, "awaiting": "nothing" if desk.open else "contact"}
            words = error_handover(desk, desk.waiting + 1, row.language)
            buttons = leave_button(row.language, "error")
            told = NewMessage(
                "bot", words, kind="notice", status="error_engine", buttons=buttons, reply_to=leased.message_id
            )
            add_message(session, row, told, now())
            session.flush()
            _to_queue(session, row, leased, "error", {"error": why})
            return "failed"


def _tapped_facts(tapped: Json) -> Json:
    return {
        name: {"value": value, "source": "button", "said": tapped["label"], "span": None}
        for name, value in tapped.get("facts", {}).items()
    }


def _bot_message(leased: Leased, answer: Answer, kind: str) -> NewMessage:
    return NewMessage(
        "bot",
        answer.text,
        kind=kind,
        status=answer.status,
        buttons=answer.buttons,
        citations=answer.citations,
        receipt=answer.receipt,
        details=answer.details,
        reply_to=leased.message_id,
    )


def _keep_back(session: Session, row: ConversationRow, turn: TurnRow, leased: Leased, answer: Answer) -> Outcome:
    """Somebody took over meanwhile: the reply becomes their draft. Back with the bot, the turn runs afresh."""
    if row.owner == BOT:
        run_again(turn)
        return "again"
    add_message(session, row, _bot_message(leased, answer, "draft"), now())
    finish_turn(turn, "draft", now())
    return "draft"


def _to_queue(session: Session, row: ConversationRow, leased: Leased, reason: EscalationReason, given: Json) -> None:
    moved = change_owner(session, row, Escalated(leased.epoch, reason), now(), data={"reason": reason})
    assert not isinstance(moved, NotAllowed), "the conversation is held and its owner was checked"
    messages = transcript(session, row.id)
    decisions = (said.details["decision"] for said in reversed(messages) if said.details)
    known = {**row.context, "decided": next(filter(None, decisions), None)}
    said = [Said(message.author_kind, message.body) for message in messages]
    full = packet(reason, known, said, given)
    open_escalation(session, row.id, reason, full, told_seq=row.seq, now=now())


def _keep(session: Session, row: ConversationRow, kind: str, data: Json, message_seq: int) -> None:
    keep_record(session, row.id, kind, data, message_seq=message_seq, now=now())
    escalation = current_escalation(session, row.id) if kind == "contact" else None
    if escalation is not None:
        escalation.contact = data
