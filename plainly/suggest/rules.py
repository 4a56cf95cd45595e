"""Decisions in words from the rules alone: no search, no language tools, so that any process can afford them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from plainly.model import Case, Context, Facts, KnowledgeBase, Reply, Tone, Understanding

if TYPE_CHECKING:
    from plainly.turn import Engine

_SILENT = Understanding({}, Tone("calm", 0.0), False, False, False, (), "en")


class Rules:
    """A knowledge base that decides as `plainly.turn.Engine` does, for facts that are given."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb

    def decide(self, path: str, facts: Facts, now: datetime) -> Reply:
        """What a customer with these facts reads about one decision ("returns.can_return")."""
        # The moves take a moment to load, and most processes that hold a folder never decide.
        from plainly.turn.moves.deciding import decide_table
        from plainly.turn.turn import Turn

        case = Case(text="", act="inform", now=now, facts=facts, context=Context(decision=path))
        # Without words there is nothing to search for: of the engine only its folder is looked at.
        turn = Turn(cast("Engine", self), case, _SILENT, dict(facts), ())
        return decide_table(turn, self.kb.table(path))
