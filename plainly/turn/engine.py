"""The engine: a case and a move go in, a reply comes out. No state between turns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from plainly.errors import PlainlyError
from plainly.model import Case, Context, DecisionTable, Facts, KnowledgeBase, KnownFact, Reply, Tone, Understanding
from plainly.retrieve import Index
from plainly.retrieve.vectors import Encoder
from plainly.turn.decisions import Decisions
from plainly.turn.moves import MOVES, case_first, safeguard, told_already, typed_choice, what_was_agreed
from plainly.turn.moves.deciding import decide_table
from plainly.turn.turn import Turn
from plainly.understand import understand

Vectors = npt.NDArray[np.float32]


class Engine:
    """A knowledge base, ready to answer from."""

    def __init__(self, kb: KnowledgeBase, index: Index, encoder: Encoder, cache_dir: Path | None = None) -> None:
        self.kb = kb
        self.index = index
        self._encoder = encoder
        self._decisions = Decisions(kb, encoder, cache_dir / "decisions" if cache_dir else None)
        self._vectors: dict[tuple[str, ...], Vectors] = {}

    def reply(self, case: Case, move: str) -> Reply:
        """What to say to a case when the dialogue rules chose this move (an action's name without "action_").

        A move may be overruled for safety (`safeguard`), by a button's words (`typed_choice`), by a question for what
        people agreed (`what_was_agreed`), by one that the last decision answers (`told_already`) and by a case that was
        told whole (`case_first`).
        Raises PlainlyError for a move that does not exist.
        """
        if move not in MOVES:
            raise PlainlyError(
                "no_move", f"There is no move “{move}”. There are: {', '.join(sorted(MOVES))}.", {"move": move}
            )
        turn = self.read(case)
        overruled = safeguard(turn, move) or typed_choice(turn) or what_was_agreed(turn) or told_already(turn, move)
        return overruled or case_first(turn, move) or MOVES[move](turn)

    def decide(self, path: str, facts: Facts, now: datetime) -> Reply:
        """What a customer with these facts reads about one decision ("returns.can_return")."""
        case = Case(text="", act="inform", now=now, facts=facts, context=Context(decision=path))
        return decide_table(self.read(case), self.kb.table(path))

    def read(self, case: Case) -> Turn:
        """The case with what its words say; a tapped button says just what it stands for."""
        tapped = {name: fact for name, fact in case.facts.items() if fact.source == "button"}
        if case.choice or tapped or not case.text.strip():
            understanding = _nothing_said(tapped)
        else:
            understanding = understand(case.text, self.kb, now=case.now, context=case.context)
        return Turn(self, case, understanding, _merge(case, understanding.facts), tuple(understanding.facts))

    def decisions_near(self, message: str, heard: Collection[str]) -> list[tuple[float, DecisionTable]]:
        """The folder's decisions by how near their questions and worked cases are to a message, best first."""
        return self._decisions.rank(self._encoder.encode([message])[0], heard)

    def likeness(self, question: str, texts: tuple[str, ...]) -> float:
        """Cosine between a question and the nearest of some texts, from -1 to 1."""
        if texts not in self._vectors:
            self._vectors[texts] = self._encoder.encode(texts)
        return float(np.max(self._vectors[texts] @ self._encoder.encode([question])[0]))

    def likeness_to_words(self, question: str, texts: Sequence[str]) -> float:
        """The same for texts made for one customer, whose vectors are not kept."""
        asked, *said = self._encoder.encode([question, *texts])
        return float(max(one @ asked for one in said))


def _merge(case: Case, heard: Facts) -> dict[str, KnownFact]:
    """Known facts: what was said before, what is said now, and above both what the records say."""
    records = {name: fact for name, fact in case.facts.items() if fact.source != "button"}
    return {**case.context.facts, **heard, **records}


def _nothing_said(tapped: Facts) -> Understanding:
    """A tapped button says just what it stands for, in no tone at all."""
    return Understanding(
        tapped, Tone("calm", 0.0), pushback=False, wants_human=False, complaint=False, asks=(), language="en"
    )
