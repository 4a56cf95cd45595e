"""What happened to a conversation at the desk, and what follows from it: who has how many, who had a turn when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.orm import Session

from plainly.desk import agent, agent_of
from plainly.store.database import touch
from plainly.store.desk_tables import HandlingRow, StaffRow
from plainly.store.tables import ConversationRow, EscalationRow
from plainly.store.types import Json, Moment

_OF = select(HandlingRow).where(HandlingRow.conversation_id == bindparam("conversation")).order_by(HandlingRow.id)
_NAMES = select(StaffRow.id, StaffRow.name).where(StaffRow.id.in_(bindparam("staff", expanding=True)))
_DUE = select(ConversationRow.id).where(ConversationRow.snoozed_until <= bindparam("now", type_=Moment()))
_LATEST = (
    select(EscalationRow)
    .where(EscalationRow.conversation_id == bindparam("conversation"))
    .order_by(EscalationRow.id.desc())
    .limit(1)
)


def keep_handling(session: Session, row: ConversationRow, what: str, by: str, *, data: Json, now: datetime) -> None:
    """Keep that something happened to a conversation that is held; `by` is a member of staff, bot, customer or desk."""
    kept = {name: value for name, value in data.items() if name != "what" and value not in (None, "")}
    session.add(HandlingRow(conversation_id=row.id, seq=row.seq, what=what, by=by, owner=row.owner, data=kept, at=now))


def handling_of(session: Session, conversation_id: str) -> list[HandlingRow]:
    """All that happened to a conversation, in order."""
    return list(session.scalars(_OF, {"conversation": conversation_id}))


def latest_escalation(session: Session, conversation_id: str) -> EscalationRow | None:
    """The escalation that is open, or the last one that was."""
    return session.scalars(_LATEST, {"conversation": conversation_id}).one_or_none()


def due_snoozes(session: Session, now: datetime) -> list[str]:
    """The conversations whose time to wake has come."""
    return list(session.scalars(_DUE, {"now": now}))


def snooze(session: Session, row: ConversationRow, until: datetime, by: str, now: datetime) -> None:
    """Put a conversation that is held to sleep until a moment; its owner stays."""
    row.snoozed_until = until
    keep_handling(session, row, "snoozed", by, data={"until": until.isoformat()}, now=now)
    touch(session, row)


def wake(session: Session, row: ConversationRow, by: str, now: datetime) -> bool:
    """Wake a conversation that is held; whether it slept. Of several who wake it only one does."""
    if row.snoozed_until is None:
        return False
    row.snoozed_until = None
    keep_handling(session, row, "woken", by, data={}, now=now)
    touch(session, row)
    return True


def loads(session: Session) -> dict[str, int]:
    """How many conversations each member of staff has, those asleep not counted."""
    query = (
        select(ConversationRow.owner, func.count())
        .where(ConversationRow.owner.startswith(agent("")), ConversationRow.snoozed_until.is_(None))
        .group_by(ConversationRow.owner)
    )
    return {agent_of(owner) or "": count for owner, count in session.execute(query)}


def last_turns(session: Session, staff: Collection[str]) -> dict[str, int]:
    """When each of these last got a conversation, as a number that grows; those who never did are not named."""
    query = (
        select(HandlingRow.owner, func.max(HandlingRow.id))
        .where(
            HandlingRow.what.in_(("claimed", "assigned")),
            HandlingRow.owner.in_([agent(one) for one in staff]),
        )
        .group_by(HandlingRow.owner)
    )
    return {agent_of(owner) or "": number for owner, number in session.execute(query)}


def colleagues(session: Session) -> list[StaffRow]:
    """Everybody who may sign in at the desk, by name."""
    query = select(StaffRow).where(StaffRow.disabled_at.is_(None)).order_by(StaffRow.name, StaffRow.id)
    return list(session.scalars(query))


def names_of(session: Session, staff: Collection[str]) -> dict[str, str]:
    """The display names of staff, those who left too."""
    return dict(session.execute(_NAMES, {"staff": list(staff)}).tuples().all()) if staff else {}


def roles_of(session: Session, conversation_id: str) -> set[str]:
    """The roles of the staff who have or had a conversation."""
    query = select(StaffRow.role).join(HandlingRow, HandlingRow.owner == literal(agent("")) + StaffRow.id)
    return set(session.scalars(query.where(HandlingRow.conversation_id == conversation_id)))


def without_owner(session: Session) -> list[str]:
    """Conversations whose owner can no longer sign in: somebody else must take them."""
    left = select(literal(agent("")) + StaffRow.id).where(StaffRow.disabled_at.is_not(None))
    return list(session.scalars(select(ConversationRow.id).where(ConversationRow.owner.in_(left))))
