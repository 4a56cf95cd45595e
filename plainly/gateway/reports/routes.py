"""The pages and sheets of the reports, for supervisors and owners."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from plainly.clock import elapsed, now, today
from plainly.desk import open_minutes
from plainly.errors import PlainlyError
from plainly.gateway.reports import sheets
from plainly.gateway.reports.listing import MOST, behind, lines_now, lines_of
from plainly.gateway.reports.view import show_figures
from plainly.gateway.reports.words import label, link, long_day, number, query_of, say
from plainly.gateway.staff.guard import Supervisor
from plainly.gateway.staff.showing import staff_page
from plainly.gateway.state import Gateway, gateway_of
from plainly.outcomes.figures import Cases
from plainly.outcomes.periods import STEPS, Period, read_period
from plainly.store.reports import RightNow, cases, right_now

router = APIRouter(prefix="/desk/reports", include_in_schema=False)

Here = Annotated[Gateway, Depends(gateway_of)]
From = Annotated[str, Query(alias="from", max_length=20)]
To = Annotated[str, Query(alias="to", max_length=20)]
By = Annotated[str, Query(alias="by", max_length=10)]

_PATH = "/desk/reports"


@router.get("")
def reports(here: Here, staff: Supervisor, first: From = "", last: To = "", step: By = "") -> HTMLResponse:
    """How the desk stands now, and how it went."""
    wrong = ""
    try:
        period = period_of(here, first, last, step)
    except PlainlyError as error:
        period, wrong = period_of(here), say("page.wrong", why=error.message)
    with here.store.read() as session:
        standing = right_now(session, elapsed())
        found = _counted(here, session, period)
    page = staff_page(
        "reports.html.j2",
        here,
        me=staff,
        path=_PATH,
        wrong=wrong,
        period=period,
        steps=STEPS,
        query=query_of(period),
        figures=show_figures(found, period),
        now=standing,
        waits=_waits(here, standing),
        reason=lambda key: label("handoff", key),
        number=number,
        say=say,
        said=link("rating", period),
    )
    page.status_code = 422 if wrong else 200
    return page


@router.get("/conversations")
def conversations(
    here: Here,
    staff: Supervisor,
    *,
    figure: Annotated[str, Query(max_length=40)] = "",
    group: Annotated[str, Query(max_length=60)] = "",
    first: From = "",
    last: To = "",
    at: Annotated[str, Query(alias="now", max_length=40)] = "",
) -> HTMLResponse:
    """The conversations behind one number."""
    period = period_of(here, first, last)
    with here.store.read() as session:
        if at:
            title, lines = lines_now(session, right_now(session, elapsed()), at)
            count = len(lines)
        else:
            title, counted = behind(_counted(here, session, period), figure, group)
            lines, count = lines_of(session, figure, counted), len(counted)
    days = "" if at else f"{long_day(period.first)} – {long_day(period.last)}"
    given = {"title": title, "lines": lines, "count": count, "most": MOST, "days": days, "back": query_of(period)}
    return staff_page("report_list.html.j2", here, me=staff, path=_PATH, **given)


@router.get("/figures.csv")
def figures_sheet(here: Here, staff: Supervisor, first: From = "", last: To = "", step: By = "") -> Response:
    """All figures as a sheet."""
    period = period_of(here, first, last, step)
    return _sheet("figures", sheets.figures_sheet(_cases(here, period), period), period)


@router.get("/episodes.csv")
def episodes_sheet(here: Here, staff: Supervisor, first: From = "", last: To = "") -> Response:
    """All matters that ended as a sheet."""
    period = period_of(here, first, last)
    return _sheet("episodes", sheets.episodes_sheet(_cases(here, period), period), period)


def period_of(here: Gateway, first: str = "", last: str = "", step: str = "") -> Period:
    """The days a query asks for, in the business's own calendar. Raises PlainlyError `wrong_period`."""
    return read_period(first, last, step, today=today(), zone=ZoneInfo(here.timezone))


def _cases(here: Gateway, period: Period) -> Cases:
    with here.store.read() as session:
        return _counted(here, session, period)


def _counted(here: Gateway, session: Session, period: Period) -> Cases:
    promised = here.folder.kb.business.answer_minutes if here.folder.kb else {}
    return cases(session, period.start, period.end, promised)


def _waits(here: Gateway, standing: RightNow) -> dict[str, float]:
    """Minutes of opening time everybody in line has waited."""
    if here.folder.kb is None:
        return {}
    hours, moment = here.folder.kb.business.hours, now()
    return {one.conversation: open_minutes(hours, one.since, moment) for one in standing.waiting}


def _sheet(name: str, text: str, period: Period) -> Response:
    file = f"{name}-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
