"""The shipped folder promises nothing that the assistant does not do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plainly.kb.loader import load
from plainly.run import ROOT

NO_ATTACHMENTS = re.compile(r"\b(photos?|proof|sizes|quote|film)\b[^.]*\bin th(e|is) chat\b", re.IGNORECASE)
NOBODY_STARTS_IT = re.compile(r"\btell (me|us) here\b|\byou hear from us\b|\bhave to do anything\b", re.IGNORECASE)
NO_NUMBERS = re.compile(r"\bget a (complaint )?number\b|\bnumber we give you\b", re.IGNORECASE)


def _said() -> Iterator[tuple[str, str]]:
    """Every wording and everything a reply may take from policy.md, with its name."""
    kb = load(ROOT / "policies_kb").kb
    assert kb is not None
    for policy in kb.policies.values():
        for name, wording in policy.wordings.items():
            for variant in (variant for variants in wording.parts.values() for variant in variants):
                yield f"{policy.id}/{name}", variant.text
        yield f"{policy.id} summary", policy.summary
        for clause in policy.clauses.values():
            yield f"{policy.id} {clause.number}", clause.text
        offers = [one.say for one in policy.alternatives.values()] + [one.say for one in policy.levers.values()]
        for text in offers + [one.say for one in policy.standards]:
            yield f"{policy.id} offers", text
        for step in (step for procedure in policy.procedures for step in procedure.steps):
            yield f"{policy.id} step", step


def test_that_nothing_asks_for_what_the_chat_cannot_take() -> None:
    assert [name for name, text in _said() if NO_ATTACHMENTS.search(text)] == []


def test_that_nothing_promises_what_nobody_starts() -> None:
    assert [name for name, text in _said() if NOBODY_STARTS_IT.search(text)] == []


def test_that_nothing_promises_a_complaint_number() -> None:
    assert [name for name, text in _said() if NO_NUMBERS.search(text)] == []
