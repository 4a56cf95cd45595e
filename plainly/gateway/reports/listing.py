"""The conversations behind a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainly.errors import PlainlyError
from plainly.gateway.reports.words import label, number, say
from plainly.outcomes.figures import BY_KEY, Amount, Case, Cases, Ended, Granted, Share, shares
from plainly.store.messages import HIDDEN
from plainly.store.reports import RightNow
from plainly.store.tables import ConversationRow, MessageRow

MOST = 500
_FIRST_WORDS = 90
_AT_ONCE = 200


@dataclass(frozen=True)
class Line:
    """One conversation of the list."""

    conversation: str
    words: str
    customer: str
    verified: bool
    at: datetime | None
    what: str
    about: str
    said: str


def behind(cases: Cases, key: str, group: str) -> tuple[str, Sequence[Case]]:
    """A title, and the cases a number counted. Raises PlainlyError `unknown_figure`."""
    figure = BY_KEY.get(key)
    if figure is None:
        raise PlainlyError("unknown_figure", "There is no such figure.", {"figure": key[:40]})
    title = say(f"{key}.title")
    if isinstance(figure, Amount) or not group:
        return title, figure.of(cases)
    found = shares(figure, cases)
    if group == "headline":
        counted = [case for name in found.groups if name in found.counted for case in found.groups[name]]
        return f"{title}: {say(f'{key}.headline')}", counted
    if group not in found.groups and group not in figure.groups:
        return title, ()
    return f"{title}: {label(key, group)}", found.groups.get(group, ())


def lines_of(session: Session, key: str, cases: Iterable[Case]) -> list[Line]:
    """The list for some cases, the newest first."""
    newest = sorted(cases, key=lambda case: case.at, reverse=True)[:MOST]
    words = _first_words(session, {(case.conversation, case.seq) for case in newest})
    people = people_of(session, {case.conversation for case in newest})
    return [_line(key, case, words, people) for case in newest]


def lines_now(session: Session, now: RightNow, what: str) -> tuple[str, list[Line]]:
    """A title, and the list of who waits, who talks with the assistant, or whom a member of staff has."""
    if what == "waiting":
        title, ids = say("page.waiting"), [one.conversation for one in now.waiting]
    elif what == "bot":
        title, ids = say("page.with_bot"), list(now.with_bot)
    else:
        found = next((one for one in now.staff if one.id == what), None)
        title = say("page.with", name=found.name if found else "–")
        ids = list(found.conversations) if found else []
    ids = ids[:MOST]
    words = _first_words(session, {(one, 1) for one in ids})
    people = people_of(session, set(ids))
    return title, [
        Line(one, words.get((one, 1), one), *people.get(one, ("", False)), at=None, what="", about="", said="")
        for one in ids
    ]


def _line(key: str, case: Case, words: dict[tuple[str, int], str], people: dict[str, tuple[str, bool]]) -> Line:
    customer, verified = people.get(case.conversation, ("", False))
    figure = BY_KEY[key]
    what = label(key, figure.sort(case)) if isinstance(figure, Share) else number(figure.value(case), figure.unit)
    if isinstance(case, Granted):
        what = f"{what}: {case.policy}.{case.lever}, {case.amount}"
    return Line(
        conversation=case.conversation,
        words=words.get((case.conversation, case.seq), case.conversation),
        customer=customer,
        verified=verified,
        at=case.at,
        what=what,
        about=(case.policy or "") if isinstance(case, Ended | Granted) else "",
        said=(case.words or "") if isinstance(case, Ended) else "",
    )


def _first_words(session: Session, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """How each case began, in the words both sides saw."""
    found: dict[tuple[str, int], str] = {}
    ids = sorted({conversation for conversation, _ in wanted})
    seqs = sorted({seq for _, seq in wanted})
    for place in range(0, len(ids), _AT_ONCE):
        query = select(MessageRow.conversation_id, MessageRow.seq, MessageRow.body).where(
            MessageRow.conversation_id.in_(ids[place : place + _AT_ONCE]),
            MessageRow.seq.in_(seqs),
            MessageRow.kind.not_in(HIDDEN),
        )
        for conversation, seq, body in session.execute(query):
            flat = " ".join(body.split())
            found[conversation, seq] = flat[:_FIRST_WORDS] + ("…" if len(flat) > _FIRST_WORDS else "")
    return found


def people_of(session: Session, ids: set[str]) -> dict[str, tuple[str, bool]]:
    """The customer of each conversation by name, and whether a shop vouches for them."""
    found: dict[str, tuple[str, bool]] = {}
    ordered = sorted(ids)
    for place in range(0, len(ordered), _AT_ONCE):
        query = select(ConversationRow.id, ConversationRow.customer, ConversationRow.customer_name).where(
            ConversationRow.id.in_(ordered[place : place + _AT_ONCE])
        )
        found |= {one: (name or customer or "", customer is not None) for one, customer, name in session.execute(query)}
    return found
