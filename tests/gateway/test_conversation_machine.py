"""Whatever customers, the bot, staff and failures do, in whatever order: nothing is lost, doubled or talked over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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


@dataclass(frozen=True)
class Seen:
    """All that is kept of one conversation at one moment, and every grant there is."""

    row: ConversationRow
    messages: list[MessageRow]
    handling: list[HandlingRow]
    escalations: list[EscalationRow]
    turns: list[TurnRow]
    grants: list[GrantRow]

    @property
    def shown(self) -> list[int]:
        """The numbers of the messages that the customer sees."""
        return [message.seq for message in self.messages if message.kind not in HIDDEN]


def look(store: Store, conversation_id: str) -> Seen:
    """Everything in one read: the promises are many, and asking for each anew takes most of a run."""
    with store.read() as session:

        def rows(table: Any, *order: Any) -> list[Any]:
            return list(session.scalars(select(table).where(table.conversation_id == conversation_id).order_by(*order)))

        return Seen(
            session.get_one(ConversationRow, conversation_id),
            rows(MessageRow, MessageRow.seq),
            rows(HandlingRow, HandlingRow.id),
            rows(EscalationRow),
            rows(TurnRow, TurnRow.message_seq),
            list(session.scalars(select(GrantRow))),
        )


def promise[Check: Callable[..., None]](check: Check) -> Check:
    """Marks what must hold after every step."""
    vars(check)["is_promise"] = True
    return check


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
        self.tapped: dict[str, str] = {}
        self.in_flight: list[tuple[TurnBook, Leased]] = []
        self.shown: list[int] = []
        self.promises = [name for name in dir(type(self)) if hasattr(getattr(type(self), name), "is_promise")]

    @invariant()
    def every_promise_is_kept(self) -> None:
        seen = look(self.store, self.id)
        for name in self.promises:
            getattr(self, name)(seen)

    @rule(again=st.booleans(), number=st.integers(0, 5))
    def customer_writes(self, again: bool, number: int) -> None:
        known = sorted(self.sent)
        message_id = known[number % len(known)] if again and known else f"m{len(known)}"
        button = self.tapped.get(message_id)
        text = self.sent.setdefault(message_id, f"words of {message_id}")
        self.sends(Incoming(message_id, None if button else text, button))

    def sends(self, incoming: Incoming) -> None:
        with self.store.write() as session:
            row = locked(session, self.id)
            accept(session, row, incoming, now=NOW, timezone="Europe/London", closed=False)

    @rule()
    def customer_gives_up_waiting(self) -> None:
        """A tap on the last button they were shown: it leaves the line, or is an ordinary message by now."""
        before = look(self.store, self.id)
        shown = [message for message in before.messages if message.buttons]
        if not shown:
            return
        button = shown[-1].buttons[0]
        message_id = f"m{len(self.sent)}"
        self.sent[message_id], self.tapped[message_id] = button["label"], button["id"]
        self.sends(Incoming(message_id, button=button["id"]))
        assert before.row.owner != QUEUE or self.conversation().owner == BOT

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
        before = look(self.store, self.id)
        outcome = book.store_reply(leased, answer)
        if (before.row.owner, before.row.epoch) != (BOT, leased.epoch):
            assert outcome == ("again" if before.row.owner == BOT else "draft")
            assert look(self.store, self.id).shown == before.shown

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

    @promise
    def nothing_the_customer_wrote_is_lost_doubled_or_reordered(self, seen: Seen) -> None:
        mine = [message for message in seen.messages if message.author_kind == "customer"]
        assert [(message.id, message.body) for message in mine] == list(self.sent.items())

    @promise
    def numbers_have_no_gaps_and_what_was_shown_stays(self, seen: Seen) -> None:
        assert [message.seq for message in seen.messages] == list(range(1, len(seen.messages) + 1))
        assert seen.shown[: len(self.shown)] == self.shown
        self.shown = seen.shown

    @promise
    def no_message_is_answered_twice(self, seen: Seen) -> None:
        answered = [message.reply_to for message in seen.messages if message.author_kind == "bot"]
        assert len(answered) == len(set(answered))

    @promise
    def answers_come_in_the_order_of_their_questions(self, seen: Seen) -> None:
        place = {message.id: message.seq for message in seen.messages}
        asked = [
            place[message.reply_to or ""] for message in seen.messages if message.kind == "text" and message.reply_to
        ]
        assert asked == sorted(asked)

    @promise
    def the_owner_is_one_of_four_and_a_queue_has_its_escalation(self, seen: Seen) -> None:
        owner, open_ones = seen.row.owner, [one for one in seen.escalations if one.closed_at is None]
        assert owner in (BOT, QUEUE, "closed") or agent_of(owner)
        assert len(open_ones) <= 1
        assert (owner != QUEUE) or len(open_ones) == 1
        assert (owner not in (BOT, "closed")) or not open_ones

    @promise
    def a_handover_is_told_exactly_when_it_happens(self, seen: Seen) -> None:
        told = {message.seq for message in seen.messages if message.status in ("escalated", "error_engine")}
        happened = {row.seq for row in seen.handling if row.what == "escalated"}
        assert told & set(seen.shown) == happened

    @promise
    def leaving_the_line_is_told_exactly_when_it_happens(self, seen: Seen) -> None:
        told = {message.seq for message in seen.messages if message.kind == "notice" and message.status == "smalltalk"}
        assert told == {row.seq for row in seen.handling if row.what == "left_line"}

    @promise
    def every_message_is_answered_owed_an_answer_or_with_people(self, seen: Seen) -> None:
        turns = {turn.message_seq: turn for turn in seen.turns}
        answered = {message.reply_to for message in seen.messages}
        for message in seen.messages:
            if message.author_kind == "customer" and message.id not in answered:
                turn = turns.get(message.seq)
                assert turn is None or turn.state in ("pending", "running", "left", "failed")

    @promise
    def no_cap_is_passed(self, seen: Seen) -> None:
        assert len(seen.grants) <= 2

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
