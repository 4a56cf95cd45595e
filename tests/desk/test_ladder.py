"""The ladder leads on, and never back to a step that was taken."""

from __future__ import annotations

import pytest

from plainly.desk.ladder import next_step

LADDER = ("Our chat team", "A supervisor", "The complaints team", "The Ombudsman")


@pytest.mark.parametrize(
    ("had_by", "step"),
    [
        ((), "A supervisor"),
        (("agent",), "A supervisor"),
        (("agent", "supervisor"), "The complaints team"),
        (("owner",), "The complaints team"),
    ],
)
def test_that_the_next_step_goes_by_who_had_it(had_by: tuple[str, ...], step: str) -> None:
    assert next_step(LADDER, had_by) == step


def test_that_a_ladder_ends() -> None:
    assert next_step(LADDER[:1], ()) == ""
    assert next_step(LADDER[:2], ("supervisor",)) == ""
