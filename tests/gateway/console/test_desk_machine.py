"""Whatever customers, the bot, staff, the desk and failures do: one owner, words with every change, nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from plainly import clock
from plainly.clock import elapsed
from plainly.desk import BOT, CLOSED, QUEUE, agent, agent_of
from plainly.errors import PlainlyError
from plainly.gateway.console import acts, keeper, saying
from plainly.gateway.console.acts import Acting
from plainly.gateway.console.items import read_items
from plainly.gateway.console.showing import known
from plainly.gateway.state import Gateway
from plainly.gateway.turns import Leased, TurnBook
from plainly.model import Effect
from plainly.store import Store
from plainly.store.desk_tables import HandlingRow, StaffRow
from plainly.store.presence import note_present
from plainly.store.tables import ConversationRow, EscalationRow, MessageRow, TurnRow
from tests.gateway.test_conversation_machine import FOLDER, NOW, ConversationMachine, Seen, promise
from tests.store.databases import KINDS, drop_database, fresh_database

NAMES = ("ann", "ben", "eve")
STAYS = ("snoozed", "woken")
REFUSALS = {"stale", "wrong_owner", "already_theirs", "unread"}
KINDS_OF_ACT = (
    "claim", "transfer", "queue", "back", "resolve", "reopen", "snooze", "wake", "say", "note",
)  # fmt: skip
MUST_SEE = {
    "claim", "transfer", "queue", "back", "resolve", "reopen", "snooze", "wake", "say", "assign", "close an account",
    "stale", "again", "leave", "an answer after a takeover", "an answer after a hand-back",
}  # fmt: skip
"""What a run must have met at least once, or it proves nothing."""


class AsOf(NamedTuple):
    """How the conversation stood when somebody decided to act."""

    epoch: int
    seq: int


def changes(seen: Seen) -> list[HandlingRow]:
    """The changes of owner, in order."""
    return [row for row in seen.handling if row.what not in STAYS]


def was_done(act: Callable[[], None]) -> bool:
    """Whether it was carried out; refusals other than those of a rival fail the test."""
    try:
        act()
    except PlainlyError as refused:
        if refused.code not in REFUSALS:
            raise
        return False
    return True


class DeskMachine(ConversationMachine):
    """The conversation machine with real staff at the real desk, and the desk's own hands."""

    met: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []
        self.last_act: tuple[str, Callable[[], None]] | None = None
        with self.store.write() as session:
            for name in NAMES:
                row = session.get(StaffRow, name) or StaffRow(id=name, login=name, password_hash="", created_at=NOW)
                row.name, row.role, row.capacity, row.team = name.title(), "agent", 4, ""
                row.disabled_at, row.available = None, True
                session.merge(row)
            session.flush()
            note_present(session, NAMES, elapsed())

    @rule(
        name=st.sampled_from(NAMES),
        kind=st.sampled_from(KINDS_OF_ACT),
        stale=st.sampled_from([False] * 5 + [True]),
        mine=st.booleans(),
    )
    def staff_acts(self, name: str, kind: str, stale: bool, mine: bool = True) -> None:
        row = self.conversation()
        who = (agent_of(row.owner) or name) if mine else name
        as_of = AsOf(row.epoch - stale, row.seq)
        number = len(self.said)

        def act() -> None:
            with self.store.write() as session:
                held = known(session, self.id, hold=True)
                staff = session.get_one(StaffRow, who)
                self.does(Acting(session, held, FOLDER, staff, NOW, leads=who == "eve"), kind, as_of, number)

        self.last_act = (kind, act)
        if not was_done(act):
            self.last_act = None
            self.met["stale"] += stale
        elif stale and kind not in ("wake", "note"):
            after = self.conversation()
            assert (after.owner, after.epoch, after.seq) == (row.owner, row.epoch, row.seq), f"a stale {kind}"
        elif kind == "say":
            self.met[kind] += 1
            self.said.append((f"a{number}", f"agent's {number}"))
        else:
            self.met[kind] += 1

    @precondition(lambda self: self.conversation().owner in (BOT, QUEUE))
    @rule()
    def customer_gives_up_waiting(self) -> None:
        waits = self.conversation().owner == QUEUE
        super().customer_gives_up_waiting()
        self.met["leave"] += waits and self.conversation().owner == BOT

    @precondition(lambda self: self.conversation().owner == BOT)
    @rule(name=st.sampled_from(NAMES), back=st.booleans(), done=st.booleans())
    def somebody_takes_over_in_mid_turn(self, name: str, back: bool, done: bool) -> None:
        """And may give it back before the bot is done."""
        self.customer_writes(again=False, number=0)
        if self.owes_an_answer():
            self.a_worker_takes_a_turn(which=0)
        if not self.in_flight:
            return
        self.staff_acts(name=name, kind="claim", stale=False, mine=False)
        if back:
            self.staff_acts(name=name, kind="back", stale=False, mine=True)
        if done:
            self.a_turn_ends(how="answers")

    @precondition(lambda self: agent_of(self.conversation().owner) is not None)
    @rule(kind=st.sampled_from(["say", "say", "back", "queue", "transfer", "snooze", "resolve"]))
    def the_owner_acts(self, kind: str) -> None:
        self.staff_acts(name="ann", kind=kind, stale=False, mine=True)

    @precondition(lambda self: self.conversation().owner not in (BOT, QUEUE))
    @rule(name=st.sampled_from(NAMES))
    def somebody_reopens_it(self, name: str) -> None:
        """After its owner has finished it, unless somebody has."""
        if self.conversation().owner != CLOSED:
            self.the_owner_acts(kind="resolve")
        self.staff_acts(name=name, kind="reopen", stale=False, mine=False)

    def bot_answers(self, book: TurnBook, leased: Leased, effects: tuple[Effect, ...]) -> None:
        row = self.conversation()
        if row.epoch != leased.epoch:
            self.met[f"an answer after a {'hand-back' if row.owner == BOT else 'takeover'}"] += 1
        super().bot_answers(book, leased, effects)

    def does(self, at: Acting, kind: str, as_of: AsOf, number: int) -> None:
        epoch = as_of.epoch
        other = at.session.get_one(StaffRow, NAMES[(NAMES.index(at.staff.id) + 1) % 3])
        done: dict[str, Callable[[], object]] = {
            "claim": lambda: acts.claim(at, epoch),
            "transfer": lambda: acts.transfer(at, epoch, to=other, team=None, note="a note"),
            "queue": lambda: acts.transfer(at, epoch, to=None, team=None, note=""),
            "back": lambda: acts.hand_back(at, epoch),
            "resolve": lambda: acts.resolve(at, epoch, outcome="resolved", note="", seen=as_of.seq),
            "reopen": lambda: acts.reopen(at, epoch),
            "snooze": lambda: acts.put_to_sleep(at, epoch, NOW + timedelta(hours=1), seen=as_of.seq),
            "wake": lambda: acts.wake_up(at),
            "say": lambda: saying.say(_gateway(self.store), at, f"a{number}", f"agent's {number}", epoch=epoch),
            "note": lambda: saying.note(at, f"n{at.row.seq}", "between us"),
        }
        done[kind]()

    @precondition(lambda self: self.last_act)
    @rule()
    def the_same_request_comes_again(self) -> None:
        """Its answer was lost on the way. Nothing happens twice."""
        assert self.last_act is not None
        kind, act = self.last_act
        self.met["again"] += 1
        before = self.conversation()
        if kind in ("wake", "note"):
            return
        was_done(act)
        after = self.conversation()
        assert (after.owner, after.epoch, after.seq) == (before.owner, before.epoch, before.seq)
        self.last_act = None

    @precondition(lambda self: self.conversation().snoozed_until)
    @rule()
    def the_desk_wakes_it(self) -> None:
        self.last_act = None
        self.met["wake"] += 1
        with self.store.write() as session:
            known(session, self.id, hold=True).snoozed_until = NOW
        keeper.wake_due(self.store)
        assert self.conversation().snoozed_until is None

    @precondition(lambda self: self.conversation().owner == QUEUE)
    @rule()
    def the_desk_gives_it_to_somebody(self) -> None:
        self.last_act = None
        self.met["assign"] += 1
        keeper.assign_next(self.store, FOLDER)
        assert agent_of(self.conversation().owner)

    @precondition(lambda self: agent_of(self.conversation().owner) is not None)
    @rule(who=st.sampled_from(NAMES))
    def an_account_is_closed(self, who: str) -> None:
        """And opened again, for the next step."""
        self.last_act = None
        self.met["close an account"] += 1
        self.close_account(who)

    def close_account(self, who: str) -> None:
        with self.store.write() as session:
            session.get_one(StaffRow, who).disabled_at = NOW
        keeper.take_back(self.store, FOLDER, unanswered=True)
        assert self.conversation().owner != agent(who)
        with self.store.write() as session:
            session.get_one(StaffRow, who).disabled_at = None

    @promise
    def no_message_is_answered_twice(self, seen: Seen) -> None:
        answered = [one.reply_to for one in seen.messages if one.author_kind == "bot" and one.reply_to]
        assert len(answered) == len(set(answered))

    @promise
    def every_change_of_owner_is_kept_once_and_in_a_chain(self, seen: Seen) -> None:
        owners = [BOT, *(row.owner for row in changes(seen))]
        assert all(before != after for before, after in pairwise(owners))
        assert (len(owners) - 1, owners[-1]) == (seen.row.epoch, seen.row.owner)

    @promise
    def every_change_comes_with_its_words_and_no_words_without_a_change(self, seen: Seen) -> None:
        by_seq = {message.seq: message for message in seen.messages}
        told = [row.seq for row in seen.handling if row.by != "customer" and row.what != "woken"]
        assert len(told) == len(set(told))
        for seq in told:
            words = by_seq[seq]
            assert words.author_kind == "system" or words.status in ("escalated", "error_engine")
            assert words.body.strip()
        notices = {message.seq for message in seen.messages if message.author_kind == "system"}
        assert notices <= set(told)

    @promise
    def the_bot_speaks_only_while_it_owns_the_conversation(self, seen: Seen) -> None:
        for message in seen.messages:
            if message.author_kind == "bot" and message.kind == "text":
                before = [row.owner for row in changes(seen) if row.seq < message.seq]
                assert (before or [BOT])[-1] == BOT, message.body

    @promise
    def staff_speak_only_while_it_is_theirs(self, seen: Seen) -> None:
        for message in seen.messages:
            if message.author_kind == "agent" and message.kind == "text":
                assert [row.owner for row in changes(seen) if row.seq < message.seq][-1] == agent(message.author)

    @promise
    def nothing_staff_sent_is_lost_doubled_or_reordered(self, seen: Seen) -> None:
        kept = [one for one in seen.messages if one.author_kind == "agent" and one.kind == "text"]
        assert [(one.id, one.body) for one in kept] == self.said

    @promise
    def nobody_is_left_in_silence(self, seen: Seen) -> None:
        """What the customer wrote last is answered, or the bot owes the answer, or people have it, or they left."""
        spoken = [one for one in seen.messages if one.kind in ("text", "button")]
        if seen.row.owner != BOT or not spoken or spoken[-1].author_kind != "customer":
            return
        left = [row.seq for row in seen.handling if row.what == "left_line"]
        if left and seen.messages[left[-1] - 1].reply_to == spoken[-1].id:
            return
        (owed,) = (turn for turn in seen.turns if turn.message_seq == spoken[-1].seq)
        assert owed.state in ("pending", "running")

    @promise
    def who_sleeps_is_with_a_person(self, seen: Seen) -> None:
        assert seen.row.snoozed_until is None or agent_of(seen.row.owner)

    @promise
    def the_item_tells_the_truth(self, seen: Seen) -> None:
        row = seen.row
        with self.store.read() as session:
            item = read_items(session, FOLDER.kb, [self.id], NOW)[self.id]
        assert (item["epoch"], item["place"]) == (row.epoch, 1 if row.owner == QUEUE else None)
        assert (item["agent"] or {}).get("id") == agent_of(row.owner)
        assert (item["promise_minutes"] is not None) >= (row.owner == QUEUE)

    def teardown(self) -> None:
        with self.store.write() as session:
            for table in (EscalationRow, HandlingRow, MessageRow, TurnRow):
                for row in session.scalars(select(table).where(table.conversation_id == self.id)):
                    session.delete(row)
            session.flush()
            session.delete(session.get_one(ConversationRow, self.id))


def _gateway(store: Store) -> Gateway:
    """What the checks before sending need of a gateway."""
    return cast("Gateway", SimpleNamespace(store=store, folder=FOLDER, settings=_settings(), rasa=None))


def _settings() -> Any:
    from plainly.settings import settings as current

    return current()


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("kind", KINDS)
def test_that_the_desk_keeps_its_promises(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINLY_NOW", NOW.isoformat())
    monkeypatch.setattr("plainly.store.turns.LEASE_SECONDS", 3_600.0)  # a slow machine must not end a lease
    assert clock.now() == NOW
    with TemporaryDirectory() as folder:
        address = fresh_database(kind, Path(folder))
        DeskMachine.store, DeskMachine.met = Store(address), Counter()
        try:
            run_state_machine_as_test(
                DeskMachine,
                settings=settings(
                    max_examples=30 if kind == "sqlite" else 10,
                    stateful_step_count=40,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            DeskMachine.store.close()
            drop_database(address)
    # PostgreSQL is slower: its fewer examples need not meet everything again.
    met = {what for what, times in DeskMachine.met.items() if times}
    assert kind != "sqlite" or met >= MUST_SEE, MUST_SEE - met
