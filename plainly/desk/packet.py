"""What a person must know before they say a word: the packet at the top of every escalation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plainly.model import EscalationReason

_LAST = 10
_FROM_CONTEXT: Mapping[str, tuple[str, Any]] = {
    "wants": ("question", ""),
    "policy": ("policy", None),
    "facts": ("facts", {}),
    "decision": ("decision", None),
    "decided": ("decided", None),
    "outcome": ("outcome", None),
    "receipt": ("receipt", None),
    "offered": ("offered", []),
    "declined": ("declined", []),
    "pushbacks": ("pushbacks", 0),
    "tones": ("tones", []),
    "situation": ("situation", None),
}


@dataclass(frozen=True)
class Said:
    """One message of the conversation, as the packet shows it."""

    author: str
    text: str


def packet(
    reason: EscalationReason,
    context: Mapping[str, Any],
    messages: Sequence[Said],
    given: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything known about the case. What the turn itself `given` wins over what the dialogue remembers.

    `context` is the dialogue's memory as JSON, with the last decision and its trace under "decided".
    `messages` are in order; the last ten are kept.
    """
    known = {name: context.get(key, empty) for name, (key, empty) in _FROM_CONTEXT.items()}
    known["wants"] = known["wants"] or _first_words(messages)
    last = [{"author": said.author, "text": said.text} for said in messages[-_LAST:]]
    return {**known, **(given or {}), "reason": reason, "last_messages": last}


def _first_words(messages: Sequence[Said]) -> str:
    """When the dialogue never understood a wish, the customer's own first words say it best."""
    return next((said.text for said in messages if said.author == "customer"), "")
