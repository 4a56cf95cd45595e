"""Claim, transfer, hand back, resolve, reopen: one winner, words for the customer, and nothing by halves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from plainly.store import Store
from plainly.store.desk_tables import StaffRow
from plainly.store.tables import ConversationRow, EscalationRow
from tests.gateway.console.conftest import Hire
from tests.gateway.console.desks import Agent, code, in_queue, texts
from tests.gateway.processes import Customer, GatewayProcess, Json


def last_notice(customer: Customer) -> str:
    return texts(customer, "system")[-1]


def test_that_a_claim_tells_the_customer_who_is_here(sam: Agent, waiting: Customer) -> None:
    item = sam.does(waiting.id, "claim")
    assert (item["owner"], item["agent"]) == ("agent", {"id": sam.id, "name": "Sam"})
    state = waiting.look()
    assert state["owner"] == "agent"
    told = state["messages"][-1]
    assert (told["author"], told["kind"], told["status"]) == ("system", "notice", "with_agent")
    assert told["text"].startswith("Sam from our team is here")
    assert sam.id not in str(state)


def test_that_who_comes_later_than_promised_first_says_sorry(sam: Agent, waiting: Customer, tables: Store) -> None:
    with tables.write() as session:
        escalation = session.scalars(select(EscalationRow).where(EscalationRow.conversation_id == waiting.id)).one()
        escalation.opened_at -= timedelta(minutes=40)
    assert sam.item(waiting.id)["late"] == "late"
    sam.does(waiting.id, "claim")
    told = last_notice(waiting)
    assert told.startswith("We're sorry that you had to wait so long. Sam from our team is here")


def test_that_of_two_agents_who_claim_at_once_one_wins_and_the_other_hears_who(
    sam: Agent, ann: Agent, gateway: GatewayProcess
) -> None:
    for _ in range(5):
        waiting = in_queue(gateway)
        epoch = sam.item(waiting.id)["epoch"]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda agent: agent.tries(waiting.id, "claim", epoch), (sam, ann)))  # noqa: B023
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        winner, loser = sorted(answers, key=lambda answer: answer.status_code)
        assert loser.json()["error"]["code"] == "stale"
        assert loser.json()["error"]["details"]["name"] == winner.json()["agent"]["name"]
        assert len(texts(waiting, "system")) == 1


def test_that_a_request_sent_twice_does_its_work_once(sam: Agent, ann: Agent, waiting: Customer) -> None:
    epoch = sam.item(waiting.id)["epoch"]
    acts = [
        ("claim", {}),
        ("transfer", {"to": ann.id}),
        ("hand-back", {}),
        ("claim", {}),
        ("resolve", {}),
        ("reopen", {}),
    ]
    for number, (what, body) in enumerate(acts):
        who = ann if what == "hand-back" else sam
        once, twice = (who.tries(waiting.id, what, epoch + number, **body) for _ in range(2))
        assert (once.status_code, twice.status_code) == (200, 200), (what, once.text, twice.text)
        assert twice.json()["epoch"] == epoch + number + 1
        assert len(texts(waiting, "system")) == number + 1


def test_that_a_transfer_to_a_colleague_carries_a_note_the_customer_never_sees(
    sam: Agent, ann: Agent, waiting: Customer
) -> None:
    sam.does(waiting.id, "claim")
    item = sam.does(waiting.id, "transfer", to=ann.id, note="He was promised a call.")
    assert item["agent"]["name"] == "Ann"
    assert last_notice(waiting) == "Sam has asked Ann from our team to take over. Ann can read everything above."
    assert "promised a call" not in str(waiting.look())
    seen = ann.see(waiting.id)
    note = next(message for message in seen["messages"] if message["kind"] == "note")
    assert (note["text"], note["name"], note["by"]) == ("He was promised a call.", "Sam", sam.id)
    passed = seen["handling"][-1]
    assert (passed["what"], passed["by"]["name"], passed["to"]) == ("transferred", "Sam", "Ann")
    assert passed["data"]["note"] == "He was promised a call."


def test_that_a_transfer_to_a_team_puts_the_customer_in_line_with_words_and_a_fresh_promise(
    sam: Agent, ann: Agent, hire: Hire, waiting: Customer, tables: Store
) -> None:
    hire("Tom", team="trade")
    sam.does(waiting.id, "claim")
    sam.writes(waiting.id, "One moment, please.")
    item = sam.does(waiting.id, "transfer", team="trade", note="A trade account")
    assert (item["owner"], item["team"], item["reason"], item["promise_minutes"]) == ("queue", "trade", "asked", 15)
    told = last_notice(waiting)
    assert told.startswith("Sam has passed you on to our trade team, with everything above. You are ")
    assert "in line" in told
    state = waiting.look()
    assert (state["owner"], state["messages"][-1]["status"]) == ("queue", "waiting")
    assert state["queue"]["place"] >= 1
    with tables.read() as session:
        query = select(EscalationRow).where(EscalationRow.conversation_id == waiting.id).order_by(EscalationRow.id)
        before, now = session.scalars(query)
    assert (before.taken_by, before.answered_at is not None, before.closed_at is not None) == (sam.id, True, True)
    assert (now.taken_at, now.answered_at, now.line_since, now.packet) == (None, None, before.line_since, before.packet)
    assert ann.does(waiting.id, "claim")["agent"]["name"] == "Ann"


def test_that_whoever_is_sent_back_to_the_line_keeps_their_place(
    sam: Agent, waiting: Customer, gateway: GatewayProcess, tables: Store
) -> None:
    with tables.write() as session:
        query = select(EscalationRow).where(EscalationRow.conversation_id == waiting.id)
        escalation = session.scalars(query).one()
        escalation.opened_at = escalation.line_since = escalation.opened_at - timedelta(minutes=10)
    sam.does(waiting.id, "claim")
    later = in_queue(gateway)
    sam.does(waiting.id, "transfer")
    assert waiting.look()["queue"]["place"] < later.look()["queue"]["place"]
    assert "passed you on to our team" in last_notice(waiting)
    assert sam.item(waiting.id)["waited_minutes"] == 0


def test_that_an_agent_passes_on_only_what_they_have(sam: Agent, ann: Agent, waiting: Customer) -> None:
    assert code(ann.tries(waiting.id, "transfer", to=sam.id)) == (409, "wrong_owner")
    sam.does(waiting.id, "claim")
    for what, body in [("transfer", {"to": ann.id}), ("hand-back", {}), ("resolve", {}), ("messages", {"text": "hi"})]:
        given: Json = {"id": "m1", **body} if what == "messages" else body
        refused = ann.tries(waiting.id, what, **given)
        assert code(refused) == (409, "wrong_owner"), what
        assert refused.json()["error"]["details"]["name"] == "Sam"
    assert len(texts(waiting, "system")) == 1


def test_that_a_supervisor_gives_what_waits_or_what_another_has_to_somebody(
    sam: Agent, ann: Agent, eve: Agent, waiting: Customer
) -> None:
    assert eve.does(waiting.id, "transfer", to=sam.id)["agent"]["name"] == "Sam"
    assert last_notice(waiting).startswith("Sam from our team takes over from here")
    assert eve.does(waiting.id, "transfer", to=ann.id)["agent"]["name"] == "Ann"
    assert eve.does(waiting.id, "transfer")["owner"] == "queue"
    assert "You keep your place in line" in last_notice(waiting)
    assert [one["what"] for one in eve.see(waiting.id)["handling"]] == ["escalated", *["reassigned"] * 3]


def test_that_a_supervisor_asks_another_team_without_a_word_to_who_waits(
    eve: Agent, hire: Hire, waiting: Customer
) -> None:
    hire("Tom", team="trade")
    assert eve.does(waiting.id, "transfer", team="trade")["team"] == "trade"
    assert texts(waiting, "system") == []


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"to": "nobody"}, (422, "unknown_colleague")),
        ({"team": "nowhere"}, (422, "unknown_team")),
        ({"note": "x" * 4_001}, (422, "wrong_request")),
        ({"extra": 1}, (422, "wrong_request")),
    ],
)
def test_that_a_transfer_to_nowhere_is_refused_and_changes_nothing(
    sam: Agent, waiting: Customer, body: Json, refusal: tuple[int, str]
) -> None:
    sam.does(waiting.id, "claim")
    assert code(sam.tries(waiting.id, "transfer", **body)) == refusal
    assert (sam.item(waiting.id)["owner"], len(texts(waiting, "system"))) == ("agent", 1)


def test_that_nobody_is_given_what_they_have_or_once_their_account_is_closed(
    sam: Agent, ann: Agent, waiting: Customer, tables: Store
) -> None:
    sam.does(waiting.id, "claim")
    assert code(sam.tries(waiting.id, "transfer", to=sam.id)) == (409, "already_theirs")
    with tables.write() as session:
        session.get_one(StaffRow, ann.id).disabled_at = session.get_one(StaffRow, ann.id).created_at
    assert code(sam.tries(waiting.id, "transfer", to=ann.id)) == (422, "unknown_colleague")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("resolved", "Sam has marked this as settled"), ("confirmed", "Sam has marked"), ("abandoned", "Sam has closed")],
)
def test_that_the_end_is_told_and_kept_with_its_outcome(
    sam: Agent, waiting: Customer, outcome: str, words: str
) -> None:
    sam.does(waiting.id, "claim")
    item = sam.does(waiting.id, "resolve", outcome=outcome, note="all fine")
    assert (item["owner"], item["agent"]) == ("closed", None)
    assert words in last_notice(waiting)
    assert waiting.look()["owner"] == "closed"
    ended = sam.see(waiting.id)["handling"][-1]
    assert (ended["what"], ended["data"]["outcome"], ended["data"]["note"]) == ("resolved", outcome, "all fine")
    assert waiting.id in sam.listed("closed")


def test_that_only_known_outcomes_end_a_conversation(sam: Agent, waiting: Customer) -> None:
    sam.does(waiting.id, "claim")
    assert code(sam.tries(waiting.id, "resolve", outcome="won")) == (422, "wrong_request")


def test_that_who_waits_may_be_settled_without_being_claimed(sam: Agent, waiting: Customer) -> None:
    sam.does(waiting.id, "resolve", outcome="resolved")
    assert last_notice(waiting).startswith("Our team has marked this as settled")


def test_that_a_finished_conversation_is_opened_again_by_staff_with_words(sam: Agent, waiting: Customer) -> None:
    sam.does(waiting.id, "claim")
    sam.does(waiting.id, "resolve")
    item = sam.does(waiting.id, "reopen")
    assert (item["owner"], item["agent"]["name"], item["reason"]) == ("agent", "Sam", "asked")
    assert last_notice(waiting) == "Sam from our team has opened this again."


def test_that_a_customer_who_comes_back_talks_to_the_bot_from_a_memory_at_rest(
    sam: Agent, waiting: Customer, tables: Store
) -> None:
    with tables.write() as session:
        row = session.get_one(ConversationRow, waiting.id)
        row.context = {**row.context, "awaiting": "consent", "pushbacks": 3, "choices": [{"label": "x", "act": "y"}]}
    sam.does(waiting.id, "claim")
    sam.does(waiting.id, "resolve")
    answer = waiting.ask("one more thing")
    assert (answer["author"], waiting.look()["owner"]) == ("bot", "bot")
    handling = sam.see(waiting.id)["handling"]
    assert (handling[-1]["what"], handling[-1]["by"]["id"]) == ("reopened", "customer")
    assert "You can ask for a person" not in answer["text"]


def test_that_a_conversation_the_bot_has_can_be_taken_over(sam: Agent, customer: Customer) -> None:
    customer.ask("how long can I return a kettle?")
    item = sam.does(customer.id, "claim")
    assert (item["owner"], item["reason"]) == ("agent", None)
    assert texts(customer, "system")[0].startswith("Sam from our team is here")
    packet = sam.see(customer.id)["packet"]
    assert packet["wants"] == "how long can I return a kettle?"
    sam.does(customer.id, "transfer")
    assert sam.item(customer.id)["reason"] == "needs_agent"
    assert sam.see(customer.id)["packet"]["wants"] == "how long can I return a kettle?"


def test_that_an_unknown_conversation_is_404_for_everything(sam: Agent) -> None:
    for id_ in ("0" * 26, "x" * 200, "%00", "..%2f"):
        assert sam.get(f"/api/v1/desk/conversations/{id_}").status_code == 404
        assert sam.post(f"/api/v1/desk/conversations/{id_}/claim", json={"epoch": 0}).status_code == 404
