"""Receipts and citations: what staff can verify later, and the clauses an answer rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from plainly.decide.values import canonical
from plainly.model import Citation, DecisionTable, Policy, Receipt, Rule, Value

_ID_LENGTH = 12


def receipt(
    policy: Policy,
    table: DecisionTable,
    *,
    outcome: str,
    clauses: Sequence[str],
    facts: Mapping[str, Value],
    as_of: date,
) -> Receipt:
    """The receipt of a settled decision. Its id changes when anything in it does."""
    said = {name: canonical(facts[name]) for name in sorted(facts)}
    content = {
        "policy": policy.id, "version": policy.version, "decision": table.name, "clauses": list(clauses),
        "facts": said, "outcome": outcome, "as_of": canonical(as_of),
    }  # fmt: skip
    return Receipt(identity(content), policy.id, policy.version, table.name, tuple(clauses), said, outcome, as_of)


def identity(content: Mapping[str, Any]) -> str:
    """The id of a receipt: a hash of all it says, which is everything but the id itself."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]


def clauses_of(rules: Sequence[Rule]) -> tuple[str, ...]:
    """The clauses these rows share, or all of theirs when they share none; the most specific first."""
    every = dict.fromkeys(clause for rule in rules for clause in rule.clauses)
    shared = [clause for clause in every if all(clause in rule.clauses for rule in rules)]
    return tuple(sorted(shared or every, key=lambda clause: -clause.count(".")))


def citations(policy: Policy, clauses: Sequence[str]) -> tuple[Citation, ...]:
    """Clause names as citations: "2.1" is this policy's, "refunds.2-1" another's."""
    return tuple(Citation.of(policy.id, clause) for clause in clauses)
