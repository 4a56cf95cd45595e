"""One line of the desk's lists for each conversation: who has it, why people are needed, how long it waits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, Subquery, bindparam, func, or_, select
from sqlalchemy.orm import Session

from plainly.clock import elapsed
from plainly.desk import BOT, CLOSED, QUEUE, agent, agent_of
from plainly.desk.promise import Promise, promise, promised_minutes
from plainly.model import KnowledgeBase, OpeningHours
from plainly.store.handling import names_of
from plainly.store.presence import NOBODY, Typing, who_types
from plainly.store.tables import ConversationRow, EscalationRow, MessageRow, ReceiptRow
from plainly.store.types import Json

Item = dict[str, Any]

_MOST = 200
_LONGEST = 300
_ALWAYS_OPEN = OpeningHours(dict.fromkeys(range(7), ("00:00", "24:00")), "UTC")


Last = tuple[str, str, str, str, datetime]

# Built once, as these run whenever anything changes.
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_ROWS = select(ConversationRow).where(ConversationRow.id.in_(_IDS))
_IN_LINE = (
    select(ConversationRow.id)
    .join(EscalationRow, EscalationRow.conversation_id == ConversationRow.id)
    .where(ConversationRow.owner == QUEUE, EscalationRow.closed_at.is_(None))
    .order_by(func.coalesce(EscalationRow.line_since, EscalationRow.opened_at), EscalationRow.id)
)
_ESCALATIONS = select(EscalationRow).where(
    EscalationRow.id.in_(
        select(func.max(EscalationRow.id))
        .where(EscalationRow.conversation_id.in_(_IDS))
        .group_by(EscalationRow.conversation_id)
    )
)


def _newest(*conditions: ColumnElement[bool]) -> Subquery:
    """The number of the newest message of each conversation that meets the conditions."""
    return (
        select(MessageRow.conversation_id, func.max(MessageRow.seq).label("seq"))
        .where(MessageRow.conversation_id.in_(_IDS), *conditions)
        .group_by(MessageRow.conversation_id)
        .subquery()
    )


_spoken = _newest(MessageRow.kind.in_(("text", "button")))
_answered = _newest(MessageRow.author_kind.in_(("agent", "bot")), MessageRow.kind == "text")
_LAST_SAID = select(
    MessageRow.conversation_id, MessageRow.author_kind, MessageRow.author, MessageRow.body, MessageRow.created_at
).join(_spoken, (MessageRow.conversation_id == _spoken.c.conversation_id) & (MessageRow.seq == _spoken.c.seq))
_UNANSWERED = (
    select(MessageRow.conversation_id, func.min(MessageRow.created_at))
    .outerjoin(_answered, _answered.c.conversation_id == MessageRow.conversation_id)
    .where(
        MessageRow.conversation_id.in_(_IDS),
        MessageRow.author_kind == "customer",
        MessageRow.seq > func.coalesce(_answered.c.seq, 0),
    )
    .group_by(MessageRow.conversation_id)
)


@dataclass(frozen=True)
class _Found:
    """What the items are made of, by conversation."""

    rows: Sequence[ConversationRow]
    escalations: Mapping[str, EscalationRow]
    last: Mapping[str, Row[Last]]
    unanswered: Mapping[str, datetime]
    names: Mapping[str, str]
    typing: Mapping[str, Typing] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)


def with_people() -> Select[tuple[str]]:
    """The ids of all conversations that wait for a person or have one."""
    return select(ConversationRow.id).where(
        or_(ConversationRow.owner == QUEUE, ConversationRow.owner.startswith(agent("")))
    )


def in_line(session: Session) -> list[str]:
    """The ids of the conversations that wait, in order."""
    return list(session.scalars(_IN_LINE))


def read_items(session: Session, kb: KnowledgeBase | None, ids: Collection[str], now: datetime) -> dict[str, Item]:
    """The items of these conversations; ids of none are left out."""
    found = _find(session, ids)
    return {row.id: _item(row, found, kb, now) for row in found.rows}


def _find(session: Session, ids: Collection[str]) -> _Found:
    rows = list(session.scalars(_ROWS, {"ids": list(ids)}))
    waits = any(row.owner == QUEUE for row in rows)
    owners = {who for row in rows if (who := agent_of(row.owner))}
    return _Found(
        rows=rows,
        escalations=_escalations(session, ids),
        last=_last_said(session, ids),
        unanswered=_unanswered(session, ids),
        names=names_of(session, owners),
        typing=who_types(session, ids, elapsed()),
        places={id_: place for place, id_ in enumerate(in_line(session), 1)} if waits else {},
    )


def _escalations(session: Session, ids: Collection[str]) -> dict[str, EscalationRow]:
    """The escalation that is open, or the last one that was."""
    return {row.conversation_id: row for row in session.scalars(_ESCALATIONS, {"ids": list(ids)})}


def _last_said(session: Session, ids: Collection[str]) -> dict[str, Row[Last]]:
    return {row.conversation_id: row for row in session.execute(_LAST_SAID, {"ids": list(ids)})}


def _unanswered(session: Session, ids: Collection[str]) -> dict[str, datetime]:
    """Since when a customer waits for an answer to what they wrote; those who do not are not named."""
    return dict(session.execute(_UNANSWERED, {"ids": list(ids)}).tuples().all())


def _item(row: ConversationRow, found: _Found, kb: KnowledgeBase | None, now: datetime) -> Item:
    escalation = found.escalations.get(row.id)
    stands = _promise(row, escalation, found.unanswered.get(row.id), kb, now)
    who = agent_of(row.owner)
    typing = found.typing.get(row.id, NOBODY)
    return {
        "id": row.id,
        "owner": "agent" if who else row.owner,
        "agent": {"id": who, "name": found.names.get(who, "")} if who else None,
        "epoch": row.epoch,
        "seq": row.seq,
        "customer": {
            "name": row.customer_name or "",
            "verified": row.customer is not None,
            "contact": _contact(escalation),
        },
        **_matter(row, escalation),
        "since": _iso(escalation.opened_at if escalation else row.created_at, now),
        "waited_minutes": int(stands.waited) if stands else 0,
        "promise_minutes": stands.minutes if stands else None,
        "due_at": _iso(stands.due_at, now) if stands else None,
        "late": stands.late if stands else "no",
        "place": found.places.get(row.id),
        "unread": row.id in found.unanswered and (who is not None or row.owner == QUEUE),
        "last": _last(found.last.get(row.id), now),
        "snoozed_until": _iso(row.snoozed_until, now),
        "typing": {"customer": typing.customer, "staff": sorted(typing.staff.values())},
    }


def _matter(row: ConversationRow, escalation: EscalationRow | None) -> Item:
    """What it is about and how it goes, from the packet and from what the dialogue remembers."""
    packet = escalation.packet if escalation else {}
    tones = row.context.get("tones") or packet.get("tones") or []
    return {
        "reason": escalation.reason if escalation else None,
        "team": escalation.team if escalation else None,
        "wants": str(packet.get("wants") or row.context.get("question") or "")[:_LONGEST],
        "policy": packet.get("policy") or row.context.get("policy"),
        "tone": tones[-1] if tones else None,
        "pushbacks": max(int(row.context.get("pushbacks") or 0), int(packet.get("pushbacks") or 0)),
    }


def _promise(
    row: ConversationRow,
    escalation: EscalationRow | None,
    unanswered: datetime | None,
    kb: KnowledgeBase | None,
    now: datetime,
) -> Promise | None:
    """Which promise runs now: the first answer while there was none, then the answer to what they wrote."""
    if row.snoozed_until is not None or not (row.owner == QUEUE or agent_of(row.owner)):
        return None
    is_first = escalation is not None and escalation.closed_at is None and escalation.answered_at is None
    since = escalation.opened_at if is_first and escalation else unanswered
    if since is None:
        return None
    hours = kb.business.hours if kb else _ALWAYS_OPEN
    reason = escalation.reason if escalation else None
    minutes = promised_minutes(kb.business.answer_minutes if kb else {}, reason, answered=not is_first)
    return promise(minutes, hours, since, now)


def _contact(escalation: EscalationRow | None) -> Json | None:
    return escalation.contact if escalation else None


def _last(row: Row[Last] | None, now: datetime) -> Item | None:
    if row is None:
        return None
    return {"author": row.author_kind, "text": row.body[:_LONGEST], "at": _iso(row.created_at, now)}


def _iso(moment: datetime | None, now: datetime) -> str | None:
    return moment.astimezone(now.tzinfo).isoformat() if moment else None


def order(item: Item) -> tuple[int, str]:
    """The longest wait first; those without a wait by when they last spoke."""
    return -item["waited_minutes"], str((item["last"] or {}).get("at") or item["since"])


def found_ids(session: Session, view: str, who: str, words: str) -> list[str]:
    """The ids of a view, newest first; with words, those that hold them. A receipt's id finds where it was given."""
    row = ConversationRow
    mine, people = row.owner == agent(who), or_(row.owner == QUEUE, row.owner.startswith(agent("")))
    asleep = row.snoozed_until.is_not(None)
    views = {
        "queue": row.owner == QUEUE,
        "mine": mine & ~asleep,
        "open": people & ~asleep,
        "snoozed": people & asleep,
        "bot": (row.owner == BOT) & (row.seq > 0),
        "closed": row.owner == CLOSED,
        "all": row.seq > 0,
    }
    query = select(row.id).where(views[view]).order_by(row.updated_at.desc()).limit(_MOST)
    if words:
        like = "%" + words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        said = select(MessageRow.conversation_id).where(
            MessageRow.conversation_id == row.id, MessageRow.body.ilike(like, escape="\\")
        )
        named = row.customer_name.ilike(like, escape="\\")
        given = select(ReceiptRow.id).where(ReceiptRow.conversation_id == row.id, ReceiptRow.id == words.lower())
        query = query.where(or_(row.id == words.lower(), named, said.exists(), given.exists()))
    return list(session.scalars(query))
