"""A piece of work runs once, however often it is asked for."""

from __future__ import annotations

import asyncio

import pytest

from rasa_parts.once import Once
from rasa_parts.refusal import Refusal


class Work:
    """Counts its runs; fails the first `failures` times."""

    def __init__(self, failures: int = 0) -> None:
        self.runs = 0
        self._failures = failures

    async def __call__(self) -> int:
        self.runs += 1
        run = self.runs
        await asyncio.sleep(0.01)
        if run <= self._failures:
            raise ConnectionError("the other end is down")
        return run


async def test_that_three_at_once_share_one_run() -> None:
    once, work = Once[int](), Work()
    assert await asyncio.gather(*(once.run("k", "asked", work) for _ in range(3))) == [1, 1, 1]
    assert work.runs == 1


async def test_that_a_finished_run_is_remembered() -> None:
    once, work = Once[int](), Work()
    assert [await once.run("k", "asked", work) for _ in range(2)] == [1, 1]


async def test_that_a_failed_run_is_tried_again() -> None:
    once, work = Once[int](), Work(failures=1)
    with pytest.raises(ConnectionError):
        await once.run("k", "asked", work)
    assert await once.run("k", "asked", work) == 2


async def test_that_all_who_wait_hear_of_the_failure() -> None:
    once, work = Once[int](), Work(failures=1)
    heard = await asyncio.gather(*(once.run("k", "asked", work) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in heard] == [ConnectionError] * 3
    assert work.runs == 1


async def test_that_a_caller_who_hangs_up_does_not_stop_the_run() -> None:
    once, work = Once[int](), Work()
    caller = asyncio.create_task(once.run("k", "asked", work))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await once.run("k", "asked", work) == 1


async def test_that_one_key_cannot_stand_for_two_things() -> None:
    once, work = Once[int](), Work()
    await once.run("k", "asked", work)
    with pytest.raises(Refusal, match="another message"):
        await once.run("k", "something else", work)


async def test_that_memory_is_bounded_and_the_oldest_goes_first() -> None:
    once = Once[int](size=2)
    works = {key: Work() for key in "abc"}
    for key in "abc":
        await once.run(key, "asked", works[key])
    await once.run("c", "asked", works["c"])
    assert len(once) <= 3
    await once.run("a", "asked", works["a"])
    assert (works["a"].runs, works["c"].runs) == (2, 1)


async def test_that_a_result_is_forgotten_after_its_time() -> None:
    now = [0.0]
    once, work = Once[int](seconds=60, clock=lambda: now[0]), Work()
    assert await once.run("k", "asked", work) == 1
    now[0] = 59
    assert await once.run("k", "asked", work) == 1
    now[0] = 61
    assert await once.run("k", "asked", work) == 2


async def test_that_a_run_under_way_is_never_forgotten() -> None:
    now = [0.0]
    once, work = Once[int](size=0, seconds=1, clock=lambda: now[0]), Work()
    first = asyncio.create_task(once.run("k", "asked", work))
    await asyncio.sleep(0)
    now[0] = 100
    assert await once.run("k", "asked", work) == await first == 1
