"""Who gets the next waiting conversation when the desk assigns by itself: in turn, by skill, within capacity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """What a waiting conversation asks for: a team when it must be that one, and skills that help."""

    team: str | None = None
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """Somebody at the desk. `load` counts the conversations they have; `turn` grows with each one they are given."""

    id: str
    team: str = ""
    skills: frozenset[str] = frozenset()
    capacity: int = 1
    load: int = 0
    turn: int = 0


def choose(need: Need, candidates: Iterable[Candidate]) -> Candidate | None:
    """Of those with room in the team asked for: the best skilled, and of equals whose turn was longest ago."""
    free = [one for one in candidates if one.load < one.capacity and need.team in (None, "", one.team)]
    return min(free, key=lambda one: (-len(need.skills & one.skills), one.turn, one.id), default=None)
