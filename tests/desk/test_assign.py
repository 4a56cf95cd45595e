"""Who gets the next conversation when the desk assigns by itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainly.desk.assign import Candidate, Need, choose

ANN = Candidate("ann", "care", frozenset({"returns"}), capacity=2)
BEN = Candidate("ben", "trade", frozenset({"trade_credit"}), capacity=2)
CID = Candidate("cid", "care", frozenset({"returns", "fr"}), capacity=2)


@pytest.mark.parametrize(
    ("need", "candidates", "chosen"),
    [
        (Need(), (), None),
        (Need(), (replace(ANN, turn=2), replace(BEN, turn=1)), "ben"),
        (Need(skills=frozenset({"returns"})), (replace(ANN, turn=9), BEN), "ann"),
        (Need(skills=frozenset({"returns", "fr"})), (ANN, BEN, replace(CID, turn=9)), "cid"),
        (Need(skills=frozenset({"returns"})), (replace(ANN, load=2), BEN), "ben"),
        (Need(skills=frozenset({"gift_cards"})), (replace(ANN, turn=3), BEN), "ben"),
        (Need("trade"), (ANN, replace(BEN, turn=5)), "ben"),
        (Need("trade"), (ANN, replace(BEN, load=2)), None),
        (Need(""), (ANN,), "ann"),
        (Need(), (replace(ANN, capacity=0),), None),
    ],
)
def test_that_the_best_skilled_with_room_is_chosen_and_of_equals_the_one_whose_turn_it_is(
    need: Need, candidates: tuple[Candidate, ...], chosen: str | None
) -> None:
    found = choose(need, candidates)
    assert (found.id if found else None) == chosen


@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 40))
def test_that_equals_are_given_the_same_number_and_nobody_more_than_they_take(
    people: int, capacity: int, waiting: int
) -> None:
    staff = {f"s{number}": Candidate(f"s{number}", capacity=capacity) for number in range(people)}
    given_to: Counter[str] = Counter()
    for turn in range(waiting):
        chosen = choose(Need(), staff.values())
        if chosen is None:
            assert all(one.load == one.capacity for one in staff.values())
            break
        given_to[chosen.id] += 1
        staff[chosen.id] = replace(chosen, load=chosen.load + 1, turn=turn + 1)
    assert max(given_to.values(), default=0) <= capacity
    assert max(given_to.values(), default=0) - min((given_to[name] for name in staff), default=0) <= 1
