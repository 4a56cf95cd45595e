"""The policy owner's page: who may see it, what stands on it, and that customers' words stay words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from plainly.store import Store
from plainly.store.conversations import open_conversation
from plainly.store.records import keep_record
from tests import web
from tests.gateway.processes import Customer, GatewayProcess
from tests.gateway.staff.people import Desk

# A month of its own, which no other test of the shared database touches.
DAY = datetime(2033, 5, 10, 11, tzinfo=UTC)
MAY = {"from": "2033-05-01", "to": "2033-05-31"}


@pytest.fixture(scope="module")
def told(shared_database: str, gateway: GatewayProcess) -> Iterator[list[str]]:
    """The conversations in which something was said in May, in order."""
    assert gateway.process.poll() is None
    store = Store(shared_database)
    said = [
        ("gap", {"question": "Where do I park my <b>van</b>?", "nearest": "returns"}),
        ("gap", {"question": "where do I park my <b>van</b>", "nearest": "returns", "from": "desk"}),
        ("gap", {"question": "Do you sell boats?", "nearest": ""}),
        ("gap", {"question": "Old question", "nearest": "gone_policy"}),
        ("complaint", {"text": "<script>alert(1)</script> nobody rang", "policy": "returns"}),
        ("feedback", {"text": "Lovely people", "policy": ""}),
        ("contact", {"value": "jo@shop.example"}),
    ]
    made = []
    with store.write() as session:
        for kind, data in said:
            row, _ = open_conversation(session, DAY)
            keep_record(session, row.id, kind, dict(data), message_seq=1, now=DAY)
            made.append(row.id)
    yield made
    store.close()


@pytest.fixture
def owner(gateway: GatewayProcess, tables: Store) -> Iterator[Desk]:
    with Desk(gateway, tables, "owner") as desk:
        yield desk


@pytest.mark.parametrize(("role", "status"), [("agent", 403), ("supervisor", 200), ("owner", 200)])
def test_that_the_page_is_for_supervisors_and_owners(
    gateway: GatewayProcess, tables: Store, role: str, status: int
) -> None:
    with Desk(gateway, tables, role) as desk:
        answer = desk.get("/desk/voice")
        assert answer.status_code == status
        links = desk.get("/desk/settings").text
    assert ('href="/desk/voice"' in links) == (status == 200)
    assert web.get(f"{gateway.url}/desk/voice").status_code in (401, 303)


def section(page: str, kind: str) -> str:
    found = re.search(rf'<section class="card" id="{kind}".*?</section>', page, re.S)
    assert found, kind
    return found[0]


def test_that_a_gap_shows_how_often_it_was_asked_and_the_policy_that_is_near(owner: Desk, told: list[str]) -> None:
    gaps = section(owner.get("/desk/voice", params=MAY).text, "gap")
    assert "Questions no policy covers: 4" in gaps
    first = re.findall(r"<h3>.*?</table>", gaps, re.S)[0]
    assert '<a href="/policies/returns">' in first
    assert re.findall(r"<td>(\d+)</td>", first) == ["2"]
    assert set(re.findall(r'href="/desk#([0-9a-z]+)"', first)) == set(told[:2])
    assert "10 May 2033" in first
    assert "No policy is near: 1" in gaps
    assert "gone policy" in gaps
    assert "/policies/gone_policy" not in gaps


def test_that_customers_words_stay_words_and_their_addresses_are_not_listed(owner: Desk, told: list[str]) -> None:
    page = owner.get("/desk/voice", params=MAY).text
    assert "&lt;b&gt;van&lt;/b&gt;" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; nobody rang" in section(page, "complaint")
    assert '<a href="/policies/returns">' in section(page, "complaint")
    assert f"/desk#{told[5]}" in section(page, "feedback")
    assert "jo@shop.example" not in page
    assert "<b>van" not in page
    assert "<script>alert" not in page


def test_that_kind_and_days_can_be_chosen(owner: Desk, told: list[str]) -> None:
    page = owner.get("/desk/voice", params={**MAY, "kind": "feedback"}).text
    assert "Lovely people" in page
    assert re.findall(r'<section class="card" id="(\w+)"', page) == ["feedback"]
    other = owner.get("/desk/voice", params={"from": "2033-06-01", "to": "2033-06-30", "kind": "<i>"})
    assert "Lovely people" not in other.text
    assert other.text.count("Nothing was counted in these days.") == 4
    wrong = owner.get("/desk/voice", params={"from": "never"})
    assert wrong.status_code == 422
    assert "These are the last four weeks instead." in wrong.text


def test_that_what_the_assistant_notes_is_there_for_the_owner(owner: Desk, customer: Customer) -> None:
    customer.ask("record gap")
    page = owner.get("/desk/voice", params={"kind": "gap"}).text
    assert f"/desk#{customer.id}" in page
