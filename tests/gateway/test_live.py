"""The live connection: news as it comes, and no gap after a break."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.sync.connection import Connection
from websockets.typing import Origin, Subprotocol

from tests.gateway.processes import Customer, GatewayProcess, Json


@contextmanager
def line(customer: Customer, hello: Json | None = None, **options: Any) -> Iterator[Connection]:
    address = customer.address.replace("http:", "ws:").replace("/messages", "/live")
    with connect(address, proxy=None, **options) as socket:
        if hello is not None:
            socket.send(json.dumps(hello))
        yield socket


def frame(socket: Connection, seconds: float = 10) -> Json:
    read: Json = json.loads(socket.recv(seconds))
    return read


def news(socket: Connection) -> Json:
    """The next frame with messages."""
    while True:
        told = frame(socket)
        if told["type"] == "messages":
            return told


def messages(socket: Connection) -> list[Json]:
    found: list[Json] = news(socket)["messages"]
    return found


def heard(socket: Connection, count: int) -> list[Json]:
    """The next messages, which may come in one frame or in several."""
    found: list[Json] = []
    while len(found) < count:
        found += messages(socket)
    return found


def test_that_news_comes_as_it_happens(customer: Customer) -> None:
    with line(customer, {"token": customer.token}) as socket:
        assert frame(socket) | {"queue": None} == {
            "type": "state", "owner": "bot", "typing": False, "rating": None, "queue": None
        }  # fmt: skip
        customer.say("slow 1.5")
        mine = news(socket)
        assert ([message["text"] for message in mine["messages"]], mine["typing"]) == (["slow 1.5"], True)
        answer = news(socket)
        assert ([message["text"] for message in answer["messages"]], answer["typing"]) == (["Turn 1: slow 1.5"], False)
        customer.say("escalate asked")
        told = news(socket)
        if told["messages"][-1]["author"] == "customer":  # both may come at once
            told = news(socket)
        assert (told["owner"], told["messages"][-1]["status"]) == ("queue", "escalated")


def test_that_the_token_may_come_as_a_subprotocol(customer: Customer) -> None:
    protocols = [Subprotocol("plainly"), Subprotocol(f"token.{customer.token}")]
    with line(customer, subprotocols=protocols) as socket:
        assert socket.subprotocol == "plainly"
        assert frame(socket)["type"] == "state"


def test_that_a_client_that_comes_back_gets_exactly_what_it_missed(customer: Customer) -> None:
    with line(customer, {"token": customer.token, "after": 0}) as socket:
        customer.ask("one")
        seen = [message["seq"] for message in heard(socket, 2)]
    for text in ("two", "three"):
        customer.ask(text)
    with line(customer, {"token": customer.token, "after": seen[-1]}) as socket:
        missed = messages(socket)
    assert seen == [1, 2]
    assert [message["seq"] for message in missed] == [3, 4, 5, 6]


def test_that_a_client_may_ask_for_a_gap_again(customer: Customer) -> None:
    customer.ask("one")
    with line(customer, {"token": customer.token, "after": 2}) as socket:
        assert frame(socket)["type"] == "state"
        socket.send(json.dumps({"after": 0}))
        assert [message["seq"] for message in messages(socket)] == [1, 2]


def closing(socket: Connection) -> tuple[Json, int]:
    told = frame(socket)
    with pytest.raises(ConnectionClosed) as closed:
        socket.recv(5)
    assert closed.value.rcvd is not None
    return told, closed.value.rcvd.code


@pytest.mark.parametrize(
    "hello",
    [{"token": "wrong"}, {"token": None}, {"token": 5}, {}, {"after": 3}],
    ids=repr,
)
def test_that_without_the_right_token_nothing_is_told(customer: Customer, hello: Json) -> None:
    customer.ask("a secret")
    with line(customer, hello) as socket:
        told, code = closing(socket)
    assert (told["type"], told["error"]["code"], code) == ("error", "no_access", 4401)
    assert set(told["error"]) == {"code", "message", "details"}


def test_that_a_token_of_another_conversation_opens_nothing(gateway: GatewayProcess, customer: Customer) -> None:
    with line(customer, {"token": Customer(gateway).token}) as socket:
        assert closing(socket)[1] == 4401


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "{",
        "[]",
        "5",
        '{"after": -1}',
        '{"after": "x"}',
        '{"after": true}',
        '{"after": 1e99}',
        "x" * 100_000,
        b"\x00",
    ],
    ids=lambda junk: repr(junk)[:20],
)
def test_that_junk_ends_the_line_with_a_clear_error(customer: Customer, junk: str | bytes) -> None:
    with line(customer, {"token": customer.token}) as socket:
        frame(socket)
        socket.send(junk)
        told, code = closing(socket)
    assert (told["error"]["code"], code) == ("wrong_request", 4400)
    assert customer.ask("still here?")["text"] == "Turn 1: still here?"


def test_that_a_foreign_website_cannot_open_a_line(customer: Customer) -> None:
    with pytest.raises(InvalidStatus), line(customer, origin=Origin("https://evil.example")):
        pass
    with line(customer, {"token": customer.token}, origin=Origin(customer.gateway.url)) as socket:
        assert frame(socket)["type"] == "state"


def test_that_many_lines_of_one_conversation_all_hear(customer: Customer) -> None:
    with line(customer, {"token": customer.token}) as one, line(customer, {"token": customer.token}) as two:
        customer.ask("hello")
        for socket in (one, two):
            assert [message["text"] for message in heard(socket, 2)] == ["hello", "Turn 1: hello"]


def test_that_news_is_pushed_and_not_fetched_now_and_then(customer: Customer) -> None:
    with line(customer, {"token": customer.token}) as socket:
        frame(socket)
        times = []
        for number in range(20):
            started = time.monotonic()
            customer.say(f"message {number}")
            while messages(socket)[-1]["author"] != "bot":
                pass
            times.append(time.monotonic() - started)
    assert sorted(times)[5] < 0.45  # every look at the clock is half a second apart
