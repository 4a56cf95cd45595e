"""Bringing in a person, and what happens when a part fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from plainly.clock import now
from plainly.desk import Claimed, Conversation, Event, HandedBack, NotAllowed
from plainly.store import Store
from plainly.store.conversations import locked
from plainly.store.handling import handling_of
from plainly.store.handoffs import current_escalation
from plainly.store.owners import change_owner
from plainly.store.tables import ConversationRow, EscalationRow, GrantRow, MessageRow, ReceiptRow, RecordRow, TurnRow
from tests.gateway.console.desks import wait_until
from tests.gateway.processes import CLOSED, ROOT, Customer, GatewayProcess, Json, StandInRasa, running
from tests.store.databases import drop_database, fresh_database


def as_staff(tables: Store, customer: Customer, event: Event) -> Conversation | NotAllowed:
    with tables.write() as session:
        return change_owner(session, locked(session, customer.id), event, now())


def escalation_of(tables: Store, customer: Customer) -> EscalationRow:
    with tables.read() as session:
        found = current_escalation(session, customer.id)
    assert found is not None
    return found


def drafts(tables: Store, customer: Customer) -> list[str]:
    with tables.read() as session:
        query = select(MessageRow).where(MessageRow.conversation_id == customer.id, MessageRow.kind == "draft")
        return [message.body for message in session.scalars(query)]


def test_that_asking_for_a_person_queues_with_a_packet_in_one_step(customer: Customer, tables: Store) -> None:
    customer.ask("decide")
    answer = customer.ask("escalate asked")
    assert (answer["status"], customer.look()["owner"]) == ("escalated", "queue")
    escalation = escalation_of(tables, customer)
    assert (escalation.reason, escalation.told_seq) == ("asked", answer["seq"])
    packet = escalation.packet
    assert (packet["wants"], packet["offered"]) == ("to return a kettle", ["exchange"])
    assert (packet["pushbacks"], packet["tones"], packet["reason"]) == (1, ["calm"], "asked")
    assert (packet["decided"]["trace"], packet["decided"]["receipt"]["id"]) == ({"rows": []}, "r-1")
    assert [said["author"] for said in packet["last_messages"]] == ["customer", "bot", "customer", "bot"]
    with tables.read() as session:
        assert session.get_one(ConversationRow, customer.id).epoch == 1


def test_that_a_waiting_customer_is_acknowledged_once_and_the_bot_is_silent(
    customer: Customer, rasa: StandInRasa
) -> None:
    customer.ask("escalate asked")
    seq = customer.say("are you there?")
    notice = customer.answer_after(seq)
    assert (notice["kind"], notice["status"], notice["author"]) == ("notice", "waiting", "bot")
    assert notice["text"] == "Thanks, I've added that for our team. You keep your place in line."
    customer.say("hello??")
    state = customer.settled()
    assert [message["text"] for message in state["messages"]][-1] == "hello??"
    assert [message["status"] for message in state["messages"] if message["author"] == "customer"][1:] == [
        "waiting"
    ] * 2
    assert len(rasa.calls(customer.id)) == 1


def test_that_who_waits_may_leave_the_line_and_go_on_with_the_assistant(
    gateway: GatewayProcess, customer: Customer, tables: Store
) -> None:
    ahead = customer.ask("escalate asked")
    behind = Customer(gateway)
    behind.ask("escalate asked")
    place = behind.look()["queue"]["place"]
    (leave,) = ahead["buttons"]
    assert leave["label"] == "I don't need a person any more"
    seq = customer.tap(leave["id"]).json()["seq"]
    told = customer.answer_after(seq)
    assert (told["kind"], told["status"], told["buttons"]) == ("notice", "smalltalk", [])
    assert told["text"].startswith("All right, you're out of the line")
    state = customer.look()
    assert (state["owner"], state["queue"], state["typing"]) == ("bot", None, False)
    assert behind.look()["queue"]["place"] == place - 1
    assert customer.ask("one more question")["text"] == "Turn 2: one more question"
    with tables.read() as session:
        left = session.scalars(select(EscalationRow).where(EscalationRow.conversation_id == customer.id)).one()
        happened = [(one.what, one.by) for one in handling_of(session, customer.id)]
    assert left.closed_at is not None
    assert left.taken_at is None
    assert happened == [("escalated", "bot"), ("left_line", "customer")]


def test_that_the_words_of_the_button_leave_the_line_too(customer: Customer) -> None:
    customer.ask("escalate asked")
    waiting = customer.ask("never mind")
    assert (waiting["status"], [one["label"] for one in waiting["buttons"]]) == (
        "waiting", ["I don't need a person any more"],
    )  # fmt: skip
    assert customer.ask("i don't need a person  any more")["status"] == "smalltalk"
    assert customer.look()["owner"] == "bot"


def test_that_leaving_the_line_is_said_to_the_person_who_came_first(customer: Customer, tables: Store) -> None:
    (leave,) = customer.ask("escalate asked")["buttons"]
    as_staff(tables, customer, Claimed(1, "ann"))
    customer.tap(leave["id"])
    state = customer.settled()
    assert (state["owner"], state["messages"][-1]["text"]) == ("agent", "I don't need a person any more")


@pytest.mark.parametrize("reason", ["safety", "vulnerable", "legal"])
def test_that_a_person_looks_in_any_case_where_somebody_must(customer: Customer, reason: str) -> None:
    assert customer.ask(f"escalate {reason}")["buttons"] == []
    assert customer.ask("it is fine now")["buttons"] == []
    assert customer.look()["owner"] == "queue"


def test_that_messages_sent_before_the_handover_was_told_wait_for_the_person(
    customer: Customer, rasa: StandInRasa, tables: Store
) -> None:
    for text in ("slow 2", "escalate asked", "and another thing"):
        customer.say(text)

    def states() -> list[str]:
        with tables.read() as session:
            turns = session.scalars(select(TurnRow).where(TurnRow.conversation_id == customer.id).order_by(TurnRow.id))
            return [turn.state for turn in turns]

    wait_until(lambda: states() == ["done", "done", "left"])
    assert customer.look()["owner"] == "queue"
    assert [call["text"] for call in rasa.calls(customer.id)] == ["slow 2", "escalate asked"]


def test_that_a_reply_that_comes_after_a_takeover_is_a_draft(customer: Customer, tables: Store) -> None:
    customer.say("slow 1.2 question")
    while not customer.look()["typing"]:
        pass
    _wait_until_running(tables, customer)
    assert isinstance(as_staff(tables, customer, Claimed(0, "ann")), Conversation)
    _wait_until_finished(tables, customer)
    state = customer.look()
    assert state["owner"] == "agent"
    assert [message["author"] for message in state["messages"]] == ["customer"]
    assert drafts(tables, customer) == ["Turn 1: slow 1.2 question"]
    with tables.read() as session:
        assert session.get_one(ConversationRow, customer.id).context == {}


def _turn_state(tables: Store, customer: Customer) -> str:
    with tables.read() as session:
        return session.scalars(select(TurnRow.state).where(TurnRow.conversation_id == customer.id)).one()


def _wait_until_running(tables: Store, customer: Customer) -> None:
    while _turn_state(tables, customer) != "running":
        pass


def _wait_until_finished(tables: Store, customer: Customer) -> None:
    while _turn_state(tables, customer) in ("pending", "running"):
        pass


def test_that_a_turn_overtaken_there_and_back_runs_afresh(customer: Customer, tables: Store, rasa: StandInRasa) -> None:
    customer.post(id="m-1", text="slow 1 question")
    _wait_until_running(tables, customer)
    as_staff(tables, customer, Claimed(0, "ann"))
    as_staff(tables, customer, HandedBack(1, "ann"))
    assert customer.answer_after(1)["text"] == "Turn 1: slow 1 question"
    assert customer.texts("bot") == ["Turn 1: slow 1 question"]
    assert [call["message_id"] for call in rasa.calls(customer.id)] == ["m-1", "m-1~1"]


def test_that_the_bot_is_silent_while_a_person_has_it_and_answers_when_it_is_back(
    customer: Customer, tables: Store, rasa: StandInRasa
) -> None:
    customer.ask("escalate asked")
    as_staff(tables, customer, Claimed(1, "ann"))
    customer.say("thanks for coming")
    assert customer.settled()["messages"][-1]["text"] == "thanks for coming"
    as_staff(tables, customer, HandedBack(2, "ann"))
    assert customer.ask("one more question")["text"] == "Turn 2: one more question"
    assert [call["text"] for call in rasa.calls(customer.id)] == ["escalate asked", "one more question"]


@pytest.mark.parametrize("words", ["broken", "junk", "empty", "escalate because"])
def test_that_a_turn_that_fails_for_good_is_told_and_queued(customer: Customer, tables: Store, words: str) -> None:
    seq = customer.say(words)
    told = customer.answer_after(seq)
    assert (told["status"], told["kind"], customer.look()["owner"]) == ("error_engine", "notice", "queue")
    assert told["text"].startswith("Something went wrong on our side, and it's not your doing.")
    assert "in line" in told["text"]
    escalation = escalation_of(tables, customer)
    assert escalation.reason == "error"
    assert escalation.packet["wants"] == words
    assert escalation.packet["last_messages"][0]["text"] == words


def test_that_a_short_failure_is_not_noticed(customer: Customer, rasa: StandInRasa) -> None:
    assert customer.ask("flaky 2")["text"] == "Turn 1: flaky 2"
    assert [call["message_id"] for call in rasa.calls(customer.id)] == [rasa.calls(customer.id)[0]["message_id"]] * 3


def test_that_a_long_failure_is_told_within_fifteen_seconds(customer: Customer, rasa: StandInRasa) -> None:
    seq = customer.say("down")
    assert customer.answer_after(seq, seconds=15)["status"] == "error_engine"
    assert len(rasa.calls(customer.id)) == 4


def test_that_a_grant_goes_into_the_ledger_and_its_cap_reaches_the_next_turn(customer: Customer, tables: Store) -> None:
    assert [customer.ask("grant")["text"] for _ in range(3)] == ["Granted.".replace("Granted.", text) for text in (
        "Granted.", "Granted.", "Nothing left.",
    )]  # fmt: skip
    with tables.read() as session:
        grants = list(session.scalars(select(GrantRow).where(GrantRow.conversation_id == customer.id)))
    assert [(one.policy, one.lever, one.amount, one.granted_by) for one in grants] == [
        ("returns", "one_more_week", "7 days", "bot")
    ] * 2


def test_that_a_reply_that_grants_more_than_is_left_never_reaches_the_customer(
    customer: Customer, tables: Store, rasa: StandInRasa
) -> None:
    for _ in range(2):
        customer.ask("greedy")
    assert customer.ask("greedy")["status"] == "error_engine"
    assert customer.look()["owner"] == "queue"
    asked = rasa.calls(customer.id)[2:]
    assert len({call["message_id"] for call in asked}) == len(asked) > 1
    assert asked[-1]["metadata"]["case"]["levers_left"] == {"returns.one_more_week": 0}
    with tables.read() as session:
        assert len(list(session.scalars(select(GrantRow).where(GrantRow.conversation_id == customer.id)))) == 2


def test_that_records_and_receipts_are_kept_with_the_reply(customer: Customer, tables: Store) -> None:
    customer.ask("record gap")
    customer.ask("decide")
    with tables.read() as session:
        record = session.scalars(select(RecordRow).where(RecordRow.conversation_id == customer.id)).one()
        receipt = session.scalars(select(ReceiptRow).where(ReceiptRow.conversation_id == customer.id)).one()
    assert (record.kind, record.data, record.message_seq) == ("gap", {"question": "what"}, 2)
    assert (receipt.id, receipt.outcome, receipt.message_seq) == ("r-1", "accepted", 4)


@pytest.fixture(scope="module")
def closed_gateway(
    rasa: StandInRasa, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[GatewayProcess, Store]]:
    folder = tmp_path_factory.mktemp("closed")
    address = fresh_database("sqlite", folder)
    env = {"PLAINLY_NOW": CLOSED, "PLAINLY_LANGUAGE": "en-GB"}
    with running(GatewayProcess(address, rasa.url, folder / "log", env)) as gateway:
        store = Store(address)
        yield gateway, store
        store.close()
    drop_database(address)


def test_that_out_of_hours_the_way_to_reach_a_customer_is_kept(
    closed_gateway: tuple[GatewayProcess, Store], rasa: StandInRasa
) -> None:
    gateway, tables = closed_gateway
    customer = Customer(gateway)
    customer.ask("escalate out_of_hours_message")
    desk = rasa.calls(customer.id)[0]["metadata"]["case"]["desk"]
    assert (desk["open"], desk["opens"]) == (False, "2026-11-25T09:00:00+00:00")
    kept = customer.answer_after(customer.say("please ring 0113 496 0120"))
    assert kept["text"] == "Thanks. Our team will answer you at +44 113 496 0120. You can add anything else here."
    customer.say("or write to jo@mail.example")
    assert customer.settled()["messages"][-1]["author"] == "customer"
    assert escalation_of(tables, customer).contact == {
        "kind": "phone", "value": "+44 113 496 0120", "said": "please ring 0113 496 0120",
    }  # fmt: skip
    with tables.read() as session:
        assert session.scalars(select(RecordRow.kind).where(RecordRow.conversation_id == customer.id)).all() == [
            "contact"
        ]


@pytest.mark.parametrize(
    ("asked_for", "then", "reason"),
    [
        ("asked", "please write to jo@mail.example", "out_of_hours_message"),
        ("asked", "are you still there?", "asked"),
        ("complaint", "please write to jo@mail.example", "complaint"),
    ],
)
def test_that_who_asks_out_of_hours_and_says_where_to_answer_has_left_a_message(
    closed_gateway: tuple[GatewayProcess, Store], asked_for: str, then: str, reason: str
) -> None:
    gateway, tables = closed_gateway
    customer = Customer(gateway)
    customer.ask(f"escalate {asked_for}")
    customer.answer_after(customer.say(then))
    assert escalation_of(tables, customer).reason == reason


def test_that_a_failure_out_of_hours_says_when_people_are_back(
    closed_gateway: tuple[GatewayProcess, Store],
) -> None:
    told = Customer(closed_gateway[0]).ask("broken")["text"]
    assert "back on Wednesday, 25 November, at 09:00" in told
    assert "Leave an e-mail address or phone number" in told


def queue_command(database_url: str, *arguments: str) -> str:
    env = {**os.environ, "PLAINLY_DATABASE_URL": database_url, "PLAINLY_NOW": "2026-11-24T23:30"}
    command = [sys.executable, "-m", "plainly.cli", "queue", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout


def test_that_the_queue_command_lists_who_waits(
    closed_gateway: tuple[GatewayProcess, Store], rasa: StandInRasa
) -> None:
    gateway, tables = closed_gateway
    customer = Customer(gateway)
    customer.ask("escalate complaint")
    customer.say("jo@mail.example")
    customer.settled()
    address = tables.engine.url.render_as_string(hide_password=False)
    listed: list[Json] = json.loads(queue_command(address, "--json"))["waiting"]
    mine = next(one for one in listed if one["conversation"] == customer.id)
    assert (mine["reason"], mine["minutes"], mine["wants"]) == ("complaint", 90, "to return a kettle")
    assert mine["contact"]["value"] == "jo@mail.example"
    assert [one["place"] for one in listed] == list(range(1, len(listed) + 1))
    line = next(line for line in queue_command(address).splitlines() if customer.id in line)
    assert "1 h 30 min" in line
    assert line.endswith("to return a kettle  (jo@mail.example)")


def test_that_an_empty_queue_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    address = fresh_database("sqlite", tmp_path_factory.mktemp("empty"))
    assert queue_command(address) == "Nobody waits.\n"
    assert json.loads(queue_command(address, "--json")) == {"waiting": []}
