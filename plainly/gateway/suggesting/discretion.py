"""What staff may grant: the levers of the case with what is left of them, and one grant with its ledger entry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainly.desk import BOT, CLOSED, agent
from plainly.errors import PlainlyError
from plainly.gateway.folder import Folder
from plainly.gateway.staff.guard import Staff
from plainly.gateway.suggesting.knowing import ground_of, known_context, remember
from plainly.store.handling import keep_handling
from plainly.store.ledger import NewGrant, grant
from plainly.store.messages import NewMessage, add_message, find_message
from plainly.store.tables import ConversationRow, GrantRow, MessageRow
from plainly.suggest.ground import Granted, Ground
from plainly.suggest.levers import Offer, offers, words_for_customer
from plainly.wording.phrases import phrases

Json = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """What somebody wants to grant. `id` is theirs: sent twice, it is granted once."""

    id: str
    policy: str
    lever: str
    reason: str


def levers_json(ground: Ground, role: str) -> list[Json]:
    """The levers of the case as the console shows them, those the role may grant first."""
    return [_as_json(offer) for offer in offers(ground, role)]


def _as_json(offer: Offer) -> Json:
    lever = offer.lever
    return {
        "policy": offer.policy,
        "lever": lever.id,
        "label": lever.label,
        "say": offer.say,
        "clause": lever.clause,
        "by": lever.by,
        "amount": offer.amount,
        "left": offer.left,
        "allowed": offer.allowed,
        "why_not": offer.why_not,
        "check": offer.check,
    }


def spend(session: Session, folder: Folder, row: ConversationRow, wish: Wish, *, staff: Staff, now: datetime) -> Json:
    """Grant a lever in a conversation that is held: the ledger, a note for colleagues and the words for the customer.

    Raises PlainlyError `wrong_owner`, `unknown_lever`, `not_grantable` or `cap_reached`.
    """
    note_id = f"grant-{wish.id}"
    earlier = find_message(session, row.id, note_id)
    if earlier is not None:
        done = _again(session, row, earlier, wish)
        return {**done, "levers": levers_json(ground_of(session, folder, row, now), staff.role)}
    _check_owner(row, staff)
    ground = ground_of(session, folder, row, now)
    offer = _offer(ground, wish, staff.role)
    note = add_message(session, row, _note(note_id, offer, wish, staff), now)
    session.flush()
    new = NewGrant(offer.policy, offer.lever.id, offer.amount, wish.reason, granted_by=staff.id)
    entry = grant(session, row, new, offer.lever, message_seq=note.seq, now=now)
    words = words_for_customer(_with(ground, offer), offer)
    note.details = {"grant": _entry(entry, offer), "words": words}
    told = {"policy": offer.policy, "lever": offer.lever.id, "amount": new.amount, "reason": wish.reason}
    keep_handling(session, row, "granted", staff.id, data=told, now=now)
    _remember_offer(session, row, offer)
    session.flush()
    after = ground_of(session, folder, row, now)
    return {"grant": _entry(entry, offer), "words": words, "levers": levers_json(after, staff.role)}


def _check_owner(row: ConversationRow, staff: Staff) -> None:
    """Who has the conversation grants; who leads may grant wherever people are."""
    mine = row.owner == agent(staff.id)
    if not mine and (row.owner in (BOT, CLOSED) or not staff.may("supervisor")):
        owner = "agent" if row.owner.startswith("agent:") else row.owner
        raise PlainlyError("wrong_owner", "Claim the conversation first.", {"owner": owner, "name": ""})


def _offer(ground: Ground, wish: Wish, role: str) -> Offer:
    found = [one for one in offers(ground, role) if (one.policy, one.lever.id) == (wish.policy, wish.lever)]
    name = {"policy": wish.policy, "lever": wish.lever}
    if not found:
        raise PlainlyError("unknown_lever", "No such lever stands beside the case.", name)
    offer = found[0]
    if offer.allowed:
        return offer
    code = "cap_reached" if offer.left < 1 else "not_grantable"
    raise PlainlyError(code, offer.why_not, name)


def _note(note_id: str, offer: Offer, wish: Wish, staff: Staff) -> NewMessage:
    key = "suggest.note_amount" if offer.amount else "suggest.note"
    text = phrases().line(key, label=offer.lever.label, amount=offer.amount, reason=wish.reason)
    return NewMessage("agent", text, id=note_id, author=staff.id, kind="note")


def _with(ground: Ground, offer: Offer) -> Ground:
    return replace(ground, granted=(*ground.granted, Granted(offer.policy, offer.lever.id)))


def _entry(entry: GrantRow, offer: Offer) -> Json:
    return {
        "id": entry.id,
        "policy": entry.policy,
        "lever": entry.lever,
        "label": offer.lever.label,
        "amount": entry.amount,
        "reason": entry.reason,
        "by": entry.granted_by,
        "at": entry.granted_at.isoformat(),
        "left": max(0, offer.left - 1),
    }


def _again(session: Session, row: ConversationRow, note: MessageRow, wish: Wish) -> Json:
    """The same request once more: its answer was lost on the way."""
    query = select(GrantRow).where(GrantRow.conversation_id == row.id, GrantRow.message_seq == note.seq)
    entry = session.scalars(query).first()
    asked = (wish.policy, wish.lever)
    if entry is None or not note.details or (entry.policy, entry.lever) != asked:
        raise PlainlyError("message_id_used", "Another request was sent under this id.", {"id": wish.id})
    return dict(note.details)


def _remember_offer(session: Session, row: ConversationRow, offer: Offer) -> None:
    """The bot offers nothing twice that a person granted already."""
    context = known_context(session, row)
    offered = [*context.get("offered", ()), f"lever:{offer.lever.id}"]
    remember(row, {**context, "offered": list(dict.fromkeys(offered))}, row.seq)
