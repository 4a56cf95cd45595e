"""What staff may grant: by role, within caps, once, with the words for the customer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select

from plainly.store import Store
from plainly.store.desk_tables import HandlingRow
from plainly.store.handling import latest_escalation
from plainly.store.tables import GrantRow
from tests.gateway.suggesting.conftest import TOO_LATE, Case, People

OPENED_PILLOW = "!decide my pillow is opened, may I swap it? I got it 5 days ago"


def grants(tables: Store, conversation: str) -> list[GrantRow]:
    with tables.read() as session:
        return list(session.scalars(select(GrantRow).where(GrantRow.conversation_id == conversation)))


def test_that_the_levers_of_the_case_are_told_with_what_is_left(case: Case) -> None:
    lever = case.levers()["illness_days"]
    assert (lever["by"], lever["amount"], lever["left"], lever["allowed"]) == ("agent", "14 days", 1, True)
    assert "14 days" in lever["say"]
    assert lever["check"], "whether illness was the cause is not known yet"


def test_that_a_lever_that_does_not_fit_says_why(case: Case) -> None:
    lever = case.levers()["goodwill_days"]
    assert not lever["allowed"]
    assert lever["why_not"] == "It does not fit what we know of this case."


def test_that_nothing_may_be_granted_while_nothing_is_decided(people: People) -> None:
    case = people.taken("!answer how long do I have to return something?")
    assert {lever["why_not"] for lever in case.levers().values()} == {"The case is not decided yet."}
    refused = case.grant("illness_days")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_grantable")


def complained(case: Case) -> Case:
    """The same conversation, come to people as a complaint."""
    with case.tables.write() as session:
        escalation = latest_escalation(session, case.customer.id)
        assert escalation is not None
        escalation.reason = "complaint"
    return case


def test_that_a_complaint_brings_the_levers_for_complaints_whatever_it_is_about(case: Case, tables: Store) -> None:
    levers = complained(case).levers()
    assert {"illness_days", "goodwill_days", "sorry_credit", "more_credit"} <= set(levers)
    assert (levers["sorry_credit"]["policy"], levers["sorry_credit"]["allowed"]) == ("complaints", True)
    assert levers["more_credit"]["why_not"] == "Only a supervisor may grant this."
    done = case.grant("sorry_credit", policy="complaints")
    assert done.status_code == 201, done.text
    assert "*(Complaints 4.1)*" in done.json()["words"]
    assert case.send("I've added £20 of credit for you.").status_code == 202
    assert [(entry.policy, entry.lever) for entry in grants(tables, case.customer.id)] == [
        ("complaints", "sorry_credit")
    ]


def test_that_without_a_complaint_its_levers_are_not_offered(case: Case) -> None:
    assert {lever["policy"] for lever in case.levers().values()} == {"returns"}
    refused = case.grant("sorry_credit", policy="complaints")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "unknown_lever")


def test_that_a_grant_is_in_the_ledger_with_its_reason_and_has_words_for_the_customer(
    case: Case, tables: Store
) -> None:
    done = case.grant("illness_days")
    assert done.status_code == 201, done.text
    assert "add up to 14 days" in done.json()["words"]
    assert "*(Returns 5.2)*" in done.json()["words"]
    (entry,) = grants(tables, case.customer.id)
    assert (entry.amount, entry.reason, entry.granted_by) == ("14 days", "They were in hospital.", case.desk.staff.id)
    assert case.levers()["illness_days"]["left"] == 0
    with tables.read() as session:
        done_here = session.scalars(select(HandlingRow.what).where(HandlingRow.conversation_id == case.customer.id))
        assert "granted" in list(done_here)


def test_that_the_words_of_a_grant_may_be_sent(case: Case) -> None:
    words = case.grant("illness_days").json()["words"]
    assert case.send(words).status_code == 202


def test_that_drafts_go_by_what_was_granted(case: Case) -> None:
    case.grant("illness_days")
    case.customer.say("!decide so until when can I return it now?")
    drafts = [draft["text"] for draft in case.suggestions()["drafts"]]
    assert drafts[0].startswith("What we granted you stands: 14 days more. With that you have until"), drafts
    assert not any("can't refund it now" in text for text in drafts)


def test_that_colleagues_see_a_note_and_the_customer_does_not(case: Case) -> None:
    before = case.customer.look()["messages"][-1]["seq"]
    case.grant("illness_days")
    whole = case.desk.get(case.path).json()
    assert "They were in hospital." in whole["messages"][-1]["text"]
    assert whole["messages"][-1]["kind"] == "note"
    assert case.customer.look(before)["messages"] == []


def test_that_a_grant_sent_twice_is_granted_once(case: Case, tables: Store) -> None:
    first = case.grant("illness_days", id="once")
    assert case.grant("illness_days", id="once").json() == first.json()
    assert len(grants(tables, case.customer.id)) == 1


def test_that_an_id_stands_for_one_grant(case: Case) -> None:
    case.grant("illness_days", id="once")
    refused = case.grant("goodwill_days", id="once")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "message_id_used")


def test_that_a_used_lever_is_refused(case: Case) -> None:
    case.grant("illness_days")
    refused = case.grant("illness_days")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "cap_reached")
    assert "Used up" in refused.json()["error"]["message"]


def test_that_a_supervisors_lever_is_refused_to_an_agent(people: People) -> None:
    case = people.taken(OPENED_PILLOW)
    lever = case.levers()["bedding_comfort"]
    assert (lever["allowed"], lever["why_not"]) == (False, "Only a supervisor may grant this.")
    refused = case.grant("bedding_comfort", "exchanges")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_grantable")


def test_that_a_supervisor_may_grant_it_in_an_agents_conversation(people: People, tables: Store) -> None:
    case = people.taken(OPENED_PILLOW)
    supervisor = people.desk("supervisor")
    assert case.levers(supervisor)["bedding_comfort"]["allowed"]
    done = case.grant("bedding_comfort", "exchanges", supervisor)
    assert done.status_code == 201, done.text
    assert grants(tables, case.customer.id)[0].granted_by == supervisor.staff.id


def test_that_another_agent_may_not_grant_here(case: Case, people: People, tables: Store) -> None:
    refused = case.grant("illness_days", desk=people.desk())
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "wrong_owner")
    assert grants(tables, case.customer.id) == []


@pytest.mark.parametrize(("policy", "lever"), [("returns", "nothing"), ("delivery", "missed_day"), ("none", "x")])
def test_that_levers_of_other_policies_are_unknown_here(case: Case, policy: str, lever: str) -> None:
    refused = case.grant(lever, policy)
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "unknown_lever")


def test_that_a_grant_needs_a_reason(case: Case) -> None:
    assert case.grant("illness_days", reason=" ").status_code == 422


def test_that_a_cap_holds_when_several_grant_at_once(people: People, tables: Store) -> None:
    customer = f"c-{uuid4().hex}"
    cases = [people.taken(TOO_LATE, known_as=customer) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        tries = [pool.submit(case.grant, "illness_days") for case in cases for _ in range(2)]
        codes = sorted(one.result().status_code for one in tries)
    assert codes == [201] + [409] * 7
    assert sum(len(grants(tables, case.customer.id)) for case in cases) == 1


def test_that_the_bot_does_not_offer_again_what_a_person_granted(case: Case, people: People) -> None:
    case.grant("illness_days")
    case.desk.post(f"{case.path}/hand-back", json={"epoch": case.row().epoch})
    answer = case.customer.ask("!soften still not fair")
    assert "add up to 14 days" not in answer["text"]
