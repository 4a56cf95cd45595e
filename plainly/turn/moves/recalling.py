"""What people said and granted while they had the conversation: the bot goes on from there."""

from __future__ import annotations

from plainly.model import Citation
from plainly.turn.turn import Draft
from plainly.wording.phrases import phrases

_ALIKE = 0.5
"""From this likeness on, what a person wrote is held to be about what the customer asks now."""


def what_stands(draft: Draft, policy: str, role: str = "next") -> bool:
    """A "no" of the rules does not take back what a person granted under them; whether there was such a thing."""
    granted = [one for one in draft.turn.case.context.granted if one.policy == policy]
    levers = draft.turn.kb.policies[policy].levers
    for one in granted[-2:]:
        draft.add(role, phrases().line("answer.person_granted", by=one.by, what=one.what))
        if one.lever in levers:
            draft.cite(Citation.of(policy, levers[one.lever].clause), shown=False)
    return bool(granted)


def what_was_said(draft: Draft) -> bool:
    """Quotes what a person wrote to the same question; whether there was such a thing."""
    told = draft.turn.case.context.told
    likeness = [draft.turn.engine.likeness(draft.turn.case.text, (said.text,)) for said in told]
    if not told or max(likeness) < _ALIKE:
        return False
    said = told[likeness.index(max(likeness))]
    draft.add("rule", phrases().line("answer.person_said", by=said.by, text=" ".join(said.text.split())))
    return True
