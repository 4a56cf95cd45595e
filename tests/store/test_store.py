"""What is kept is kept once, in order, and the same way on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

import plainly.store.desk_tables  # noqa: F401  its tables share the metadata
from plainly.desk import Claimed, Conversation, Escalated, Event, HandedBack, NotAllowed, Resolved, Transferred
from plainly.errors import PlainlyError
from plainly.model import Duration, Lever
from plainly.store import Store
from plainly.store.conversations import locked, open_conversation, with_token
from plainly.store.handoffs import count_waiting, current_escalation, open_escalation, recent_waits, who_waits
from plainly.store.ledger import CapReachedError, NewGrant, grant, levers_left
from plainly.store.messages import (
    NewMessage,
    add_message,
    as_shown,
    find_button,
    messages_after,
    transcript,
)
from plainly.store.owners import change_owner
from plainly.store.records import keep_receipt, keep_record, receipts_of, remarks
from plainly.store.tables import ConversationRow, GrantRow, Table, TurnRow
from plainly.store.turns import (
    finish_turn,
    has_open_turn,
    held_turn,
)
from plainly.store.types import new_id
from tests.store.talks import NOW, asked, in_threads, lease, opened, said

WEEK = Lever(
    "week",
    "grace_days",
    "A week",
    "We add a week.",
    "bot",
    ("d.no",),
    "2.1",
    per_customer=2,
    period=Duration(1, "month"),
)


def test_that_the_migrations_make_the_tables_of_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_that_two_processes_may_start_at_once(database_url: str) -> None:
    stores = in_threads(4, lambda _: Store(database_url))
    for one in stores:
        assert isinstance(one, Store)
        assert one.is_answering()
        one.close()


def test_that_a_database_out_of_reach_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PlainlyError, match="Check PLAINLY_DATABASE_URL"):
        Store("postgresql+psycopg://nobody:secret@127.0.0.1:1/none")
    with pytest.raises(PlainlyError) as caught:
        Store("postgresql+psycopg://nobody:secret@127.0.0.1:1/none")
    assert "secret" not in caught.value.message


def test_that_a_token_opens_its_own_conversation_only(store: Store) -> None:
    with store.write() as session:
        row, token = open_conversation(session, NOW)
        other, _ = open_conversation(session, NOW)
    assert token not in (row.token_hash, row.id)
    with store.read() as session:
        assert with_token(session, row.id, token).id == row.id
        refusals = []
        for conversation_id, wrong in [
            (other.id, token),
            (row.id, "x"),
            ("nope", token),
            (row.id, ""),
            ("é" * 99, "ß"),
        ]:
            with pytest.raises(PlainlyError) as caught:
                with_token(session, conversation_id, wrong)
            refusals.append((caught.value.code, caught.value.message))
        assert len(set(refusals)) == 1


def test_that_ids_sort_by_age_and_never_repeat() -> None:
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert [one[:9] for one in ids] == sorted(one[:9] for one in ids)


def test_that_moments_come_back_in_utc_whatever_zone_they_went_in(store: Store) -> None:
    tokyo = datetime(2026, 11, 23, 21, tzinfo=timezone(timedelta(hours=9)))
    with store.write() as session:
        row, _ = open_conversation(session, tokyo)
    with store.read() as session:
        found = session.get_one(ConversationRow, row.id).created_at
    assert found == tokyo
    assert found.tzinfo is UTC


def test_that_messages_are_numbered_without_gaps_when_many_write_at_once(store: Store) -> None:
    conversation_id = opened(store)

    def write(number: int) -> None:
        with store.write() as session:
            said(session, conversation_id, f"message {number}")

    in_threads(8, write)
    with store.read() as session:
        found = messages_after(session, conversation_id, 0)
    assert [message.seq for message in found] == list(range(1, 9))
    assert {message.body for message in found} == {f"message {number}" for number in range(8)}


def test_that_a_read_sees_one_moment_though_others_write_meanwhile(store: Store) -> None:
    conversation = opened(store)
    asked(store, conversation, "hello")
    with store.read() as session:
        before = len(messages_after(session, conversation, 0))
        turn = lease(store, "one", 0)
        assert turn is not None
        with store.write() as other:
            row = locked(other, conversation)
            add_message(other, row, NewMessage("bot", "Hello."), NOW)
            held = held_turn(other, turn.id, "one")
            assert held is not None
            finish_turn(held, "done", NOW)
        assert (before, len(messages_after(session, conversation, 0))) == (1, 1)
        assert has_open_turn(session, conversation)
    with store.read() as session:
        assert not has_open_turn(session, conversation)


def test_that_a_message_is_answered_at_most_once(store: Store) -> None:
    conversation_id = opened(store)
    with store.write() as session:
        question = said(session, conversation_id, "hello")
    answer = NewMessage("bot", "Hello!", reply_to=question.id)
    with store.write() as session:
        add_message(session, locked(session, conversation_id), answer, NOW)
    with pytest.raises(IntegrityError), store.write() as session:
        add_message(session, locked(session, conversation_id), answer, NOW)
    with store.read() as session:
        assert session.get_one(ConversationRow, conversation_id).seq == 2


def test_that_drafts_and_notes_stay_with_staff(store: Store) -> None:
    conversation_id = opened(store)
    with store.write() as session:
        for kind in ("text", "draft", "note", "notice"):
            add_message(session, locked(session, conversation_id), NewMessage("bot", kind, kind=kind), NOW)
    with store.read() as session:
        assert [message.body for message in messages_after(session, conversation_id, 0)] == ["text", "notice"]
        assert [message.body for message in transcript(session, conversation_id)] == ["text", "notice"]


def test_that_a_customer_sees_of_a_button_its_label_and_id_only(store: Store) -> None:
    conversation_id = opened(store)
    meaning = {"label": "Yes", "act": "affirm", "facts": {"secret": True}, "choice": "x"}
    with store.write() as session:
        message = add_message(
            session, locked(session, conversation_id), NewMessage("bot", "?", buttons=(meaning,)), NOW
        )
    with store.read() as session:
        assert find_button(session, conversation_id, "b1.0") == {**meaning, "id": "b1.0"}
    assert as_shown(message)["buttons"] == [{"id": "b1.0", "label": "Yes"}]


@pytest.mark.parametrize("button", ["b1.1", "b2.0", "b0.0", "1.0", "b", "", "b-1.0", "b99999999999.0", "b١.0"])
def test_that_a_button_never_shown_is_refused(store: Store, button: str) -> None:
    conversation_id = opened(store)
    shown = {"label": "Yes", "act": "affirm"}
    with store.write() as session:
        add_message(session, locked(session, conversation_id), NewMessage("bot", "?", buttons=(shown,)), NOW)
        add_message(
            session, locked(session, conversation_id), NewMessage("bot", "?", kind="draft", buttons=(shown,)), NOW
        )
    with store.read() as session, pytest.raises(PlainlyError) as caught:
        find_button(session, conversation_id, button)
    assert caught.value.code == "unknown_button"


def test_that_of_many_claims_exactly_one_wins(store: Store) -> None:
    conversation_id = opened(store)
    with store.write() as session:
        change_owner(session, locked(session, conversation_id), Escalated(0, "asked"), NOW)

    def claim(number: int) -> object:
        with store.write() as session:
            return change_owner(session, locked(session, conversation_id), Claimed(1, f"agent{number}"), NOW)

    results = in_threads(6, claim)
    assert sum(isinstance(result, Conversation) for result in results) == 1
    assert sum(isinstance(result, NotAllowed) for result in results) == 5


def test_that_the_queue_tells_who_waits_why_and_for_how_long(store: Store) -> None:
    ids = [opened(store), opened(store)]
    for number, conversation_id in enumerate(ids):
        with store.write() as session:
            change_owner(session, locked(session, conversation_id), Escalated(0, "asked"), NOW)
            packet = {"wants": f"wish {number}"}
            since = NOW + timedelta(minutes=number)
            open_escalation(session, conversation_id, "asked", packet, told_seq=0, now=since)
    with store.write() as session:
        waiting = who_waits(session)
        assert [(one.place, one.conversation, one.wants) for one in waiting] == [
            (1, ids[0], "wish 0"),
            (2, ids[1], "wish 1"),
        ]
        assert count_waiting(session) == 2
        change_owner(session, locked(session, ids[0]), Claimed(1, "ann"), NOW + timedelta(minutes=7))
        assert [one.conversation for one in who_waits(session)] == [ids[1]]

    def minutes(start: datetime, end: datetime) -> float:
        return (end - start) / timedelta(minutes=1)

    with store.read() as session:
        assert recent_waits(session, NOW, minutes) == [7]
        assert recent_waits(session, NOW + timedelta(days=30), minutes) == []


def test_that_a_returned_or_finished_conversation_leaves_no_open_escalation(store: Store) -> None:
    conversation_id = opened(store)
    events: list[Event] = [Escalated(0, "asked"), Claimed(1, "ann"), HandedBack(2, "ann")]
    for epoch, event in enumerate(events):
        with store.write() as session:
            row = locked(session, conversation_id)
            assert isinstance(change_owner(session, row, event, NOW), Conversation)
            if epoch == 0:
                open_escalation(session, conversation_id, "asked", {}, told_seq=0, now=NOW)
    with store.read() as session:
        assert current_escalation(session, conversation_id) is None
    later: list[Event] = [Claimed(3, "ben"), Transferred(4, "ben"), Resolved(5, "ann")]
    for event in later:
        with store.write() as session:
            assert isinstance(change_owner(session, locked(session, conversation_id), event, NOW), Conversation)
            assert (current_escalation(session, conversation_id) is not None) == isinstance(event, Transferred)


def test_that_there_is_one_open_escalation_at_most(store: Store) -> None:
    conversation_id = opened(store)
    with store.write() as session:
        open_escalation(session, conversation_id, "asked", {}, told_seq=0, now=NOW)
    with pytest.raises(IntegrityError), store.write() as session:
        open_escalation(session, conversation_id, "asked", {}, told_seq=0, now=NOW)


def spend(store: Store, conversation_id: str, now: datetime = NOW) -> bool:
    with store.write() as session:
        new = NewGrant("returns", "week", "7 days", "was ill", "bot")
        try:
            grant(session, locked(session, conversation_id), new, WEEK, message_seq=1, now=now)
        except CapReachedError:
            return False
        return True


def test_that_a_cap_holds_when_one_customer_asks_from_many_places_at_once(store: Store) -> None:
    ids = [opened(store, customer="jo") for _ in range(6)]
    assert sum(bool(spent) for spent in in_threads(6, lambda number: spend(store, ids[number]))) == 2
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(GrantRow)) == 2
        row = session.get_one(ConversationRow, ids[0])
        assert levers_left(session, row, [("returns", WEEK)], NOW) == {"returns.week": 0}


def test_that_a_cap_counts_per_customer_and_period(store: Store) -> None:
    jo, sam, nobody = opened(store, customer="jo"), opened(store, customer="sam"), opened(store)
    assert [spend(store, jo), spend(store, jo), spend(store, jo)] == [True, True, False]
    assert spend(store, sam)
    assert spend(store, nobody)
    assert not spend(store, jo, NOW + timedelta(days=29))
    assert spend(store, jo, NOW + timedelta(days=31))
    with store.read() as session:
        fresh = session.get_one(ConversationRow, opened(store))
        assert levers_left(session, fresh, [("returns", WEEK)], NOW) == {}


def test_that_records_and_receipts_are_kept(store: Store) -> None:
    conversation_id = opened(store)
    receipt = {"id": "r1", "policy": "returns", "version": "v", "decision": "returns.d", "outcome": "no"}
    with store.write() as session:
        gap = {"question": "parking?", "nearest": "delivery"}
        keep_record(session, conversation_id, "gap", gap, message_seq=1, now=NOW)
        keep_record(session, conversation_id, "contact", {"value": "jo@shop.example"}, message_seq=2, now=NOW)
        keep_record(
            session, conversation_id, "feedback", {"text": "Lovely"}, message_seq=3, now=NOW + timedelta(days=1)
        )
        keep_receipt(session, conversation_id, receipt, message_seq=1, now=NOW)
        keep_receipt(session, conversation_id, receipt, message_seq=3, now=NOW)
    with store.read() as session:
        told = remarks(session, NOW, NOW + timedelta(days=1))
        assert [(one.kind, one.words, one.policy) for one in told] == [("gap", "parking?", "delivery")]
        later = remarks(session, NOW + timedelta(days=1), NOW + timedelta(days=2))
        assert [(one.kind, one.words, one.policy) for one in later] == [("feedback", "Lovely", "")]
        assert receipts_of(session, conversation_id) == [receipt]
        assert receipts_of(session, "other") == []


def test_that_a_failed_change_leaves_nothing_behind_and_wakes_nobody(store: Store) -> None:
    conversation_id = opened(store)
    heard: list[frozenset[str]] = []
    store.listeners.append(heard.append)
    with pytest.raises(IntegrityError), store.write() as session:
        session.add_all([said(session, conversation_id, "half"), TurnRow(conversation_id="none", message_seq=1)])
    assert heard == []
    with store.write() as session:
        said(session, conversation_id, "whole")
    assert heard == [frozenset({conversation_id})]
    with store.read() as session:
        assert [message.body for message in messages_after(session, conversation_id, 0)] == ["whole"]
