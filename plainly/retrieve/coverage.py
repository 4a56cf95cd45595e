"""Does the folder answer this at all? A probability, from how well the best clause fits the question."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp

import numpy as np

from plainly.retrieve.board import FIGURES, Figures
from plainly.retrieve.lexical import Query

# A question this short says little by itself: "and if it's opened?"
_FEW_WORDS = 2


def signs(
    figures: Figures, scores: Figures, query: Query, *, strangeness: Mapping[str, float], discussing: bool
) -> dict[str, float]:
    """What tells a covered question from another, each about between 0 and 1."""
    if not len(figures):
        return {}
    order = np.argsort(-scores)
    best = dict(zip(FIGURES, figures[order[0]], strict=True))
    lead = float(scores[order[0]] - scores[order[min(5, len(order) - 1)]])
    few = len(query.groups) <= _FEW_WORDS
    return {
        "top_meaning": float(max(best["own_meaning"], best["linked_meaning"])),
        "policy_meaning": float(best["policy_meaning"]),
        "taught": float(max(0.0, best["taught"])),
        "asked_meaning": float(best["asked_meaning"]),
        "top_words": float(max(best["own_words"], best["linked_words"])),
        "policy_words": float(best["policy_words"]),
        "unknown": len(query.unknown) / max(1, len(query.groups)),
        "lead": lead,
        "follow_up": float(discussing and few),
        **strangeness,
    }


def probability(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The chance (0 to 1) that the folder answers the question."""
    if not found:
        return 0.0
    total = weights["bias"] + sum(weights[name] * value for name, value in found.items())
    return 1 / (1 + exp(-max(-40.0, min(40.0, total))))
