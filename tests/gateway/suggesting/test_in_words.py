"""Staff read labels instead of ids, why the policy is there, and whether a customer's receipt stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from plainly.store.handling import latest_escalation
from plainly.store.tables import ReceiptRow
from tests.gateway.suggesting.conftest import TOO_LATE, Case, People

Json = dict[str, Any]


def in_words(case: Case) -> Json:
    found: Json = case.desk.get(case.path).json()["in_words"]
    return found


def found_by(case: Case, words: str) -> list[str]:
    listed = case.desk.get("/api/v1/desk/conversations", params={"view": "all", "q": words}).json()
    return [item["id"] for item in listed["items"]]


def receipt_of(case: Case) -> str:
    receipts = [message["receipt"] for message in case.customer.look()["messages"] if message["receipt"]]
    return str(receipts[0]["id"])


def test_that_the_receipt_a_customer_shows_finds_the_conversation_and_matches(case: Case) -> None:
    id_ = receipt_of(case)
    assert case.customer.id in found_by(case, f" {id_.upper()} ")
    assert found_by(case, "0" * 12) == []
    told = {one["id"]: one for one in in_words(case)["receipts"]}
    assert (told[id_]["outcome"], told[id_]["stands"]) == ("too_late", "matches")
    assert told[id_]["says"] == "Matches: from the same facts, the rules say the same."


def test_that_a_tampered_receipt_does_not_match(case: Case) -> None:
    with case.tables.write() as session:
        for row in session.scalars(select(ReceiptRow).where(ReceiptRow.conversation_id == case.customer.id)):
            row.data = {**row.data, "outcome": "accepted"}
    (told,) = in_words(case)["receipts"]
    assert told["stands"] == "altered"
    assert told["says"].startswith("Does not match")


def test_that_what_was_offered_and_refused_stands_by_its_label(people: People) -> None:
    case = people.taken(TOO_LATE)
    with case.tables.write() as session:
        escalation = latest_escalation(session, case.customer.id)
        assert escalation is not None
        declined = ["alternative:returns.exchange", "lever:returns.illness_days", "person:asked", "policy:refunds"]
        escalation.packet = {**escalation.packet, "declined": [*declined, "alternative:returns.no_such_thing"]}
        offered = escalation.packet["offered"]
    words = in_words(case)
    assert words["declined"][2:] == ["A person", "Refunds", "No such thing"]
    assert offered
    assert len(words["offered"]) == len(set(offered))
    assert not [label for label in words["offered"] + words["declined"] if ":" in label or "_" in label]


def test_that_the_goal_of_the_policy_stands_in_the_packet(case: Case) -> None:
    assert in_words(case)["goal"] == "Make sending something back easy and fair"


def test_that_the_next_step_of_the_ladder_goes_by_who_had_the_conversation(case: Case, people: People) -> None:
    assert in_words(case)["next_step"] == "A supervisor"
    eve = people.desk("supervisor")
    body = {"epoch": case.row().epoch, "to": eve.staff.id}
    assert case.desk.post(f"{case.path}/transfer", json=body).status_code == 200
    assert in_words(case)["next_step"] == "The complaints team"
