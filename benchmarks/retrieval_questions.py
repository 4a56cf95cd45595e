"""Reads the dev questions, with every figure the index has for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from encoder import SentenceEncoder
from plainly.retrieve.board import Figures
from plainly.retrieve.index import Index
from plainly.retrieve.lexical import Query
from plainly.retrieve.vectors import Vectors, encoded

DEV = Path(__file__).with_name("retrieval_dev.yml")


@dataclass(frozen=True)
class Asked:
    """A question with the clauses that answer it (none: the folder has no answer)."""

    text: str
    right: tuple[tuple[str, str], ...] = ()
    policy: str | None = None
    kind: str = "covered"


def read(path: Path = DEV) -> list[Asked]:
    data = yaml.safe_load(path.read_text("utf-8"))
    found = [Asked(text, _clauses(key)) for key, texts in data["covered"].items() for text in texts]
    for policy, asked in data.get("follow_ups", {}).items():
        found += [Asked(t, _clauses(key), policy, "follow_up") for key, texts in asked.items() for t in texts]
    for kind, texts in data["uncovered"].items():
        found += [Asked(text, kind=kind) for text in texts]
    return found


def _clauses(key: str) -> tuple[tuple[str, str], ...]:
    pairs = (name.partition(".") for name in key.split())
    return tuple((policy, number.replace("-", ".")) for policy, _, number in pairs)


class Remembering:
    """An encoder that keeps the questions' vectors on disk, so that fitting again takes seconds."""

    def __init__(self, encoder: SentenceEncoder, questions: list[Asked], cache: Path) -> None:
        texts = [asked.text for asked in questions]
        self.fingerprint = encoder.fingerprint
        self._encoder = encoder
        self._known = dict(zip(texts, encoded(texts, encoder, cache), strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        if all(text in self._known for text in texts):
            return np.array([self._known[text] for text in texts])
        return self._encoder.encode(texts)


@dataclass(frozen=True)
class Measured:
    """A question with its figures over all clauses, and which of these are right."""

    asked: Asked
    query: Query
    figures: Figures
    strangeness: Mapping[str, float]
    right: np.ndarray[tuple[int], np.dtype[np.bool_]]


def measure(index: Index, questions: list[Asked]) -> list[Measured]:
    clauses = index.clauses
    found = []
    for asked in questions:
        missing = set(asked.right) - set(clauses)
        if missing:
            raise SystemExit(f"{asked.text!r} names clauses that do not exist: {missing}")
        right = np.array([clause in asked.right for clause in clauses])
        look = index.look(asked.text)
        found.append(Measured(asked, index.query(asked.text), look.figures, look.strangeness, right))
    return found
