"""The policy owner's page: what was asked that no policy covers, and what customers said of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from plainly.errors import PlainlyError
from plainly.gateway.reports.listing import MOST, people_of
from plainly.gateway.reports.routes import From, Here, To, period_of
from plainly.gateway.reports.words import say
from plainly.gateway.staff.guard import Supervisor
from plainly.gateway.staff.showing import staff_page
from plainly.model import KnowledgeBase
from plainly.outcomes.voice import KINDS, Remark, gaps
from plainly.store.records import remarks

router = APIRouter(prefix="/desk/voice", include_in_schema=False)

_PATH = "/desk/voice"
_LINKS = 10
"""So many of a question's conversations are named."""


@router.get("")
def voice(
    here: Here,
    staff: Supervisor,
    kind: Annotated[str, Query(max_length=20)] = "",
    first: From = "",
    last: To = "",
) -> HTMLResponse:
    """What customers told us in some days, of one kind or of all."""
    wrong = ""
    try:
        period = period_of(here, first, last)
    except PlainlyError as error:
        period, wrong = period_of(here), say("page.wrong", why=error.message)
    with here.store.read() as session:
        said = remarks(session, period.start, period.end)
        told = {one: _newest(said, one) for one in KINDS if one != "gap"}
        people = people_of(session, {remark.conversation for group in told.values() for remark in group})
    page = staff_page(
        "voice.html.j2",
        here,
        me=staff,
        path=_PATH,
        wrong=wrong,
        period=period,
        kinds=KINDS,
        kind=kind,
        shown=(kind,) if kind in KINDS else KINDS,
        gaps=gaps(said),
        told=told,
        counts={one: sum(remark.kind == one for remark in said) for one in KINDS},
        people=people,
        titles=_titles(here.folder.kb),
        most=MOST,
        links=_LINKS,
        say=say,
    )
    page.status_code = 422 if wrong else 200
    return page


def _newest(said: Iterable[Remark], kind: str) -> Sequence[Remark]:
    of_kind = [remark for remark in said if remark.kind == kind]
    return sorted(of_kind, key=lambda remark: remark.at, reverse=True)[:MOST]


def _titles(kb: KnowledgeBase | None) -> dict[str, str]:
    """The policies that still stand in the folder; only these have a page to lead to."""
    return {policy.id: policy.title for policy in kb.policies.values()} if kb else {}
