"""After the conversation: the matter ends, the customer is asked once, and can take the transcript along."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import select

from plainly.clock import now
from plainly.desk import Claimed, Resolved
from plainly.store import Store
from plainly.store.conversations import locked
from plainly.store.desk_tables import EpisodeRow, RatingRow, StaffRow
from plainly.store.messages import NewMessage, add_message
from plainly.store.owners import change_owner
from tests import web
from tests.gateway.processes import Customer, GatewayProcess, Json, StandInRasa, two_gateways
from tests.store.databases import KINDS, drop_database, fresh_database


def rate(customer: Customer, **given: object) -> httpx.Response:
    address = f"{customer.gateway.url}/api/v1/conversations/{customer.id}/rating"
    return web.post(address, json=given, headers=customer.headers)


def transcript(customer: Customer, token: str = "") -> httpx.Response:
    address = f"{customer.gateway.url}/api/v1/conversations/{customer.id}/transcript"
    return web.get(address, headers={"Authorization": f"Bearer {token or customer.token}"})


def thank(customer: Customer) -> Json:
    """The scripted bot takes this for thanks."""
    return customer.ask("act thank smalltalk")


def ended(tables: Store, customer: Customer) -> list[EpisodeRow]:
    with tables.read() as session:
        query = select(EpisodeRow).where(EpisodeRow.conversation_id == customer.id).order_by(EpisodeRow.number)
        return list(session.scalars(query))


def as_staff(tables: Store, customer: Customer, *steps: str) -> None:
    """Claim, write and resolve as the member of staff Ann."""
    with tables.write() as session:
        if session.get(StaffRow, "ann") is None:
            session.add(
                StaffRow(id="ann", login="ann", name="Ann Marlow", role="agent", password_hash="", created_at=now())
            )
        row = locked(session, customer.id)
        for step in steps:
            if step == "claim":
                change_owner(session, row, Claimed(row.epoch, "ann"), now())
            elif step == "resolve":
                change_owner(session, row, Resolved(row.epoch, "ann"), now(), data={"outcome": "resolved"})
            else:
                add_message(session, row, NewMessage("agent", step, author="ann"), now())


def test_that_thanks_end_a_matter_and_the_customer_is_asked_once(customer: Customer, tables: Store) -> None:
    customer.ask("hello")
    assert customer.look()["rating"] is None
    thank(customer)
    assert customer.look()["rating"] == 1
    assert rate(customer, score=4, solved=True, words=" Kind \x00 and quick ", episode=1).status_code == 204
    assert customer.look()["rating"] is None
    (episode,) = ended(tables, customer)
    assert (episode.outcome, episode.ended_by, episode.last_seq) == ("confirmed", "customer", 4)
    with tables.read() as session:
        kept = session.scalars(select(RatingRow).where(RatingRow.conversation_id == customer.id)).one()
    assert (kept.score, kept.solved, kept.words) == (4, True, "Kind  and quick")
    again = rate(customer, score=1, episode=1)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "rated_already")
    assert again.json()["error"]["message"] == "You have rated this already. Thank you."


def test_that_a_next_matter_is_asked_about_by_itself(customer: Customer, tables: Store) -> None:
    customer.ask("hello")
    thank(customer)
    rate(customer, score=5, episode=1)
    customer.ask("something else")
    thank(customer)
    assert customer.look()["rating"] == 2
    first, second = ended(tables, customer)
    assert (first.reopened_at is not None, second.first_seq, second.number) == (True, 5, 2)


def test_that_more_thanks_belong_to_the_matter_that_ended(customer: Customer, tables: Store) -> None:
    customer.ask("hello")
    thank(customer)
    thank(customer)
    assert customer.look()["rating"] == 1
    (episode,) = ended(tables, customer)
    assert (episode.last_seq, episode.reopened_at) == (6, None)


@pytest.mark.parametrize(
    "words", ["act thank answered", "act greet smalltalk", "act complain softened", "escalate asked"]
)
def test_that_nothing_else_ends_a_matter(customer: Customer, tables: Store, words: str) -> None:
    customer.ask("hello")
    customer.ask(words)
    assert customer.look()["rating"] is None
    assert [episode.ended_at for episode in ended(tables, customer)] == [None]


def test_that_a_complaint_is_not_interrupted_by_a_question_of_ours(customer: Customer, tables: Store) -> None:
    customer.ask("hello")
    customer.ask("act complain softened")
    thank(customer)
    assert customer.look()["rating"] is None
    assert [episode.ended_at for episode in ended(tables, customer)] == [None]


def test_that_staff_s_end_is_asked_about_too_and_the_agent_has_a_name(customer: Customer, tables: Store) -> None:
    customer.ask("escalate asked")
    as_staff(tables, customer, "claim", "It is on its way.")
    assert customer.look()["rating"] is None
    as_staff(tables, customer, "resolve")
    state = customer.look()
    assert (state["owner"], state["rating"]) == ("closed", 1)
    said = next(message for message in state["messages"] if message["author"] == "agent")
    assert (said["text"], said["name"]) == ("It is on its way.", "Ann Marlow")
    assert "ann" not in {message.get("name") for message in state["messages"]}
    assert rate(customer, score=2, solved=False).status_code == 204


@pytest.mark.parametrize(
    "given",
    [
        {"score": 0}, {"score": 6}, {"score": "5"}, {"score": 4.5}, {"score": True}, {"solved": "yes"},
        {"solved": 1}, {"words": "x" * 2_001}, {"words": 7}, {"stars": 5}, {"episode": 0}, {"episode": 2**40},
    ],
)  # fmt: skip
def test_that_a_rating_of_another_shape_is_refused(customer: Customer, given: Json) -> None:
    customer.ask("hello")
    thank(customer)
    answer = rate(customer, **given)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "wrong_request")
    assert customer.look()["rating"] == 1


def test_that_only_the_customer_rates_and_reads(customer: Customer, gateway: GatewayProcess) -> None:
    customer.ask("hello")
    thank(customer)
    stranger = Customer(gateway)
    mine = Customer(gateway, customer.id, stranger.token)
    assert rate(mine, score=1).status_code == 401
    assert transcript(mine).status_code == 401
    assert transcript(mine, "nonsense").json()["error"]["code"] == "no_access"
    assert customer.look()["rating"] == 1


def test_that_the_question_may_be_skipped(customer: Customer) -> None:
    assert rate(customer).json()["error"]["code"] == "nothing_to_rate"
    customer.ask("hello")
    thank(customer)
    assert rate(customer, episode=1).status_code == 204
    assert rate(customer, episode=1).status_code == 204
    assert customer.look()["rating"] is None


def test_that_one_of_many_ratings_at_once_is_kept(customer: Customer) -> None:
    customer.ask("hello")
    thank(customer)
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda score: rate(customer, score=score).status_code, range(1, 6)))
    assert sorted(answers) == [204, 409, 409, 409, 409]


def test_that_the_transcript_holds_what_both_sides_saw_and_nothing_else(customer: Customer, tables: Store) -> None:
    customer.ask("hello\n<b>there</b>")
    as_staff(tables, customer, "claim", "Here I am.")
    with tables.write() as session:
        row = locked(session, customer.id)
        add_message(session, row, NewMessage("agent", "secret note", author="ann", kind="note"), now())
        add_message(session, row, NewMessage("bot", "secret draft", kind="draft"), now())
    answer = transcript(customer)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="conversation-2026-11-24.txt"'
    assert answer.headers["cache-control"] == "no-store"
    blocks = answer.text.split("\n\n")
    assert blocks[1] == "Times are those of Europe/London."
    assert blocks[2] == "You, 24 November 2026, 11:00\n    hello\n    <b>there</b>"
    assert blocks[3].endswith("    (Sources: returns 2.1)")
    assert blocks[4].startswith("Ann Marlow, ")
    assert "secret" not in answer.text


def test_that_a_long_transcript_is_whole(customer: Customer, tables: Store) -> None:
    with tables.write() as session:
        row = locked(session, customer.id)
        for number in range(1_203):
            add_message(session, row, NewMessage("customer", f"line {number}."), now())
    text = transcript(customer).text
    assert all(f"line {number}.\n" in text for number in range(1_203))


def test_that_an_empty_conversation_has_a_transcript(customer: Customer) -> None:
    assert transcript(customer).text.startswith("Your conversation with")


@pytest.fixture(params=KINDS)
def two(
    request: pytest.FixtureRequest, rasa: StandInRasa, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[GatewayProcess], Store]]:
    """Two processes that think a matter silent after 3.6 seconds, by the real clock."""
    folder = tmp_path_factory.mktemp("two")
    address = fresh_database(request.param, folder)
    env = {"PLAINLY_NOW": "", "PLAINLY_SILENT_HOURS": "0.001"}
    with two_gateways(address, rasa.url, folder, env) as gateways:
        store = Store(address)
        yield list(gateways), store
        store.close()
    drop_database(address)


def until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never came to be so"
        time.sleep(0.1)


def test_that_silence_ends_a_matter_once_with_two_processes(two: tuple[list[GatewayProcess], Store]) -> None:
    gateways, tables = two
    silent = [Customer(gateways[number % 2]) for number in range(4)]
    waiting = Customer(gateways[0])
    for customer in silent:
        customer.ask("hello")
    waiting.ask("escalate asked")
    until(lambda: all(ended(tables, customer)[0].handled_by for customer in silent))
    for customer in silent:
        (episode,) = ended(tables, customer)
        assert (episode.outcome, episode.ended_by, episode.handled_by) == ("silent", "silence", "bot")
        assert (episode.first_answer_seconds or 0) < 30
        assert (episode.first_answer_seq, episode.last_answer_seq) == (2, 2)
        assert customer.look()["rating"] == 1
    assert [episode.ended_at for episode in ended(tables, waiting)] == [None]
    silent[0].ask("hello again")
    first, second = ended(tables, silent[0])[:2]
    assert first.reopened_at is not None
    assert second.started_at > datetime(2026, 1, 1, tzinfo=UTC)
