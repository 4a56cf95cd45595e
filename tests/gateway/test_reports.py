"""The supervisor's page: who may see it, that each number leads to its conversations, and that nothing bad gets in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from plainly.clock import elapsed
from plainly.desk import Claimed, Escalated, Event, Resolved
from plainly.store import Store
from plainly.store.conversations import locked, open_conversation
from plainly.store.desk_tables import OverrideRow, SuggestionRow
from plainly.store.episodes import begin_episode, end_episode, latest_episode, settle
from plainly.store.handoffs import open_escalation
from plainly.store.messages import NewMessage, add_message
from plainly.store.owners import change_owner
from plainly.store.presence import note_present
from plainly.store.ratings import Rating, rate
from plainly.store.reports import cases, right_now
from plainly.store.tables import GrantRow
from plainly.store.types import new_id
from tests import web
from tests.gateway.processes import GatewayProcess
from tests.gateway.staff.people import Desk, make_staff

# A month of its own, which no other test of the shared database touches.
DAY = datetime(2031, 3, 10, 11, tzinfo=UTC)
MARCH = {"from": "2031-03-01", "to": "2031-03-31"}


class History:
    """Conversations as they went, written straight into the tables."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def matter(
        self, outcome: str, *, words: str = "About a kettle", people: str = "", wait: float = 0, **rated: object
    ) -> str:
        """One matter that ended on the day: its conversation."""
        with self.store.write() as session:
            row, _ = open_conversation(session, DAY)
            first = add_message(session, row, NewMessage("customer", words), DAY)
            begin_episode(session, row, first.seq, DAY)
            add_message(session, row, NewMessage("bot", "An answer.", status="answered"), DAY + timedelta(seconds=2))
            ending = DAY + timedelta(minutes=wait + 3)
            if people:
                self._with_people(session, row, people, wait)
            end_episode(session, row, outcome, "customer", ending)  # type: ignore[arg-type]
            episode = latest_episode(session, row.id)
            assert episode is not None
            settle(session, episode, lambda start, end: (end - start) / timedelta(minutes=1))
            if rated:
                rate(session, row, Rating(**rated), None, ending)  # type: ignore[arg-type]
            return row.id

    def _with_people(self, session: object, row: object, reason: str, wait: float) -> None:
        def happen(event: Event, at: datetime) -> None:
            change_owner(session, row, event, at)  # type: ignore[arg-type]

        happen(Escalated(row.epoch, reason), DAY)  # type: ignore[arg-type, attr-defined]
        came = DAY + timedelta(minutes=wait)
        escalation = open_escalation(session, row.id, reason, {}, told_seq=row.seq, now=DAY)  # type: ignore[arg-type, attr-defined]
        happen(Claimed(row.epoch, "ann"), came)  # type: ignore[attr-defined]
        add_message(session, row, NewMessage("agent", "Hello.", author="ann"), came)  # type: ignore[arg-type]
        escalation.answered_at = came
        row.owner = "closed"  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def history(shared_database: str, gateway: GatewayProcess) -> Iterator[dict[str, str]]:
    """What happened in March, by name."""
    assert gateway.process.poll() is None
    store = Store(shared_database)
    past = History(store)
    made = {
        "bot": past.matter("confirmed", words="=HYPERLINK(1) <b>bold</b>", score=5, solved=True),
        "people": past.matter("resolved", people="asked", wait=4, score=4),
        "safety": past.matter("resolved", people="safety", wait=8, solved=False, score=1),
        "complaint": past.matter("resolved", people="complaint", wait=6),
        "silent": past.matter("silent"),
        "left": past.matter("abandoned"),
    }
    with store.write() as session:
        for number, used in enumerate(["sent", "edited", "discarded", None, None]):
            session.add(_suggestion(made["people"], number + 1, used))
        session.add(_suggestion(made["people"], 1, "discarded"))
        override = OverrideRow(
            conversation_id=made["people"], message_seq=3, staff_id="ann", warnings=[], reason="x", at=DAY
        )
        session.add(override)
        for by in ("bot", "ann"):
            session.add(_grant(made["people"], by))
    yield made
    store.close()


def _suggestion(conversation: str, seq: int, used: str | None) -> SuggestionRow:
    return SuggestionRow(
        id=new_id(), conversation_id=conversation, for_seq=seq, rank=1, body="x", draft={}, shown_to="ann",
        shown_at=DAY, used=used,
    )  # fmt: skip


def _grant(conversation: str, by: str) -> GrantRow:
    return GrantRow(
        conversation_id=conversation, message_seq=1, holder="x", policy="returns", lever="one_more_week",
        amount="7 days", reason="ill", granted_by=by, granted_at=DAY,
    )  # fmt: skip


@pytest.fixture
def supervisor(gateway: GatewayProcess, tables: Store) -> Iterator[Desk]:
    with Desk(gateway, tables, "supervisor") as desk:
        yield desk


PAGES = ["", "/conversations?figure=rating", "/figures.csv", "/episodes.csv"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("role", "status"), [("agent", 403), ("supervisor", 200), ("owner", 200)])
def test_that_reports_are_for_supervisors_and_owners(
    gateway: GatewayProcess, tables: Store, path: str, role: str, status: int
) -> None:
    with Desk(gateway, tables, role) as desk:
        assert desk.get(f"/desk/reports{path}").status_code == status
    assert web.get(f"{gateway.url}/desk/reports{path}").status_code in (401, 303)


def article(page: str, key: str) -> str:
    """One figure of the page."""
    found = re.search(rf'<article class="card figure" id="{key}".*?</article>', page, re.S)
    assert found, key
    return found[0]


def shown(html: str, pattern: str) -> str:
    """The words of the first place that fits."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.findall(pattern, html, re.S)[0]).split())


def test_that_the_figures_of_a_month_are_right(supervisor: Desk, history: dict[str, str]) -> None:
    page = supervisor.get("/desk/reports", params=MARCH).text
    keys = re.findall(r'<article class="card figure" id="(\w+)"', page)
    big = {key: shown(article(page, key), r'<p class="big">(.*?)</p>') for key in keys}
    assert big == {
        "resolution": "50% solved: 3 / 6",
        "handoff": "50% went to people: 3 / 6",
        "wait": "6 min Middle, 3",
        "person_answer": "6 min Middle, 3",
        "promise": "67% in time: 2 / 3",
        "rating": "3.3 Average, 3",
        "rated": "50% answered: 3 / 6",
        "suggestions": "40% used: 2 / 5",
        "overrides": "33% overridden: 1 / 3",
        "grants": "2 granted",
        "reopened": "0% came back: 0 / 6",
    }
    total = shown(article(page, "resolution"), r'<tr class="total">(.*?)</tr>')
    assert total.split() == ["All", "days", "6", "1", "17%", "2", "33%", "1", "17%", "1", "17%", "1", "17%"]


def test_that_every_number_leads_to_its_conversations(supervisor: Desk, history: dict[str, str]) -> None:
    page = supervisor.get("/desk/reports", params=MARCH).text
    names = {conversation: name for name, conversation in history.items()}
    links: dict[str, set[str]] = {}
    for href, text in re.findall(r'<a href="(/desk/reports/conversations[^"]*)">([^<]+)</a>', page):
        links.setdefault(unescape(href), set()).add(text)
    assert len(links) > 15
    for href, numbers in links.items():
        listed = re.findall(r'href="/desk#([0-9a-z]+)"', supervisor.get(href).text)
        # An amount's values lead to the conversations that were counted, beside their count.
        assert "now=" in href or "group=headline" in href or str(len(listed)) in numbers, href
        assert "now=" in href or set(listed) <= set(names), href
    headline = {**MARCH, "figure": "resolution", "group": "headline"}
    page = supervisor.get("/desk/reports/conversations", params=headline).text
    assert {names[one] for one in re.findall(r'href="/desk#([0-9a-z]+)"', page)} == {"bot", "people", "complaint"}


def test_that_each_definition_stands_beside_its_number(supervisor: Desk, history: dict[str, str]) -> None:
    page = supervisor.get("/desk/reports", params=MARCH).text
    assert page.count('<p class="small means">') == page.count('<article class="card figure"') == 11
    assert "Silence never counts as solved." in article(page, "resolution")
    for key in ("resolution", "wait"):
        assert '<svg class="plot"' in article(page, key)
        assert "<table>" in article(page, key)


def test_that_customers_words_stay_words(supervisor: Desk, history: dict[str, str]) -> None:
    listed = supervisor.get("/desk/reports/conversations", params={**MARCH, "figure": "rating"}).text
    assert "=HYPERLINK(1) &lt;b&gt;bold&lt;/b&gt;" in listed
    assert "<b>bold" not in listed


def test_that_the_sheets_hold_every_figure_and_matter(supervisor: Desk, history: dict[str, str]) -> None:
    answer = supervisor.get("/desk/reports/figures.csv", params=MARCH)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="figures-2031-03-01-2031-03-31.csv"'
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    whole = [line for line in lines if (line["from"], line["to"]) == ("2031-03-01", "2031-03-31")]
    assert {line["group"]: line["count"] for line in whole if line["figure"] == "suggestions"} == {
        "sent": "1", "edited": "1", "discarded": "1", "left": "2",
    }  # fmt: skip
    assert all(0 <= float(line["share"]) <= 1 for line in lines if line["share"])
    matters = list(csv.DictReader(io.StringIO(supervisor.get("/desk/reports/episodes.csv", params=MARCH).text)))
    assert {line["conversation"] for line in matters} == set(history.values())
    people = next(line for line in matters if line["conversation"] == history["people"])
    assert (people["outcome"], people["handled_by"], people["waited"]) == ("resolved", "both", "240.0")
    assert people["at"] == "2031-03-10T11:07:00+00:00"


def test_that_a_cell_never_begins_as_a_formula(supervisor: Desk, tables: Store) -> None:
    with tables.write() as session:
        row, _ = open_conversation(session, DAY)
        begin_episode(session, row, 1, DAY.replace(year=2032))
        add_message(session, locked(session, row.id), NewMessage("customer", "x"), DAY)
        end_episode(session, row, "silent", "=1+1", DAY.replace(year=2032))
    days = {"from": "2032-03-01", "to": "2032-03-31"}
    matters = list(csv.DictReader(io.StringIO(supervisor.get("/desk/reports/episodes.csv", params=days).text)))
    assert [line["ended_by"] for line in matters] == ["'=1+1"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"from": "yesterday"}, 422),
        ({"from": "2031-03-31", "to": "2031-03-01"}, 422),
        ({"from": "2000-01-01", "to": "2031-03-01"}, 422),
        ({"from": "2031-03-01'--", "to": ""}, 422),
        ({"from": "2031-01-01", "to": "2031-03-31", "by": "<script>"}, 200),
        ({}, 200),
    ],
)
def test_that_days_come_by_query_and_wrong_ones_are_told(supervisor: Desk, query: dict[str, str], status: int) -> None:
    answer = supervisor.get("/desk/reports", params=query)
    assert answer.status_code == status
    assert ("These are the last four weeks instead." in answer.text) == (status == 422)
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("query", "status"),
    [({"figure": "nonsense"}, 404), ({}, 404), ({"figure": "rating", "from": "x"}, 422), ({"now": "nobody"}, 200),
     ({"figure": "handoff", "group": "<b>"}, 200)],
)  # fmt: skip
def test_that_an_unknown_number_is_refused(supervisor: Desk, query: dict[str, str], status: int) -> None:
    answer = supervisor.get("/desk/reports/conversations", params=query)
    assert answer.status_code == status
    assert "<b>" not in answer.text


def test_that_days_are_shown_by_weeks_and_months_when_there_are_many(supervisor: Desk, history: dict[str, str]) -> None:
    year = {"from": "2030-04-01", "to": "2031-03-31"}
    page = article(supervisor.get("/desk/reports", params=year).text, "resolution")
    assert "Mar 2031" in page
    weeks = article(supervisor.get("/desk/reports", params={**MARCH, "by": "week"}).text, "resolution")
    assert "10 Mar – 16 Mar" in weeks


def test_that_the_page_shows_how_the_desk_stands_now(supervisor: Desk, tables: Store) -> None:
    ann = make_staff(tables, "agent", name="Ann <i>Marlow")
    first = datetime(2020, 3, 10, 11, tzinfo=UTC)  # before all whom other tests let wait: the page shows fifty
    with tables.write() as session:
        note_present(session, [ann.id], elapsed())
        row, _ = open_conversation(session, first)
        taken, _ = open_conversation(session, first)
        for one in (row, taken):
            add_message(session, one, NewMessage("customer", "Where is my <b>sofa</b>?"), first)
            change_owner(session, one, Escalated(one.epoch, "asked"), first)
            open_escalation(session, one.id, "asked", {"wants": "my <b>sofa</b>"}, told_seq=1, now=first)
        change_owner(session, taken, Claimed(taken.epoch, ann.id), DAY)
    with tables.read() as session:
        standing = right_now(session, elapsed())
    mine = next(one for one in standing.staff if one.id == ann.id)
    assert (mine.present, mine.conversations) == (True, (taken.id,))
    assert row.id in [one.conversation for one in standing.waiting]
    page = supervisor.get("/desk/reports").text
    assert "Ann &lt;i&gt;Marlow" in page
    assert "my &lt;b&gt;sofa&lt;/b&gt;" in page
    assert row.id in supervisor.get("/desk/reports/conversations", params={"now": "waiting"}).text
    listed = supervisor.get("/desk/reports/conversations", params={"now": ann.id}).text
    assert re.findall(r'href="/desk#([0-9a-z]+)"', listed) == [taken.id]
    with tables.write() as session:
        for conversation in (row.id, taken.id):
            held = locked(session, conversation)
            change_owner(session, held, Resolved(held.epoch, None if held.owner == "queue" else ann.id), DAY)


def test_that_what_lies_outside_the_days_is_not_counted(tables: Store, history: dict[str, str]) -> None:
    with tables.read() as session:
        before = cases(session, DAY - timedelta(days=9), DAY, {})
        within = cases(session, DAY, DAY + timedelta(minutes=30), {})
    assert [len(one) for one in (before.ended, before.replies, before.suggested, before.granted)] == [0, 0, 0, 0]
    assert [len(one) for one in (within.ended, within.suggested, within.granted)] == [6, 5, 2]
