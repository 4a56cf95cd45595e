"""The figures fitted on questions (benchmarks/fit_retrieval.py writes them)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True)
class Weights:
    """How much each figure counts.

    `rank` orders clauses; `discussed` is the head start of the policy being discussed; `close` the
    lead below which two policies are both offered; `covered` a logistic regression with its `bias`;
    at `floor` and above the folder answers, between `unclear` and `floor` it may.
    """

    rank: Mapping[str, float]
    discussed: float
    close: float
    covered: Mapping[str, float]
    floor: float
    unclear: float


@lru_cache
def fitted() -> Weights:
    """The weights that ship."""
    return Weights(**json.loads((Path(__file__).parent / "weights.json").read_text("utf-8")))
