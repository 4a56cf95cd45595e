"""What the dialogue remembers once people are done: what they said and granted, and nothing of what was pending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plainly.model import PastGrant, PersonSaid

_MOST_TOLD = 20
_LONGEST = 1_000
_NOTHING_PENDING: Mapping[str, Any] = {
    "awaiting": "nothing",
    "asked": None,
    "choices": [],
    "pushbacks": 0,
    "unclear": 0,
    "part": "",
}


def at_rest(context: Mapping[str, Any]) -> dict[str, Any]:
    """The memory of a finished matter: facts and decision stay; no question, offer or climb is pending any more.

    Without this a customer who comes back would be answered as if in the middle of the old dispute.
    """
    return {**context, **_NOTHING_PENDING}


def after_people(
    context: Mapping[str, Any], told: Sequence[PersonSaid], granted: Sequence[PastGrant]
) -> dict[str, Any]:
    """The memory that the bot goes on from: at rest, with what people wrote and granted.

    A lever that was granted counts as offered, so that the bot does not offer it once more.
    """
    offered = [*context.get("offered", ()), *(f"lever:{one.lever}" for one in granted)]
    return {
        **at_rest(context),
        "offered": list(dict.fromkeys(offered)),
        "told": [{"by": one.by, "text": one.text[:_LONGEST]} for one in told[-_MOST_TOLD:]],
        "granted": [{"by": one.by, "policy": one.policy, "lever": one.lever, "what": one.what} for one in granted],
    }
