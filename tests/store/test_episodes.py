"""Episodes begin with a word, end once, and are asked about once; the same on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from plainly.desk import Claimed, Escalated, Reopened, Resolved
from plainly.errors import PlainlyError
from plainly.store import Store
from plainly.store.conversations import locked, open_conversation
from plainly.store.desk_tables import EpisodeRow, RatingRow
from plainly.store.episodes import (
    begin_episode,
    close_silent,
    drop_courtesy,
    end_episode,
    latest_episode,
    long_silent,
    open_episode,
    settle,
    unsettled,
)
from plainly.store.handoffs import open_escalation
from plainly.store.messages import NewMessage, add_message
from plainly.store.owners import change_owner
from plainly.store.ratings import Rating, asked_about, rate
from plainly.store.tables import ConversationRow

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
DAY = timedelta(days=1)


def opened(store: Store) -> str:
    with store.write() as session:
        row, _ = open_conversation(session, NOW)
        return row.id


def say(session: Session, row: ConversationRow, author: str, now: datetime, status: str | None = None) -> int:
    """One message, with the episode it begins."""
    words = NewMessage(author, f"{author} {row.seq}", status=status, author="ann" if author == "agent" else "")
    message = add_message(session, row, words, now)
    if author == "customer":
        begin_episode(session, row, message.seq, now)
    session.flush()
    return message.seq


def talk(store: Store, conversation: str, *said: str, now: datetime = NOW) -> None:
    """The words "customer", "agent", or a status of the bot."""
    with store.write() as session:
        row = locked(session, conversation)
        for one in said:
            author = one if one in ("customer", "agent") else "bot"
            say(session, row, author, now, one if author == "bot" else None)


def end(store: Store, conversation: str, outcome: str = "confirmed", now: datetime = NOW) -> None:
    with store.write() as session:
        end_episode(session, locked(session, conversation), outcome, "customer", now)  # type: ignore[arg-type]


def episodes(store: Store, conversation: str) -> list[EpisodeRow]:
    with store.read() as session:
        query = select(EpisodeRow).where(EpisodeRow.conversation_id == conversation).order_by(EpisodeRow.number)
        return list(session.scalars(query))


def test_that_words_belong_to_one_episode_until_it_ends(store: Store) -> None:
    one = opened(store)
    talk(store, one, "customer", "answered", "customer", "answered")
    assert [(row.number, row.first_seq, row.ended_at) for row in episodes(store, one)] == [(1, 1, None)]
    end(store, one)
    talk(store, one, "customer", "answered", now=NOW + timedelta(hours=1))
    first, second = episodes(store, one)
    assert (first.last_seq, first.outcome, first.ended_by) == (4, "confirmed", "customer")
    assert (second.number, second.first_seq, second.ended_at) == (2, 5, None)


def test_that_an_end_ends_once(store: Store) -> None:
    one = opened(store)
    talk(store, one, "customer", "answered")
    end(store, one)
    end(store, one, "abandoned", NOW + DAY)
    (row,) = episodes(store, one)
    assert (row.outcome, row.ended_at) == ("confirmed", NOW)


@pytest.mark.parametrize(("days", "noted"), [(1, True), (7, True), (8, False)])
def test_that_a_return_within_seven_days_is_noted(store: Store, days: int, noted: bool) -> None:
    one = opened(store)
    talk(store, one, "customer", "answered")
    end(store, one)
    again = NOW + timedelta(days=days)
    talk(store, one, "customer", now=again)
    assert episodes(store, one)[0].reopened_at == (again if noted else None)


def test_that_thanks_after_the_end_neither_reopen_nor_count(store: Store) -> None:
    one = opened(store)
    talk(store, one, "customer", "answered")
    end(store, one)
    talk(store, one, "customer", "smalltalk", now=NOW + timedelta(minutes=1))
    with store.write() as session:
        assert drop_courtesy(session, locked(session, one))
    (row,) = episodes(store, one)
    assert (row.last_seq, row.reopened_at) == (4, None)
    with store.read() as session:
        assert asked_about(session, one) == 1


def test_that_the_next_matter_starts_with_a_fresh_argument(store: Store) -> None:
    one = opened(store)
    talk(store, one, "customer", "decided_no")
    with store.write() as session:
        locked(session, one).context = {"pushbacks": 2, "awaiting": "consent", "facts": {"a": 1}}
    end(store, one, "resolved")
    talk(store, one, "customer", now=NOW + DAY)
    with store.read() as session:
        assert session.get_one(ConversationRow, one).context == {"facts": {"a": 1}}


def test_that_staff_end_and_reopen_episodes_with_the_conversation(store: Store) -> None:
    one = opened(store)
    talk(store, one, "customer", "answered", "customer", "escalated")
    with store.write() as session:
        row = locked(session, one)
        change_owner(session, row, Escalated(0, "asked"), NOW)
        open_escalation(session, one, "asked", {}, told_seq=row.seq, now=NOW)
        change_owner(session, row, Claimed(1, "ann"), NOW + timedelta(minutes=2))
        say(session, row, "agent", NOW + timedelta(minutes=3))
        change_owner(session, row, Resolved(2, "ann"), NOW + timedelta(minutes=9), data={"outcome": "resolved"})
    (row_,) = episodes(store, one)
    assert (row_.outcome, row_.ended_by, row_.ended_at) == ("resolved", "ann", NOW + timedelta(minutes=9))
    with store.read() as session:
        assert asked_about(session, one) == 1
        assert unsettled(session) == [(row_.id, one)]
    with store.write() as session:
        episode = latest_episode(session, one)
        assert episode is not None
        settle(session, episode, lambda start, finish: (finish - start) / timedelta(minutes=1))
    (row_,) = episodes(store, one)
    assert (row_.handled_by, row_.handoff_reason, row_.waited_seconds) == ("both", "asked", 120)
    assert (row_.first_answer_seq, row_.last_answer_seq) == (2, 5)
    with store.write() as session:
        row = locked(session, one)
        change_owner(session, row, Reopened(3, "ann"), NOW + DAY)
        assert open_episode(session, one) is not None
    assert episodes(store, one)[0].reopened_at == NOW + DAY


def test_that_an_abandoned_conversation_is_not_asked_to_rate(store: Store) -> None:
    one = opened(store)
    talk(store, one, "customer", "answered")
    with store.write() as session:
        row = locked(session, one)
        change_owner(session, row, Claimed(0, "ann"), NOW)
        change_owner(session, row, Resolved(1, "ann"), NOW, data={"outcome": "abandoned"})
    with store.read() as session:
        assert asked_about(session, one) is None
    assert episodes(store, one)[0].outcome == "abandoned"


def look_for_silence(store: Store, now: datetime) -> list[str]:
    """What the gateway's closer does; gives the conversations it ended."""
    before = now - DAY
    with store.read() as session:
        found = long_silent(session, before)
    ended = []
    for conversation in found:
        with store.write() as session:
            if close_silent(session, locked(session, conversation), before, now) is not None:
                ended.append(conversation)
    return ended


def test_that_silence_ends_what_was_answered_and_nothing_we_owe(store: Store) -> None:
    answered, asked, owed, waiting, chatting, asleep = (opened(store) for _ in range(6))
    talk(store, answered, "customer", "answered")
    talk(store, asked, "customer", "asked_fact")
    talk(store, owed, "customer")
    talk(store, waiting, "customer", "escalated")
    talk(store, chatting, "customer", "smalltalk")
    talk(store, asleep, "customer", "agent")
    with store.write() as session:
        change_owner(session, locked(session, waiting), Escalated(0, "asked"), NOW)
        row = locked(session, asleep)
        change_owner(session, row, Claimed(0, "ann"), NOW)
        row.snoozed_until = NOW + 9 * DAY
    assert look_for_silence(store, NOW + timedelta(hours=23)) == []
    assert set(look_for_silence(store, NOW + DAY)) == {answered, asked}
    assert [row.outcome for row in episodes(store, answered)] == ["silent"]
    assert [row.outcome for row in episodes(store, asked)] == ["abandoned"]
    assert episodes(store, chatting) == []
    for still_open in (owed, waiting, asleep):
        assert [row.ended_at for row in episodes(store, still_open)] == [None]
    assert look_for_silence(store, NOW + DAY) == []


def test_that_many_processes_close_a_silent_matter_once(store: Store) -> None:
    many = [opened(store) for _ in range(5)]
    for one in many:
        talk(store, one, "customer", "answered")
    barrier = threading.Barrier(4)

    def look(_: int) -> list[str]:
        barrier.wait()
        return look_for_silence(store, NOW + 2 * DAY)

    with ThreadPoolExecutor(4) as pool:
        closed = [one for found in pool.map(look, range(4)) for one in found]
    assert sorted(closed) == sorted(many)
    with store.read() as session:
        assert len(list(session.scalars(select(RatingRow)))) == 5


def rated(store: Store, conversation: str, given: Rating, episode: int | None = None) -> str:
    """Empty when it was taken, else the code of the refusal."""
    try:
        with store.write() as session:
            rate(session, locked(session, conversation), given, episode, NOW)
    except PlainlyError as wrong:
        return wrong.code
    return ""


def test_that_a_rating_is_asked_once_per_episode_and_kept_once(store: Store) -> None:
    one = opened(store)
    assert rated(store, one, Rating(5)) == "nothing_to_rate"
    talk(store, one, "customer", "answered")
    assert rated(store, one, Rating(5)) == "nothing_to_rate"
    end(store, one)
    assert rated(store, one, Rating(5), episode=2) == "nothing_to_rate"
    assert rated(store, one, Rating(4, True, "good"), episode=1) == ""
    assert rated(store, one, Rating(4, True, "good"), episode=1) == ""
    assert rated(store, one, Rating(1), episode=1) == "rated_already"
    with store.read() as session:
        assert asked_about(session, one) is None
        row = session.scalars(select(RatingRow)).one()
    assert (row.score, row.solved, row.words, row.answered_at) == (4, True, "good", NOW)


def test_that_a_question_passed_over_is_gone_with_the_next_word(store: Store) -> None:
    one = opened(store)
    talk(store, one, "customer", "answered")
    end(store, one)
    talk(store, one, "customer")
    with store.read() as session:
        assert asked_about(session, one) is None
    assert rated(store, one, Rating(5), episode=1) == "nothing_to_rate"


def test_that_who_skips_the_question_is_not_asked_again_here(store: Store) -> None:
    one = opened(store)
    for number in (1, 2):
        talk(store, one, "customer", "answered", now=NOW + number * DAY)
        end(store, one, now=NOW + number * DAY)
        with store.read() as session:
            assert asked_about(session, one) == (1 if number == 1 else None)
        rated(store, one, Rating())


@pytest.mark.parametrize(
    ("outcome", "solved", "after"),
    [
        ("silent", True, "confirmed"),
        ("abandoned", True, "confirmed"),
        ("silent", False, "silent"),
        ("silent", None, "silent"),
        ("resolved", True, "resolved"),
        ("confirmed", False, "confirmed"),
    ],
)
def test_that_a_customer_s_yes_confirms_what_silence_left_open(
    store: Store, outcome: str, solved: bool | None, after: str
) -> None:
    one = opened(store)
    talk(store, one, "customer", "answered")
    end(store, one, outcome)
    rated(store, one, Rating(3, solved))
    assert episodes(store, one)[0].outcome == after
