"""Saved replies: found by their words, one's own or everybody's."""

from __future__ import annotations

import pytest

from tests.gateway.staff.people import Desk
from tests.gateway.suggesting.conftest import Json, People

PATH = "/api/v1/desk/saved-replies"


def save(desk: Desk, title: str, body: str, shared: bool = False) -> Json:
    done = desk.post(PATH, json={"title": title, "body": body, "shared": shared})
    assert done.status_code == 201, done.text
    found: Json = done.json()
    return found


def titles(desk: Desk, q: str = "") -> list[str]:
    return [one["title"] for one in desk.get(PATH, params={"q": q}).json()["replies"]]


@pytest.fixture
def desk(people: People) -> Desk:
    return people.desk()


def test_that_a_reply_is_found_by_any_of_its_words(desk: Desk) -> None:
    save(desk, "Packing a sofa", "Wrap the legs in paper, then tape the box.")
    save(desk, "Opening hours", "We are here from nine.")
    for words in ("sofa", "tape box", "PACK", "pakcing legs", "packing the box"):
        assert titles(desk, words) == ["Packing a sofa"], words
    assert titles(desk, "helicopter") == []


def test_that_words_in_the_title_count_more(desk: Desk) -> None:
    save(desk, "Hello", "About your sofa.")
    save(desk, "Sofa legs", "They screw on.")
    assert titles(desk, "sofa") == ["Sofa legs", "Hello"]


def test_that_others_see_shared_replies_only(people: People, desk: Desk) -> None:
    save(desk, "My own quagga", "x")
    save(people.desk("supervisor"), "Everybody's quagga", "y", shared=True)
    assert titles(people.desk(), "quagga") == ["Everybody's quagga"]


def test_that_only_supervisors_keep_shared_replies(people: People, desk: Desk) -> None:
    refused = desk.post(PATH, json={"title": "x", "body": "y", "shared": True})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")
    shared = save(people.desk("supervisor"), "Shared okapi", "y", shared=True)
    changed = {"title": "Mine now", "body": "y"}
    assert desk.put(f"{PATH}/{shared['id']}", json=changed).status_code == 403
    assert desk.delete(f"{PATH}/{shared['id']}").status_code == 403


def test_that_a_reply_can_be_changed_and_removed(desk: Desk) -> None:
    one = save(desk, "Tapir", "Dear {name}")
    assert one["placeholders"] == ["{name}"]
    changed = desk.put(f"{PATH}/{one['id']}", json={"title": "Malayan tapir", "body": "Hello"}).json()
    assert (changed["title"], changed["body"], changed["placeholders"]) == ("Malayan tapir", "Hello", [])
    assert desk.delete(f"{PATH}/{one['id']}").status_code == 204
    assert titles(desk, "tapir") == []


def test_that_other_peoples_replies_are_unknown(people: People, desk: Desk) -> None:
    one = save(desk, "Private", "x")
    other = people.desk("supervisor")
    assert other.put(f"{PATH}/{one['id']}", json={"title": "x", "body": "y"}).status_code == 404
    assert other.delete(f"{PATH}/{one['id']}").status_code == 404
    assert other.delete(f"{PATH}/nothing").status_code == 404


def test_that_the_most_used_come_first(desk: Desk) -> None:
    save(desk, "Alpaca one", "x")
    often = save(desk, "Alpaca two", "x")
    assert desk.post(f"{PATH}/{often['id']}/used").status_code == 204
    assert titles(desk, "alpaca") == ["Alpaca two", "Alpaca one"]


@pytest.mark.parametrize("wrong", [{"title": "", "body": "x"}, {"title": "x", "body": " "}, {"title": "x"}, {}])
def test_that_empty_replies_are_refused(desk: Desk, wrong: Json) -> None:
    assert desk.post(PATH, json=wrong).status_code == 422
