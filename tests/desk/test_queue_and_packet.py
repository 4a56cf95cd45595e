"""What customers are told about waiting, and what people are told about customers."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from plainly.desk import REASONS, Said, desk_state, honest_wait, packet
from plainly.desk.contact import Contact, find_contact
from plainly.model import OpeningHours

HOURS = OpeningHours({0: ("09:00", "17:00")}, "Europe/London")
MONDAY = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("waits", "told"), [([], None), ([0.0], 1), ([4.2], 5), ([1, 2, 90], 2), ([1, 2, 3, 90], 3), ([10, 10.5], 11)]
)
def test_that_the_wait_told_is_the_median_rounded_up(waits: list[float], told: int | None) -> None:
    assert honest_wait(waits) == told


def test_that_an_open_desk_says_how_many_wait() -> None:
    state = desk_state(HOURS, MONDAY, 3, [4.0])
    assert (state.open, state.opens, state.waiting, state.wait_minutes) == (True, None, 3, 4)


def test_that_a_closed_desk_says_when_it_opens() -> None:
    state = desk_state(HOURS, MONDAY.replace(hour=20), 0, [])
    assert not state.open
    assert state.opens == MONDAY.replace(day=30, hour=9)


def test_that_the_reasons_are_the_closed_list() -> None:
    assert set(REASONS) == {
        "asked", "second_refusal", "needs_agent", "not_understood", "complaint",
        "vulnerable", "legal", "safety", "error", "out_of_hours_message",
    }  # fmt: skip


def test_that_a_packet_holds_everything_a_person_needs() -> None:
    context = {"question": "return a kettle", "facts": {"condition": {}}, "pushbacks": 2, "tones": ["calm", "angry"]}
    said = [Said("customer", f"message {number}") for number in range(30)]
    made = packet("second_refusal", context, said, {"offered": ["exchange"]})
    assert made["wants"] == "return a kettle"
    assert made["reason"] == "second_refusal"
    assert made["offered"] == ["exchange"]
    assert (made["pushbacks"], made["tones"]) == (2, ["calm", "angry"])
    assert [message["text"] for message in made["last_messages"]] == [f"message {number}" for number in range(20, 30)]
    assert {"facts", "decision", "decided", "receipt", "declined", "situation"} <= made.keys()


def test_that_a_packet_without_a_known_wish_quotes_the_customer() -> None:
    made = packet("error", {}, [Said("bot", "Hello"), Said("customer", "where is my sofa")])
    assert made["wants"] == "where is my sofa"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("it's jo.b+x@mail.example.co.uk, thanks", Contact("email", "jo.b+x@mail.example.co.uk")),
        ("ring me on 0113 496 0120 after five", Contact("phone", "+44 113 496 0120")),
        ("+1 650 253 0000", Contact("phone", "+1 650-253-0000")),
        ("my order is 123456 and it came on 12/10/2026", None),
        ("me@home", None),
        ("", None),
        ("@" * 4000, None),
        ("a." * 2000 + "@", None),
    ],
)
def test_that_a_way_to_reach_somebody_is_found_in_their_words(text: str, found: Contact | None) -> None:
    assert find_contact(text, "Europe/London") == found
