"""The turns the bot owes: in order, one worker at a time, and none lost with its worker."""

from __future__ import annotations

from plainly.store import Store
from plainly.store.tables import TurnRow
from plainly.store.turns import (
    LEASE_SECONDS,
    finish_turn,
    has_open_turn,
    held_turn,
    release_leases,
    renew_leases,
    run_again,
)
from tests.store.talks import NOW, asked, in_threads, lease, opened


def test_that_turns_of_one_conversation_go_in_order_and_one_at_a_time(store: Store) -> None:
    first, second = opened(store), opened(store)
    for text in ("one", "two"):
        asked(store, first, text)
    asked(store, second, "other")
    one, other, none = lease(store, "w1", 100), lease(store, "w2", 100), lease(store, "w3", 100)
    assert one is not None
    assert other is not None
    assert none is None
    assert (one.conversation_id, one.message_seq, other.conversation_id) == (first, 1, second)
    with store.write() as session:
        held = held_turn(session, one.id, "w1")
        assert held is not None
        finish_turn(held, "done", NOW)
    two = lease(store, "w3", 100)
    assert two is not None
    assert (two.conversation_id, two.message_seq) == (first, 2)


def test_that_a_turn_is_never_given_to_two_workers(store: Store) -> None:
    conversations = [opened(store) for _ in range(6)]
    for conversation_id in conversations:
        asked(store, conversation_id, "hello")
    turns = in_threads(10, lambda number: lease(store, f"w{number}", 100))
    while any(turn is None for turn in turns) and len([turn for turn in turns if turn]) < 6:
        turns.append(lease(store, "late", 100))
    taken = [turn.id for turn in turns if isinstance(turn, TurnRow)]
    assert len(taken) == len(set(taken)) == 6


def test_that_an_abandoned_turn_is_taken_over_and_its_old_worker_shut_out(store: Store) -> None:
    asked(store, opened(store), "hello")
    dead = lease(store, "dead", 100)
    assert dead is not None
    assert lease(store, "alive", 100 + LEASE_SECONDS) is None
    taken = lease(store, "alive", 100.1 + LEASE_SECONDS)
    assert taken is not None
    assert (taken.id, taken.tries) == (dead.id, 2)
    with store.write() as session:
        assert held_turn(session, dead.id, "dead") is None
        assert held_turn(session, dead.id, "alive") is not None


def test_that_a_worker_that_lives_keeps_its_turn_and_one_that_stops_gives_it_back(store: Store) -> None:
    conversation_id = opened(store)
    asked(store, conversation_id, "hello")
    turn = lease(store, "w1", 100)
    assert turn is not None
    with store.write() as session:
        renew_leases(session, "w1", [turn.id], 105)
        renew_leases(session, "another", [turn.id], 1000)
        renew_leases(session, "w1", [], 1000)
    assert lease(store, "w2", 110) is None
    with store.write() as session:
        assert has_open_turn(session, conversation_id)
        release_leases(session, "w1")
    assert lease(store, "w2", 110) is not None


def test_that_a_turn_may_be_run_afresh(store: Store) -> None:
    asked(store, opened(store), "hello")
    turn = lease(store, "w1", 100)
    assert turn is not None
    with store.write() as session:
        held = held_turn(session, turn.id, "w1")
        assert held is not None
        run_again(held)
    again = lease(store, "w2", 100)
    assert again is not None
    assert (again.id, again.reruns) == (turn.id, 1)
