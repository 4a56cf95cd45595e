"""The figures fitted on questions (benchmarks/fit_retrieval.py writes them)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Whether a question is answered: `covered` is a logistic regression with its `bias`.

    At `floor` and above the folder answers, between `unclear` and `floor` it may.
    """

    covered: Mapping[str, float]
    floor: float
    unclear: float


@dataclass(frozen=True, kw_only=True)
class Weights(Coverage):
    """How much each figure counts.

    `rank` orders clauses; `discussed` is the head start of the policy being discussed; `close` the
    lead below which two policies are both offered. `untaught` judges by the clauses' own words, for
    a policy whose customers' questions nobody has noted yet.
    """

    rank: Mapping[str, float]
    discussed: float
    close: float
    untaught: Coverage


@lru_cache
def fitted() -> Weights:
    """The weights that ship."""
    read = json.loads((Path(__file__).parent / "weights.json").read_text("utf-8"))
    return Weights(**{**read, "untaught": Coverage(**read["untaught"])})
