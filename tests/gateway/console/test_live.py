"""The console's live connection: what happens is on every desk at once, and only on desks."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import delete
from websockets.exceptions import ConnectionClosed, InvalidStatus

from plainly.store import Store
from plainly.store.desk_tables import StaffRow, StaffSessionRow
from tests.gateway.console.conftest import Hire
from tests.gateway.console.desks import Agent, console, in_queue
from tests.gateway.processes import Customer, GatewayProcess, Json
from tests.gateway.test_live import line


def test_that_the_desk_starts_with_all_there_is(sam: Agent, hire: Hire, waiting: Customer) -> None:
    with console(sam) as desk:
        hello = desk.frames[0]
        assert (hello["me"]["id"], hello["me"]["csrf"], hello["seq"]) == (sam.id, sam.csrf, 0)
        assert desk.items[waiting.id] == sam.item(waiting.id)
        desk.until(lambda seen: seen.staff[sam.id]["present"])
        waits = [item["waited_minutes"] for item in hello["items"]]
        assert waits == sorted(waits, reverse=True)


def test_that_a_desk_opened_beside_another_starts_with_what_just_happened(
    sam: Agent, ann: Agent, gateway: GatewayProcess
) -> None:
    with console(sam):
        customer = in_queue(gateway)
        with console(ann) as desk:
            assert [frame["type"] for frame in desk.frames] == ["hello"]
            assert customer.id in desk.items


def test_that_an_escalation_comes_to_every_desk(sam: Agent, ann: Agent, gateway: GatewayProcess) -> None:
    with console(sam) as first, console(ann) as second:
        customer = Customer(gateway)
        customer.say("escalate asked")
        customer.answer_after(1)
        for desk in (first, second):
            desk.until(lambda seen: customer.id in seen.items)
        assert first.items[customer.id]["place"] == customer.look()["queue"]["place"]


def test_that_a_claim_is_seen_by_the_others_and_a_finished_one_goes(sam: Agent, ann: Agent, waiting: Customer) -> None:
    with console(ann) as desk:
        sam.does(waiting.id, "claim")
        desk.until(lambda seen: (seen.items[waiting.id]["agent"] or {}).get("name") == "Sam")
        assert desk.items[waiting.id]["place"] is None
        sam.does(waiting.id, "snooze", until="2026-11-26T10:30:00+00:00")
        desk.until(lambda seen: seen.items[waiting.id]["snoozed_until"] is not None)
        sam.does(waiting.id, "resolve")
        desk.until(lambda seen: waiting.id not in seen.items)
        assert desk.frames[-1]["gone"] == [waiting.id]


def test_that_a_watched_conversation_is_told_word_by_word_with_notes(sam: Agent, ann: Agent, waiting: Customer) -> None:
    sam.does(waiting.id, "claim")
    with console(sam) as desk:
        desk.send(type="watch", conversation=waiting.id, after=2)
        desk.until(lambda seen: len(seen.texts(waiting.id)) == 1)
        waiting.say("are you there?")
        ann.does(waiting.id, "notes", id="n1", text="be kind")
        sam.writes(waiting.id, "yes")
        desk.until(lambda seen: len(seen.texts(waiting.id)) == 4)
        assert desk.texts(waiting.id)[1:] == ["are you there?", "be kind", "yes"]
        assert [message["kind"] for message in desk.messages[waiting.id]][1:] == ["text", "note", "text"]
        desk.send(type="unwatch")
        desk.send(type="again")
        desk.until(lambda seen: seen.frames[-1]["type"] == "hello")
        waiting.say("and now?")
        desk.until(lambda seen: seen.items[waiting.id]["last"]["text"] == "and now?")
        assert desk.texts(waiting.id)[-1] == "yes"


def test_that_typing_goes_both_ways_and_to_colleagues(sam: Agent, ann: Agent, waiting: Customer) -> None:
    sam.does(waiting.id, "claim")
    with console(sam) as desk, console(ann) as other, line(waiting, {"token": waiting.token}) as customer:
        other.send(type="watch", conversation=waiting.id, after=99)
        customer.send(json.dumps({"typing": True}))
        other.until(lambda seen: seen.frames[-1].get("customer") is True)
        desk.until(lambda seen: seen.items[waiting.id]["typing"]["customer"])
        desk.send(type="typing", conversation=waiting.id)
        other.until(lambda seen: seen.items[waiting.id]["typing"]["staff"] == ["Sam"])
        named = [{"id": sam.id, "name": "Sam"}]
        other.until(lambda seen: any(frame["type"] == "typing" and frame["staff"] == named for frame in seen.frames))
        while not json.loads(customer.recv(10))["typing"]:
            pass
        customer.send(json.dumps({"typing": False}))
        desk.until(lambda seen: not seen.items[waiting.id]["typing"]["customer"])
        sam.writes(waiting.id, "done")
        other.until(lambda seen: seen.items[waiting.id]["typing"]["staff"] == [])


def test_that_presence_comes_and_goes_with_the_console(sam: Agent, ann: Agent) -> None:
    with console(sam) as desk:
        assert not desk.staff[ann.id]["present"]
        with console(ann):
            desk.until(lambda seen: seen.staff[ann.id]["present"])
        desk.until(lambda seen: not seen.staff[ann.id]["present"])
        ann.post("/api/v1/desk/me", json={"available": True})
        desk.until(lambda seen: seen.staff[ann.id]["available"])


def test_that_the_line_moves_for_those_who_wait(sam: Agent, gateway: GatewayProcess) -> None:
    first, second = in_queue(gateway), in_queue(gateway)
    with console(sam) as desk, line(second, {"token": second.token, "after": 99}) as customer:
        before: Json = json.loads(customer.recv(10))
        place = before["queue"]["place"]
        assert (before["type"], before["owner"]) == ("state", "queue")
        sam.does(first.id, "claim")
        after: Json = json.loads(customer.recv(5))
        assert (after["type"], after["queue"]["place"]) == ("state", place - 1)
        desk.until(lambda seen: seen.items[second.id]["place"] == place - 1)
        sam.does(second.id, "claim")
        told: Json = json.loads(customer.recv(5))
        assert (told["owner"], told["queue"]) == ("agent", None)


def test_that_a_long_poll_ends_when_the_line_moves(sam: Agent, gateway: GatewayProcess) -> None:
    first, second = in_queue(gateway), in_queue(gateway)
    place = second.look()["queue"]["place"]
    sam.does(first.id, "claim")
    started = time.monotonic()
    state = second.look(99, wait=0)
    while state["queue"]["place"] == place and time.monotonic() - started < 10:
        state = second.look(99, wait=5)
    assert state["queue"]["place"] == place - 1


def test_that_a_foreign_page_a_stranger_and_a_customer_cannot_open_the_desk(sam: Agent, waiting: Customer) -> None:
    with pytest.raises(InvalidStatus), console(sam, origin="https://evil.example"):
        pass
    sam.token = "wrong"
    with pytest.raises(InvalidStatus), console(sam):
        pass
    sam.token = waiting.token
    with pytest.raises(InvalidStatus), console(sam):
        pass


@pytest.mark.parametrize("how", ["signed out", "disabled"])
def test_that_an_ended_sign_in_ends_the_line(sam: Agent, tables: Store, how: str) -> None:
    with console(sam) as desk:
        with tables.write() as session:
            if how == "disabled":
                row = session.get_one(StaffRow, sam.id)
                row.disabled_at = row.created_at + timedelta(seconds=1)
            else:
                session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == sam.id))
        with pytest.raises(ConnectionClosed) as closed:
            desk.until(lambda _: False, 15)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


@pytest.mark.parametrize(
    "junk",
    [
        "", "{", "[]", "5", '{"type": "watch"}', '{"type": "watch", "conversation": 5}', '{"type": "fly"}',
        '{"type": "watch", "conversation": "x", "after": -1}', '{"type": "watch", "conversation": "nope"}',
        '{"type": "typing", "conversation": "../x"}', "x" * 50_000,
    ],
)  # fmt: skip
def test_that_junk_is_answered_and_the_line_goes_on(sam: Agent, waiting: Customer, junk: str) -> None:
    with console(sam) as desk:
        desk.socket.send(junk)
        desk.until(lambda seen: seen.frames[-1]["type"] == "error")
        assert set(desk.frames[-1]["error"]) == {"code", "message", "details"}
        desk.send(type="again")
        desk.until(lambda seen: seen.frames[-1]["type"] == "hello")
        assert waiting.id in desk.items


def test_that_bytes_end_the_line(sam: Agent) -> None:
    with console(sam) as desk:
        desk.socket.send(b"\x00")
        with pytest.raises(ConnectionClosed):
            desk.until(lambda _: False, 5)


def test_that_many_desks_hear_the_same(hire: Hire, sam: Agent, waiting: Customer) -> None:
    with ExitStack() as opened:
        desks = [opened.enter_context(console(hire(f"Agent {number}"))) for number in range(8)]
        sam.does(waiting.id, "claim")
        sam.writes(waiting.id, "hello")
        for desk in desks:
            desk.until(lambda seen: (seen.items[waiting.id]["last"] or {}).get("text") == "hello")
            assert desk.items[waiting.id]["agent"]["name"] == "Sam"
