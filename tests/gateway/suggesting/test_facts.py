"""Facts that staff put right decide the case anew."""

from __future__ import annotations

import pytest

from tests.gateway.suggesting.conftest import Case, Json, People


def correct(case: Case, name: str, value: object) -> Json:
    done = case.desk.post(f"{case.path}/facts", json={"name": name, "value": value})
    assert done.status_code == 200, done.text
    found: Json = done.json()
    return found


def test_that_the_facts_of_a_case_are_told_with_what_it_takes_to_correct_them(case: Case) -> None:
    facts = {fact["name"]: fact for fact in case.desk.get(f"{case.path}/facts").json()["facts"]}
    assert facts["delivered_on"]["value"] == {"date": "2026-10-12"}
    assert facts["delivered_on"]["said"] == "it arrived 40 days ago"
    assert [option["name"] for option in facts["condition"]["options"]] == ["unopened", "opened", "used"]


def test_that_a_corrected_fact_decides_anew(case: Case) -> None:
    packet = correct(case, "delivered_on", "2026-11-10")["packet"]
    assert (packet["outcome"], packet["decided"]["verdict"]) == ("accepted", "yes")
    assert packet["facts"]["delivered_on"] == "it arrived 11 days ago"
    assert case.desk.get(case.path).json()["packet"]["outcome"] == "accepted"


def test_that_warnings_follow_the_corrected_fact(case: Case) -> None:
    words = "You can send it back for a full refund."
    assert case.send(words).status_code == 409
    correct(case, "delivered_on", "2026-11-10")
    assert case.send(words).status_code == 202


def test_that_drafts_follow_the_corrected_fact(case: Case) -> None:
    case.customer.say("!decide so can I return it?")
    assert case.suggestions()["drafts"][0]["decision"]["outcome"] == "too_late"
    correct(case, "delivered_on", "2026-11-10")
    assert case.suggestions()["drafts"][0]["decision"]["outcome"] == "accepted"


def test_that_a_fact_can_be_taken_out(case: Case) -> None:
    found = correct(case, "delivered_on", None)
    assert found["packet"]["outcome"] is None
    assert "delivered_on" in found["packet"]["decided"]["missing"]


def test_that_a_correction_is_kept_in_the_handling(case: Case) -> None:
    correct(case, "condition", "opened")
    done = case.desk.get(case.path).json()["handling"][-1]
    assert (done["what"], done["data"]["fact"]) == ("corrected", "condition")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("nothing", "x", "unknown_fact"),
        ("condition", "burnt", "wrong_value"),
        ("delivered_on", "soon", "wrong_value"),
        ("delivered_on", {"x": 1}, "wrong_value"),
        ("delivered_on", {"between": [{"date": "x"}]}, "wrong_value"),
        ("condition", {"between": [{"number": "1"}, {"number": "2"}]}, "wrong_value"),
    ],
)
def test_that_wrong_facts_are_refused(case: Case, name: str, value: object, code: str) -> None:
    refused = case.desk.post(f"{case.path}/facts", json={"name": name, "value": value})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, code), refused.text


def test_that_the_facts_of_a_conversation_the_bot_has_are_left_to_the_bot(case: Case, people: People) -> None:
    case.desk.post(f"{case.path}/hand-back", json={"epoch": case.row().epoch})
    refused = case.desk.post(f"{case.path}/facts", json={"name": "condition", "value": "used"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "wrong_owner")
