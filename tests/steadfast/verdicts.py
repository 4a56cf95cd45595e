"""Which verdicts a reply states, read from its words: another one than the decision's is a slip."""

from __future__ import annotations

import re
from functools import lru_cache

from plainly.model import KnowledgeBase, Wording

SLOT = re.compile(r"\\\{[^}]*\\\}")


def stated(text: str, kb: KnowledgeBase, decision: str) -> set[str]:
    """The outcomes of a decision whose verdict sentence the text holds."""
    return {outcome for outcome, pattern in _patterns(_Folder(kb), decision) if pattern.search(_plain(text))}


def contradicts(text: str, kb: KnowledgeBase, decision: str, outcome: str) -> set[str]:
    """Outcomes with another verdict that the text states and the decision's own words do not."""
    verdict = kb.table(decision).outcomes[outcome].verdict
    own = set().union(*(stated(words, kb, decision) for words in _verdicts(_wording(kb, decision, outcome))))
    others = stated(text, kb, decision) - own - {outcome}
    return {other for other in others if kb.table(decision).outcomes[other].verdict != verdict}


class _Folder:
    """A knowledge base as a key: two of the same version are the same."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb

    def __hash__(self) -> int:
        return hash(self.kb.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Folder) and other.kb.version == self.kb.version


@lru_cache(maxsize=64)
def _patterns(folder: _Folder, decision: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """One pattern for each verdict text; a slot stands for any words."""
    return tuple(
        (outcome, re.compile(SLOT.sub(".{1,60}?", re.escape(_plain(text)))))
        for outcome in folder.kb.table(decision).outcomes
        for text in _verdicts(_wording(folder.kb, decision, outcome))
    )


def _wording(kb: KnowledgeBase, decision: str, outcome: str) -> Wording:
    policy, _, name = decision.partition(".")
    return kb.policies[policy].wordings[f"{name}.{outcome}"]


def _verdicts(wording: Wording) -> list[str]:
    return [variant.text for variant in wording.parts.get("verdict", ())]


def _plain(text: str) -> str:
    return " ".join(text.replace("*", "").replace("’", "'").lower().split())
