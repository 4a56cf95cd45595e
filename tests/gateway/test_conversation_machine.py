"""Whatever customers, the bot, staff and failures do, in whatever order: nothing is lost, doubled or talked over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from plainly import clock
from plainly.desk import BOT, QUEUE, Claimed, Event, HandedBack, NotAllowed, Resolved, Transferred, agent_of
from plainly.gateway.accept import Incoming, accept
from plainly.gateway.folder import Folder
from plainly.gateway.rasa import Answer
from plainly.gateway.turns import Leased, TurnBook
from plainly.model import Effect, Escalate, Grant
from plainly.store import Store
from plainly.store.conversations import locked, open_conversation
from plainly.store.desk_tables import HandlingRow
from plainly.store.messages import HIDDEN
from plainly.store.owners import change_owner
from plainly.store.tables import ConversationRow, EscalationRow, GrantRow, MessageRow, TurnRow
from plainly.store.turns import is_any_free, release_leases
from tests.gateway.processes import HERE
from tests.store.databases import KINDS, drop_database, fresh_database

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
AGENTS = st.sampled_from(["ann", "ben"])
EFFECTS: dict[str, tuple[Effect, ...]] = {
    "answers": (),
    "escalates": (Escalate("asked", {"wants": "x"}),),
    "grants": (Grant("returns", "one_more_week", "7 days", "why"),),
}
FOLDER = Folder(HERE / "kb")


class ConversationMachine(RuleBasedStateMachine):
    """One conversation, two workers, two agents, and a customer who sends some things twice."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        FOLDER.refresh()
        self.books = [TurnBook(self.store, FOLDER, worker) for worker in ("w1", "w2")]
        with self.store.write() as session:
            self.id = open_conversation(session, NOW)[0].id
        self.sent: dict[str, str] = {}
        self.in_flight: list[tuple[TurnBook, Leased]] = []
        self.shown: list[int] = []

    @rule(again=st.booleans(), number=st.integers(0, 5))
    def customer_writes(self, again: bool, number: int) -> None:
        known = sorted(self.sent)
        message_id = known[number % len(known)] if again and known else f"m{len(known)}"
        text = self.sent.setdefault(message_id, f"words of {message_id}")
        with self.store.write() as session:
            row = locked(session, self.id)
            accept(session, row, Incoming(message_id, text), now=NOW, timezone="Europe/London")

    @precondition(lambda self: self.owes_an_answer())
    @rule(which=st.integers(0, 1))
    def a_worker_takes_a_turn(self, which: int) -> None:
        leased = self.books[which].lease()
        if leased is not None:
            assert all(leased.turn_id != other.turn_id for _, other in self.in_flight)
            self.in_flight.append((self.books[which], leased))

    @precondition(lambda self: self.in_flight)
    @rule(how=st.sampled_from(["answers", "answers", "escalates", "grants", "fails", "dies"]))
    def a_turn_ends(self, how: str) -> None:
        book, leased = self.in_flight.pop(0)
        if how == "fails":
            book.hand_over(leased, "it broke")
        elif how == "dies":
            self.worker_dies(book, leased)
        else:
            self.bot_answers(book, leased, EFFECTS[how])

    def worker_dies(self, book: TurnBook, leased: Leased) -> None:
        """Its leases are given back as if they had run out; what it might still send comes too late."""
        with self.store.write() as session:
            release_leases(session, book.worker)
        self.in_flight = [(other, turn) for other, turn in self.in_flight if other is not book]
        assert book.store_reply(leased, Answer("late", "answered", {}, (), (), None, (), {})) == "lost"

    def bot_answers(self, book: TurnBook, leased: Leased, effects: tuple[Effect, ...]) -> None:
        status = "escalated" if any(isinstance(effect, Escalate) for effect in effects) else "answered"
        answer = Answer(f"answer to {leased.message_id}", status, {"turn": 1}, (), (), None, effects, {})
        before, shown = self.conversation(), self.shown_now()
        outcome = book.store_reply(leased, answer)
        if (before.owner, before.epoch) != (BOT, leased.epoch):
            assert outcome == ("again" if before.owner == BOT else "draft")
            assert self.shown_now() == shown

    @rule(
        name=AGENTS,
        kind=st.sampled_from(["claim", "claim", "back", "back", "pass", "queue", "resolve"]),
        stale=st.sampled_from([False, False, False, True]),
    )
    def staff_acts(self, name: str, kind: str, stale: bool) -> None:
        with self.store.write() as session:
            row = locked(session, self.id)
            name = agent_of(row.owner) or name
            seen = row.epoch - stale
            made: dict[str, Callable[[], Event]] = {
                "claim": lambda: Claimed(seen, name),
                "pass": lambda: Transferred(seen, name, "ben"),
                "queue": lambda: Transferred(seen, name),
                "back": lambda: HandedBack(seen, name),
                "resolve": lambda: Resolved(seen, name),
            }
            after = change_owner(session, row, made[kind](), NOW)
            assert not stale or isinstance(after, NotAllowed)

    def owes_an_answer(self) -> bool:
        with self.store.read() as session:
            return is_any_free(session, clock.elapsed())

    def conversation(self) -> ConversationRow:
        with self.store.read() as session:
            return session.get_one(ConversationRow, self.id)

    def messages(self) -> list[MessageRow]:
        with self.store.read() as session:
            query = select(MessageRow).where(MessageRow.conversation_id == self.id).order_by(MessageRow.seq)
            return list(session.scalars(query))

    def shown_now(self) -> list[int]:
        return [message.seq for message in self.messages() if message.kind not in HIDDEN]

    @invariant()
    def nothing_the_customer_wrote_is_lost_doubled_or_reordered(self) -> None:
        mine = [message for message in self.messages() if message.author_kind == "customer"]
        assert [(message.id, message.body) for message in mine] == list(self.sent.items())

    @invariant()
    def numbers_have_no_gaps_and_what_was_shown_stays(self) -> None:
        messages = self.messages()
        assert [message.seq for message in messages] == list(range(1, len(messages) + 1))
        shown = self.shown_now()
        assert shown[: len(self.shown)] == self.shown
        self.shown = shown

    @invariant()
    def no_message_is_answered_twice(self) -> None:
        answered = [message.reply_to for message in self.messages() if message.author_kind == "bot"]
        assert len(answered) == len(set(answered))

    @invariant()
    def answers_come_in_the_order_of_their_questions(self) -> None:
        messages = self.messages()
        place = {message.id: message.seq for message in messages}
        asked = [place[message.reply_to or ""] for message in messages if message.kind == "text" and message.reply_to]
        assert asked == sorted(asked)

    @invariant()
    def the_owner_is_one_of_four_and_a_queue_has_its_escalation(self) -> None:
        row = self.conversation()
        with self.store.read() as session:
            query = select(EscalationRow).where(EscalationRow.conversation_id == self.id)
            escalations = list(session.scalars(query.where(EscalationRow.closed_at.is_(None))))
        assert row.owner in (BOT, QUEUE, "closed") or agent_of(row.owner)
        assert len(escalations) <= 1
        assert (row.owner != QUEUE) or len(escalations) == 1
        assert (row.owner not in (BOT, "closed")) or not escalations

    @invariant()
    def a_handover_is_told_exactly_when_it_happens(self) -> None:
        told = {message.seq for message in self.messages() if message.status in ("escalated", "error_engine")}
        with self.store.read() as session:
            query = select(HandlingRow).where(HandlingRow.conversation_id == self.id, HandlingRow.what == "escalated")
            happened = {row.seq for row in session.scalars(query)}
        assert told & set(self.shown_now()) == happened

    @invariant()
    def every_message_is_answered_owed_an_answer_or_with_people(self) -> None:
        with self.store.read() as session:
            turns = {turn.message_seq: turn for turn in session.scalars(select(TurnRow))}
        answered = {message.reply_to for message in self.messages()}
        for message in self.messages():
            if message.author_kind == "customer" and message.id not in answered:
                turn = turns.get(message.seq)
                assert turn is None or turn.state in ("pending", "running", "left", "failed")

    @invariant()
    def no_cap_is_passed(self) -> None:
        with self.store.read() as session:
            assert len(list(session.scalars(select(GrantRow)))) <= 2

    def teardown(self) -> None:
        with self.store.write() as session:
            session.delete(locked(session, self.id))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_that_nothing_is_lost_doubled_or_talked_over(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINLY_NOW", NOW.isoformat())
    assert clock.now() == NOW
    with TemporaryDirectory() as folder:
        address = fresh_database(kind, Path(folder))
        ConversationMachine.store = Store(address)
        try:
            run_state_machine_as_test(
                ConversationMachine,
                settings=settings(
                    max_examples=20 if kind == "sqlite" else 8,
                    stateful_step_count=30,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            ConversationMachine.store.close()
            drop_database(address)
