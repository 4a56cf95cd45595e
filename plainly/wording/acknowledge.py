"""The one sentence that shows we heard the customer, before any rule.

None on a neutral question, none twice in a conversation, and none that could fit anyone when we
know what happened to this one.
"""

from __future__ import annotations

from collections.abc import Collection

from plainly.model import Understanding, Verdict
from plainly.wording.phrases import Phrase, phrases

STRONG = ("angry", "annoyed", "disappointed", "worried")


def acknowledge(
    understanding: Understanding, verdict: Verdict | None, told: str, said: Collection[str]
) -> Phrase | None:
    """A fresh acknowledgement that fits, or None.

    `told` is the read-back of what the customer just told us ("it arrived 40 days ago").
    """
    situation, tone = understanding.situation, understanding.tone.label
    if situation and not _was_said(f"acknowledge.situation.{situation}", said):
        phrase = phrases().fresh(f"acknowledge.situation.{situation}", said)
        if phrase:
            return phrase
    if tone in ("calm", "grateful") or (tone == "confused" and (verdict is not None or understanding.facts)):
        return None
    if told and verdict and tone in STRONG:
        phrase = phrases().fresh(f"acknowledge.told.{tone}_{verdict}", said, told=told[:1].upper() + told[1:])
        if phrase:
            return phrase
    return phrases().fresh(f"acknowledge.tone.{tone}", said)


def _was_said(key: str, said: Collection[str]) -> bool:
    return any(id_.startswith(f"{key}#") for id_ in said)
