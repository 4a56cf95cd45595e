"""Who may speak, and how that changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainly.desk import (
    BOT,
    CLOSED,
    QUEUE,
    BotReplied,
    Claimed,
    Conversation,
    CustomerWrote,
    Escalated,
    Event,
    HandedBack,
    Left,
    NotAllowed,
    Reassigned,
    Reopened,
    Resolved,
    Transferred,
    agent,
    agent_of,
    move,
)

ANN, BEN = agent("ann"), agent("ben")


@pytest.mark.parametrize(
    ("owner", "event", "then"),
    [
        (BOT, BotReplied(0), BOT),
        (BOT, Escalated(0, "asked"), QUEUE),
        (QUEUE, Claimed(0, "ann"), ANN),
        (BOT, Claimed(0, "ann"), ANN),
        (ANN, Transferred(0, "ann", "ben"), BEN),
        (ANN, Transferred(0, "ann"), QUEUE),
        (ANN, HandedBack(0, "ann"), BOT),
        (QUEUE, Left(0), BOT),
        (ANN, Resolved(0, "ann"), CLOSED),
        (QUEUE, Resolved(0, "ann"), CLOSED),
        (BOT, Resolved(0), CLOSED),
        (ANN, Reassigned(0, "eve", "ben"), BEN),
        (ANN, Reassigned(0, "eve"), QUEUE),
        (QUEUE, Reassigned(0, "eve", "ben"), BEN),
        (CLOSED, Reopened(0, "ann"), ANN),
        (CLOSED, CustomerWrote(), BOT),
        (QUEUE, CustomerWrote(), QUEUE),
        (ANN, CustomerWrote(), ANN),
    ],
)
def test_that_an_allowed_event_changes_the_owner(owner: str, event: Event, then: str) -> None:
    after = move(Conversation("c", owner), event)
    assert after == Conversation("c", then, 0 if then == owner else 1)


@pytest.mark.parametrize(
    ("owner", "event"),
    [
        (QUEUE, BotReplied(0)),
        (ANN, BotReplied(0)),
        (CLOSED, BotReplied(0)),
        (QUEUE, Escalated(0, "asked")),
        (ANN, Escalated(0, "error")),
        (ANN, Claimed(0, "ben")),
        (CLOSED, Claimed(0, "ben")),
        (ANN, Transferred(0, "ben", "ben")),
        (ANN, HandedBack(0, "ben")),
        (QUEUE, HandedBack(0, "ann")),
        (ANN, Left(0)),
        (BOT, Left(0)),
        (CLOSED, Left(0)),
        (ANN, Resolved(0, "ben")),
        (ANN, Resolved(0)),
        (QUEUE, Resolved(0)),
        (BOT, Reassigned(0, "eve", "ben")),
        (CLOSED, Reassigned(0, "eve", "ben")),
        (BOT, Reopened(0, "ann")),
        (QUEUE, Reopened(0, "ann")),
        (BEN, Reopened(0, "ann")),
    ],
)
def test_that_nobody_does_what_is_not_theirs_to_do(owner: str, event: Event) -> None:
    refused = move(Conversation("c", owner), event)
    assert isinstance(refused, NotAllowed)
    assert refused.code == "wrong_owner"
    assert owner in refused.message


def test_that_of_two_agents_only_one_can_win() -> None:
    won = move(Conversation("c", QUEUE, 3), Claimed(3, "ann"))
    assert won == Conversation("c", ANN, 4)
    lost = move(won, Claimed(3, "ben"))
    assert isinstance(lost, NotAllowed)
    assert lost.code == "stale"


def test_that_a_bot_reply_started_before_a_takeover_is_refused_even_after_the_return() -> None:
    conversation = Conversation("c", BOT, 0)
    for event in (Claimed(0, "ann"), HandedBack(1, "ann")):
        after = move(conversation, event)
        assert isinstance(after, Conversation)
        conversation = after
    assert isinstance(move(conversation, BotReplied(0)), NotAllowed)
    assert move(conversation, BotReplied(2)) == conversation


names = st.sampled_from(["ann", "ben"])
epochs = st.integers(0, 6)
events = st.one_of(
    st.builds(BotReplied, epochs),
    st.builds(Escalated, epochs, st.just("asked")),
    st.builds(Claimed, epochs, names),
    st.builds(Transferred, epochs, names, st.one_of(st.none(), names)),
    st.builds(Reassigned, epochs, st.just("eve"), st.one_of(st.none(), names)),
    st.builds(Reopened, epochs, names),
    st.builds(HandedBack, epochs, names),
    st.builds(Left, epochs),
    st.builds(Resolved, epochs, st.one_of(st.none(), names)),
    st.builds(CustomerWrote),
)


@given(st.lists(events, max_size=30))
def test_that_there_is_always_one_owner_and_the_epoch_counts_every_change(happened: list[Event]) -> None:
    conversation = Conversation("c")
    for event in happened:
        after = move(conversation, event)
        if isinstance(after, NotAllowed):
            continue
        assert after.owner in (BOT, QUEUE, CLOSED) or agent_of(after.owner) in ("ann", "ben")
        assert after.epoch == conversation.epoch + (after.owner != conversation.owner)
        conversation = after
