"""What reaches Rasa is checked at the door, and a refusal names the field."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from plainly.model import Awaiting
from rasa_parts.refusal import Refusal
from rasa_parts.requests import AWAITED, MAX_BODY_BYTES, MAX_TEXT_CHARACTERS, read_turn
from tests.rasa_parts.lone_rasa import body

ACTS = {"affirm", "choose"}
GOOD = body("hello", "m-1")


def changed(**changes: Any) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


def with_case(case: Any) -> bytes:
    return changed(metadata={"case": case})


def test_that_a_good_request_is_read_whole() -> None:
    turn = read_turn(changed(act="choose", text=""), ACTS)
    assert (turn.sender, turn.message_id, turn.act, turn.awaiting) == ("conversation-1", "m-1", "choose", "nothing")
    assert turn.key == "conversation-1/m-1"
    assert turn.case == GOOD["metadata"]["case"]


@pytest.mark.parametrize(
    ("code", "sent"),
    [
        ("bad_json", b""),
        ("bad_json", b"{"),
        ("bad_json", b"\xff\xfe"),
        ("bad_json", b"[]"),
        ("bad_json", b"[" * 100_000),
        ("body_too_large", b" " * (MAX_BODY_BYTES + 1)),
        ("bad_sender", changed(sender="")),
        ("bad_sender", changed(sender=7)),
        ("bad_sender", changed(sender="a b")),
        ("bad_message_id", changed(message_id=None)),
        ("bad_message_id", changed(message_id="x" * 201)),
        ("bad_message_id", changed(message_id="line\nbreak")),
        ("bad_text", changed(text=None)),
        ("bad_text", changed(text=["hello"])),
        ("no_text", changed(text=" \n\t")),
        ("text_too_long", changed(text="x" * (MAX_TEXT_CHARACTERS + 1))),
        ("unknown_act", changed(act="restart")),
        ("unknown_act", changed(act=["choose"])),
        ("unknown_act", changed(act="")),
        ("bad_case", changed(metadata=None)),
        ("bad_case", changed(metadata={})),
        ("bad_case", with_case([])),
        ("bad_case", with_case({})),
        ("bad_case", with_case({"now": 3})),
        ("bad_case", with_case({"now": "x", "context": None})),
        ("bad_case", with_case({"now": "x", "context": {"awaiting": "everything"}})),
        ("bad_case", with_case({"now": "x", "context": {"awaiting": ["fact"]}})),
    ],
)
def test_that_a_bad_request_is_refused_by_name(code: str, sent: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        read_turn(sent, ACTS)
    assert (caught.value.status, caught.value.code) == (400, code)
    assert caught.value.message.endswith(".")


def test_that_lone_surrogates_do_not_get_in() -> None:
    assert read_turn(changed(text="a\ud800b"), ACTS).text == "a?b"


def test_that_the_channel_awaits_what_the_model_awaits() -> None:
    assert get_args(Awaiting) == AWAITED
