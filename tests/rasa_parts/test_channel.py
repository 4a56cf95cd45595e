"""The channel, over a real trained model, a real Rasa process and a real action server."""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests import web
from tests.rasa_parts.lone_rasa import LoneRasa, body

pytestmark = pytest.mark.stack
_numbers = itertools.count()


@pytest.fixture
def message_id() -> str:
    return f"m-{next(_numbers)}"


def error_code(answer: httpx.Response) -> str:
    error = answer.json()["error"]
    assert error["message"].endswith(".")
    assert set(error) == {"code", "message", "details"}
    return str(error["code"])


def test_that_health_tells_a_model_is_loaded(rasa: LoneRasa) -> None:
    answer = web.get(f"{rasa.url}/")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["model"]


def test_that_a_turn_names_the_act_and_brings_the_reply(rasa: LoneRasa, message_id: str) -> None:
    answer = rasa.ask("hello there", message_id)
    assert answer.status_code == 200
    got = answer.json()
    assert (got["message_id"], got["act"], got["reply"]["move"]) == (message_id, "greet", "small_talk")
    assert 0.5 < got["confidence"] <= 1


def test_that_the_case_and_the_words_reach_the_action_unchanged(rasa: LoneRasa, message_id: str) -> None:
    case = {"now": "2026-01-31T10:00:00+00:00", "context": {"awaiting": "fact", "said": ["é", "🙂"]}, "facts": {"a": 1}}
    reply = rasa.ask("  Déjà vu? 🙂", message_id, case=case).json()["reply"]
    assert (reply["case"], reply["text"]) == (case, "  Déjà vu? 🙂")


def test_that_a_tapped_button_acts_whatever_its_label_says(rasa: LoneRasa, message_id: str) -> None:
    got = rasa.ask("Goodbye", message_id, act="choose", awaiting="choice").json()
    assert (got["act"], got["confidence"], got["reply"]["move"], got["reply"]["text"]) == (
        "choose",
        1,
        "choose",
        "Goodbye",
    )


@pytest.mark.parametrize(
    ("awaiting", "move"),
    [
        ("nothing", "keep_going"),
        ("fact", "decide"),
        ("consent", "hand_over"),
        ("choice", "choose"),
        ("contact", "hand_over"),
        ("offer", "choose"),
    ],
)
def test_that_yes_means_what_was_asked(rasa: LoneRasa, message_id: str, awaiting: str, move: str) -> None:
    assert rasa.ask("yes please", message_id, awaiting=awaiting).json()["reply"]["move"] == move


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "/ask_human",
        '/ask_policy{"a":"b"}',
        "  /session_start",
        "\n/back",
        "\x1f/deny",
        "/",
        "/inform@0.9",
        "//",
    ],
)
def test_that_a_typed_slash_is_never_a_command(rasa: LoneRasa, message_id: str, text: str) -> None:
    answer = rasa.ask(text, message_id)
    assert answer.status_code == 200
    assert answer.json()["reply"]["text"] == text
    assert answer.json()["confidence"] < 1
    assert answer.json()["act"] not in ("restart", "session_start", "back")


@pytest.mark.parametrize(
    "text",
    ["🙂", "😡😡😡", "\u202e\u200f abc", "\x00\x01\x02", "'; DROP TABLE message; --", "<script>alert(1)</script>",
     "%s %d {0}", "?", "...", "私は返品したい", "a" * 10_000, "word " * 2_000],
    ids=["emoji", "emojis", "marks", "control", "sql", "html", "format", "mark", "dots", "script", "long", "words"],
)  # fmt: skip
def test_that_odd_words_get_a_sane_answer(rasa: LoneRasa, message_id: str, text: str) -> None:
    answer = rasa.ask(text, message_id)
    assert answer.status_code == 200
    assert answer.json()["reply"]["text"] == text


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("unknown_act", {"act": "restart"}),
        ("unknown_act", {"act": "nlu_fallback"}),
        ("bad_text", {"text": None}),
        ("bad_sender", {"sender": ""}),
        ("bad_case", {"metadata": {}}),
    ],
)
def test_that_a_bad_request_is_an_error(rasa: LoneRasa, message_id: str, code: str, changes: dict[str, object]) -> None:
    answer = rasa.http.post(f"{rasa.url}/webhook", json={**body("hello", message_id), **changes})
    assert (answer.status_code, error_code(answer)) == (400, code)


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"x" * 600_000])
def test_that_a_broken_body_is_an_error(rasa: LoneRasa, content: bytes) -> None:
    answer = rasa.http.post(f"{rasa.url}/webhook", content=content)
    assert answer.status_code == 400
    assert error_code(answer) in ("bad_json", "body_too_large")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", "Basic a token for tests", "Bearer a token for tests2"]
)
@pytest.mark.parametrize("place", ["webhook", "parse"])
def test_that_a_wrong_token_is_refused(rasa: LoneRasa, message_id: str, place: str, header: str) -> None:
    answer = web.post(f"{rasa.url}/{place}", json=body("hello", message_id), headers={"Authorization": header})
    assert (answer.status_code, error_code(answer)) == (401, "wrong_token")


def test_that_the_same_message_gives_the_same_answer_without_a_second_run(rasa: LoneRasa, message_id: str) -> None:
    first, second = rasa.ask("hello", message_id), rasa.ask("hello", message_id)
    assert first.json() == second.json()
    assert second.json()["reply"]["runs"] == 1


def test_that_three_at_once_run_once(rasa: LoneRasa, message_id: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        answers = [one.json() for one in pool.map(lambda _: rasa.ask("be slow", message_id), range(3))]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["reply"]["runs"] == 1
    assert rasa.ask("be slow", message_id).json()["reply"]["runs"] == 1


def test_that_ids_count_within_their_conversation(rasa: LoneRasa, message_id: str) -> None:
    one = rasa.ask("hello", message_id, sender="one").json()
    two = rasa.ask("be off with you, goodbye", message_id, sender="two").json()
    assert one["act"] != two["act"]


def test_that_an_id_is_not_answered_for_another_text(rasa: LoneRasa, message_id: str) -> None:
    rasa.ask("hello", message_id)
    answer = rasa.ask("goodbye", message_id)
    assert (answer.status_code, error_code(answer)) == (400, "message_id_reused")


def test_that_a_caller_who_hung_up_finds_the_answer_later(rasa: LoneRasa, message_id: str) -> None:
    with pytest.raises(httpx.ReadTimeout):
        rasa.http.post(f"{rasa.url}/webhook", json=body("be slow", message_id), timeout=0.1)
    assert rasa.ask("be slow", message_id).json()["reply"]["runs"] == 1


@pytest.mark.parametrize("text", ["be broken", "be silent", "be bare"])
def test_that_no_reply_is_an_error_and_can_be_tried_again(rasa: LoneRasa, message_id: str, text: str) -> None:
    for _ in range(2):
        answer = rasa.ask(text, message_id)
        assert (answer.status_code, error_code(answer)) == (503, "no_reply")


def test_that_one_conversation_does_not_wait_for_another(rasa: LoneRasa, message_id: str) -> None:
    with ThreadPoolExecutor(5) as pool:
        begin = time.monotonic()
        answers = list(pool.map(lambda n: rasa.ask("be slow", message_id, sender=f"c-{n}"), range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert time.monotonic() - begin < 2, "five turns of half a second went one after the other"


def test_that_a_long_conversation_costs_no_more_than_a_short_one(rasa: LoneRasa) -> None:
    events = [rasa.ask("hello", f"long-{n}", sender="long").json()["reply"]["events"] for n in range(30)]
    assert set(events) == {events[0]}


def test_that_an_endless_action_is_given_up(rasa: LoneRasa, message_id: str) -> None:
    begin = time.monotonic()
    answer = rasa.ask("be endless", message_id)
    assert (answer.status_code, error_code(answer)) == (503, "too_slow")
    assert time.monotonic() - begin < 12


@pytest.mark.parametrize(
    "path", ["model/parse", "conversations/x/tracker", "conversations/x/messages", "model/train", "domain"]
)
def test_that_rasas_own_api_is_closed(rasa: LoneRasa, path: str) -> None:
    assert rasa.http.post(f"{rasa.root_url}/{path}", json={}).status_code in (404, 405)


def test_that_the_way_without_our_channel_is_closed(rasa: LoneRasa) -> None:
    answer = rasa.http.post(f"{rasa.root_url}/webhooks/rest/webhook", json={"sender": "x", "message": "hello"})
    assert answer.status_code == 404


def test_that_actions_down_is_an_error_at_once_and_passes(rasa: LoneRasa, message_id: str) -> None:
    rasa.kill("actions")
    begin = time.monotonic()
    answer = rasa.ask("hello", message_id)
    assert (answer.status_code, error_code(answer)) == (503, "actions_unavailable")
    assert time.monotonic() - begin < 2
    rasa.wait_ready()
    assert rasa.ask("hello", message_id).status_code == 200
