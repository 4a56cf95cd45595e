"""The ledger of levers spent. A grant is checked against its cap in the transaction that writes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from plainly.errors import PlainlyError
from plainly.model import Duration, Lever
from plainly.store.database import hold
from plainly.store.tables import ConversationRow, GrantRow

_USED = select(GrantRow.policy, GrantRow.lever).where(GrantRow.holder == bindparam("holder")).distinct()


@dataclass(frozen=True)
class NewGrant:
    """A lever to spend, and for what."""

    policy: str
    lever: str
    amount: str
    reason: str
    granted_by: str


class CapReachedError(PlainlyError):
    """This customer has had all of this lever that the policy allows."""

    def __init__(self, policy: str, lever: str) -> None:
        super().__init__(
            "cap_reached",
            f"{policy}.{lever} is used up for this customer in this period.",
            {"policy": policy, "lever": lever},
        )


def holder_of(row: ConversationRow) -> str:
    """Whose caps count: the customer's when somebody vouches for them, else this conversation's."""
    return f"customer:{row.customer}" if row.customer else f"conversation:{row.id}"


def levers_left(
    session: Session, row: ConversationRow, levers: Iterable[tuple[str, Lever]], now: datetime
) -> dict[str, int]:
    """The grants left to this customer, as "policy.lever": only levers they have used are named.

    `levers` are pairs of policy id and lever.
    """
    holder = holder_of(row)
    used = set(session.execute(_USED, {"holder": holder}).tuples())
    return {
        f"{policy}.{lever.id}": _left(session, holder, policy, lever, now)
        for policy, lever in levers
        if (policy, lever.id) in used
    }


def grant(
    session: Session, row: ConversationRow, new: NewGrant, lever: Lever, *, message_seq: int, now: datetime
) -> GrantRow:
    """Spend a lever. Raises CapReachedError when nothing is left."""
    holder = holder_of(row)
    hold(session, f"ledger:{holder}:{new.policy}.{new.lever}")
    if _left(session, holder, new.policy, lever, now) < 1:
        raise CapReachedError(new.policy, new.lever)
    entry = GrantRow(
        conversation_id=row.id,
        message_seq=message_seq,
        holder=holder,
        policy=new.policy,
        lever=new.lever,
        amount=new.amount,
        reason=new.reason,
        granted_by=new.granted_by,
        granted_at=now,
    )
    session.add(entry)
    session.flush()
    return entry


def _left(session: Session, holder: str, policy: str, lever: Lever, now: datetime) -> int:
    query = select(func.count()).where(
        GrantRow.holder == holder,
        GrantRow.policy == policy,
        GrantRow.lever == lever.id,
        GrantRow.granted_at > now - _length(lever.period),
    )
    return max(0, lever.per_customer - (session.scalar(query) or 0))


def _length(period: Duration) -> relativedelta:
    units = {
        "hour": relativedelta(hours=period.amount),
        "day": relativedelta(days=period.amount),
        "week": relativedelta(weeks=period.amount),
        "month": relativedelta(months=period.amount),
        "year": relativedelta(years=period.amount),
    }
    return units[period.unit]
