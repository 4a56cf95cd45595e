"""Saying something, and reading what was said."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from plainly.store import Store
from plainly.store.conversations import hash_token
from plainly.store.tables import ConversationRow
from tests import web
from tests.gateway.processes import Customer, GatewayProcess, Json, StandInRasa


def nothing_new(found: Json) -> bool:
    """Whether a look found the state of a conversation nothing happens in."""
    quiet = {"messages": [], "owner": "bot", "typing": False, "rating": None, "queue": None}
    return {"queue": None, **found} == quiet


def test_that_a_message_is_acknowledged_at_once_and_then_answered(customer: Customer) -> None:
    assert customer.say("hello") == 1
    answer = customer.answer_after(1)
    assert answer["text"] == "Turn 1: hello"
    assert (answer["seq"], answer["author"], answer["kind"], answer["status"]) == (2, "bot", "text", "answered")
    assert answer["citations"] == [{"policy": "returns", "clause": "2.1"}]
    assert set(answer) == {
        "seq", "id", "author", "kind", "text", "buttons", "citations", "status", "receipt", "created_at",
    }  # fmt: skip


def test_that_the_dialogue_remembers_through_the_conversation_row(customer: Customer) -> None:
    assert [customer.ask(text)["text"] for text in ("one", "two", "three")] == [
        "Turn 1: one", "Turn 2: two", "Turn 3: three",
    ]  # fmt: skip


def test_that_the_same_id_and_words_give_the_same_number_and_one_answer(customer: Customer, rasa: StandInRasa) -> None:
    with ThreadPoolExecutor(5) as pool:
        sent = list(pool.map(lambda _: customer.post(id="m-1", text="hello"), range(5)))
    assert [(one.status_code, one.json()) for one in sent] == [(202, {"seq": 1})] * 5
    assert customer.texts("bot") == ["Turn 1: hello"]
    assert customer.post(id="m-1", text="hello").json() == {"seq": 1}
    assert customer.texts("bot") == ["Turn 1: hello"]
    assert len(rasa.calls(customer.id)) == 1


def test_that_the_same_id_with_other_words_is_refused(customer: Customer) -> None:
    customer.post(id="m-1", text="hello")
    again = customer.post(id="m-1", text="goodbye")
    assert again.status_code == 409
    assert again.json()["error"]["code"] == "message_id_used"
    assert customer.texts("customer") == ["hello"]


def test_that_an_id_of_the_bot_cannot_be_taken(customer: Customer) -> None:
    bots = customer.ask("hello")["id"]
    assert customer.post(id=bots, text="Turn 1: hello").status_code == 409


def test_that_several_quick_messages_are_answered_in_order_once_each(customer: Customer, rasa: StandInRasa) -> None:
    for text in ("slow 0.3 a", "b", "c"):
        customer.say(text)
    assert customer.texts("bot") == ["Turn 1: slow 0.3 a", "Turn 2: b", "Turn 3: c"]
    assert [call["text"] for call in rasa.calls(customer.id)] == ["slow 0.3 a", "b", "c"]


def test_that_one_slow_customer_does_not_hold_up_another(gateway: GatewayProcess) -> None:
    slow, quick = Customer(gateway), Customer(gateway)
    slow.say("slow 4")
    quick.ask("hello")
    assert slow.look()["typing"]


def test_that_a_long_poll_waits_for_news_and_gives_up_in_time(customer: Customer) -> None:
    started = time.monotonic()
    assert nothing_new(customer.look(0, wait=0.4))
    assert time.monotonic() - started > 0.3
    customer.say("slow 1.5")
    assert customer.look()["typing"]
    started = time.monotonic()
    found = customer.look(1, wait=20)
    assert [message["text"] for message in found["messages"]] == ["Turn 1: slow 1.5"]
    assert not found["typing"]
    assert time.monotonic() - started < 15  # woken, long before its wait was over


def test_that_reading_after_a_number_gives_the_rest_only(customer: Customer) -> None:
    for text in ("one", "two"):
        customer.ask(text)
    assert [message["seq"] for message in customer.look(2)["messages"]] == [3, 4]
    assert customer.look(4)["messages"] == []
    assert customer.look(10**9)["messages"] == []


def test_that_rasa_gets_what_the_wire_promises(customer: Customer, rasa: StandInRasa) -> None:
    customer.post(id="m-7", text="hello")
    customer.settled()
    (call,) = rasa.calls(customer.id)
    case = call["metadata"]["case"]
    assert (call["sender"], call["message_id"], call["text"], call["act"]) == (customer.id, "m-7", "hello", None)
    assert call["authorization"] == "Bearer between us"
    assert case["now"] == "2026-11-24T11:00:00+00:00"
    assert case["desk"]["open"] is True
    assert (case["context"], case["facts"], case["choice"], case["levers_left"]) == ({}, {}, "", {})
    assert case["audience"] == "customer"


def test_that_a_tapped_button_means_what_was_sent_with_it(customer: Customer, rasa: StandInRasa) -> None:
    buttons = customer.ask("buttons")["buttons"]
    assert buttons == [{"id": "b2.0", "label": "Unopened"}, {"id": "b2.1", "label": "Talk to a person"}]
    customer.ask("something else first")
    tapped = customer.tap("b2.0")
    assert tapped.status_code == 202
    customer.settled()
    call = rasa.calls(customer.id)[-1]
    assert (call["text"], call["act"], call["metadata"]["case"]["choice"]) == (
        "Unopened",
        "inform",
        "condition:unopened",
    )
    assert call["metadata"]["case"]["facts"]["condition"]["value"] == "unopened"
    assert call["metadata"]["case"]["facts"]["condition"]["source"] == "button"
    shown = customer.look(tapped.json()["seq"] - 1)["messages"][0]
    assert (shown["kind"], shown["text"], shown["buttons"]) == ("button", "Unopened", [])


def test_that_a_tap_sent_twice_counts_once(customer: Customer) -> None:
    customer.ask("buttons")
    first, again = customer.post(id="tap", button="b2.0"), customer.post(id="tap", button="b2.0")
    assert first.json() == again.json()
    assert customer.post(id="tap", button="b2.1").status_code == 409
    assert customer.post(id="tap", text="Unopened").status_code == 409


def test_that_a_button_of_another_conversation_is_refused(gateway: GatewayProcess, customer: Customer) -> None:
    other = Customer(gateway)
    other.ask("buttons")
    customer.ask("hello")
    refused = customer.tap("b2.0")
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "unknown_button"


def test_that_a_receipt_is_shown_and_kept(customer: Customer) -> None:
    answer = customer.ask("decide")
    assert answer["status"] == "decided_yes"
    assert answer["receipt"]["id"] == "r-1"


@pytest.mark.parametrize("how", ["wrong token", "no token", "unknown conversation", "not a bearer", "another's token"])
def test_that_a_wrong_token_and_an_unknown_conversation_look_alike(
    gateway: GatewayProcess, customer: Customer, how: str
) -> None:
    other = Customer(gateway)
    headers = {
        "wrong token": {"Authorization": "Bearer nope"},
        "no token": {},
        "unknown conversation": customer.headers,
        "not a bearer": {"Authorization": f"Basic {customer.token}"},
        "another's token": other.headers,
    }[how]
    address = customer.address.replace(customer.id, "0" * 26) if how == "unknown conversation" else customer.address
    for answer in (
        web.get(address, headers=headers),
        web.post(address, headers=headers, json={"id": "m", "text": "hi"}),
    ):
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "no_access"
        assert answer.json()["error"]["message"].startswith("There is no such conversation, or the token")
        assert answer.json()["error"]["details"] == {}
    assert customer.look()["messages"] == []


def test_that_the_token_itself_is_not_stored(customer: Customer, tables: Store) -> None:
    with tables.read() as session:
        row = session.get_one(ConversationRow, customer.id)
    assert row.token_hash == hash_token(customer.token)
    assert len(customer.token) >= 22


def raw(customer: Customer, body: bytes, content_type: str = "application/json") -> httpx.Response:
    headers = {**customer.headers, "Content-Type": content_type}
    return web.post(customer.address, content=body, headers=headers, timeout=20)


def is_in_the_error_shape(answer: httpx.Response) -> bool:
    error: Json = answer.json()["error"]
    return set(error) == {"code", "message", "details"} and bool(error["message"])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "wrong_request"),
        (b"{", 422, "wrong_request"),
        (b"[]", 422, "wrong_request"),
        (b"null", 422, "wrong_request"),
        (b'{"id": "m"}', 422, "text_or_button"),
        (b'{"text": "hi"}', 422, "wrong_request"),
        (b'{"id": "m", "text": 5}', 422, "wrong_request"),
        (b'{"id": "m", "text": ["hi"]}', 422, "wrong_request"),
        (b'{"id": "m", "text": "hi", "button": "b1.0"}', 422, "text_or_button"),
        (b'{"id": "m", "text": "hi", "act": "affirm"}', 422, "wrong_request"),
        (b'{"id": "m", "button": "../etc"}', 422, "wrong_request"),
        (b'{"id": "m", "button": "b1.0"}', 422, "unknown_button"),
        (b'{"id": "", "text": "hi"}', 422, "wrong_request"),
        (b'{"id": "a b", "text": "hi"}', 422, "wrong_request"),
        (b'{"id": "a\\u0000", "text": "hi"}', 422, "wrong_request"),
        (b'{"id": "' + b"m" * 65 + b'", "text": "hi"}', 422, "wrong_request"),
        (b'{"id": "m", "text": ""}', 422, "empty_message"),
        (b'{"id": "m", "text": "  \\n\\t "}', 422, "empty_message"),
        (b'{"id": "m", "text": "\\u0000\\u0007"}', 422, "empty_message"),
        (b'{"id": "m", "text": "\\u200b\\u200f\\ufeff"}', 422, "empty_message"),
        (b'{"id": "m", "text": "' + b"x" * 4001 + b'"}', 422, "message_too_long"),
        (b'{"id": "m", "text": "\xff\xfe"}', 400, "wrong_request"),
        (b'{"id": "m", "text": "' + b"x" * 70_000 + b'"}', 413, "too_large"),
        (b'{"id": "m", "text": "' + b"x" * 1_000_000 + b'"}', 413, "too_large"),
        (b"[" * 30_000, 400, "wrong_request"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_that_bad_input_gets_a_clear_error_and_changes_nothing(
    customer: Customer, body: bytes, status: int, code: str
) -> None:
    answer = raw(customer, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert is_in_the_error_shape(answer)
    assert nothing_new(customer.look())
    assert customer.ask("still here?")["text"] == "Turn 1: still here?"


def test_that_a_message_too_long_is_refused_in_the_customers_words(customer: Customer) -> None:
    message = customer.post(text="x" * 4001).json()["error"]["message"]
    assert message == "This message has 4,001 characters; we can take 4,000 at a time. Please send it in parts."


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_that_only_json_is_read(customer: Customer, content_type: str) -> None:
    answer = raw(customer, b'{"id": "m", "text": "hi"}', content_type)
    assert answer.status_code == 422
    assert is_in_the_error_shape(answer)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  hello  ", "hello"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("cafe\u0301", "café"),
        ("😀😡🇬🇧👩‍👩‍👧", "😀😡🇬🇧👩‍👩‍👧"),
        ("\ud800 half a pair", "\ufffd half a pair"),
        ("\u202eabc", "\u202eabc\u202c"),
        ("\u2067שלום\u2069 ok", "\u2067שלום\u2069 ok"),
        ("\u2067\u202eopen", "\u2067\u202eopen\u202c\u2069"),
        ("مرحبا", "مرحبا"),
        ("/restart", "/restart"),
        ('/ask_policy{"a":"b"}', '/ask_policy{"a":"b"}'),
        ("'; DROP TABLE message; --", "'; DROP TABLE message; --"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{7*7}} ${7*7} %s %n", "{{7*7}} ${7*7} %s %n"),
        ("x" * 4000, "x" * 4000),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_that_odd_text_is_kept_as_text_and_answered(
    customer: Customer, rasa: StandInRasa, sent: str, kept: str
) -> None:
    answer = raw(customer, json.dumps({"id": "m", "text": sent}).encode())
    assert answer.status_code == 202
    assert customer.texts("customer") == [kept]
    assert customer.texts("bot") == [f"Turn 1: {kept}"]
    (call,) = rasa.calls(customer.id)
    assert (call["text"], call["act"]) == (kept, None)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v1/conversations/", 404, "not_found"),
        ("DELETE", "/api/v1/conversations", 405, "wrong_method"),
        ("PUT", "/healthz", 405, "wrong_method"),
        ("GET", "/policies/nope", 404, "unknown_policy"),
        ("GET", "/../../etc/passwd", 404, "not_found"),
        ("GET", "/static/../app.py", 404, "not_found"),
        ("GET", "/static/%2e%2e/app.py", 404, "not_found"),
        ("GET", "/api/v1/conversations/x/messages?after=-1", 422, "wrong_request"),
        ("GET", "/api/v1/conversations/x/messages?after=abc", 422, "wrong_request"),
        ("GET", "/api/v1/conversations/x/messages?after=99999999999999999999", 422, "wrong_request"),
        ("GET", "/api/v1/conversations/x/messages?wait=nan", 422, "wrong_request"),
        ("GET", "/api/v1/conversations/%00/messages", 401, "no_access"),
    ],
)
def test_that_every_error_takes_the_one_shape(
    gateway: GatewayProcess, method: str, path: str, status: int, code: str
) -> None:
    answer = web.request(method, gateway.url + path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert is_in_the_error_shape(answer)


def test_that_the_api_describes_itself(gateway: GatewayProcess) -> None:
    described = web.get(f"{gateway.url}/api/openapi.json").json()
    assert set(described["paths"]) >= {
        "/api/v1/conversations",
        "/api/v1/conversations/{conversation_id}/messages",
        "/healthz",
        "/readyz",
    }
