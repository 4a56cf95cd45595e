"""The escalation ladder of business.yml: who comes next, without a step taken twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence

_WHO_LEAD = {"supervisor", "owner"}


def next_step(ladder: Sequence[str], had_by: Collection[str]) -> str:
    """Who comes after the people who had a conversation, by their roles; empty at the ladder's end.

    The first step is whoever answers, the second whoever leads them; what comes after has no desk here.
    """
    taken = 2 if _WHO_LEAD & set(had_by) else 1
    return ladder[taken] if taken < len(ladder) else ""
