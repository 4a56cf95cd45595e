"""A decision as programs get it: the JSON of `plainly decide` and of the API for other help desks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from plainly.decide import canonical, decide, find_table
from plainly.decide.comparing import tests_in
from plainly.errors import PlainlyError
from plainly.kb import parse_value
from plainly.kb.problems import did_you_mean
from plainly.model import Decision, Facts, KnowledgeBase, KnownFact, Value
from plainly.turn.wire import decision_to_json, value_from_json

if TYPE_CHECKING:
    from plainly.suggest.rules import Rules
    from plainly.turn import Engine

# A person must look at these; they are answers, not mistakes of whoever asked.
_FOR_A_PERSON = {"no_value_at_date", "rules_overlap", "no_rule_matches"}
_STATUS = {"yes": "decided_yes", "no": "decided_no", "partly": "decided_partly", "agent": "needs_agent"}


def decided(engine: Engine | Rules, path: str, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The decision as the contract's JSON. Raises PlainlyError for an unknown decision, fact or value."""
    table = find_table(engine.kb, path)
    facts = read_facts(engine.kb, given)
    try:
        decision = decide(engine.kb, table.id, facts, now.date())
    except PlainlyError as wrong:
        if wrong.code not in _FOR_A_PERSON:
            raise
        return _left_to_a_person(wrong, engine.decide(table.id, facts, now).text)
    whole = decision_to_json(decision)
    return {
        "status": _STATUS[decision.verdict] if decision.verdict else "asked_fact",
        "outcome": decision.outcome,
        "verdict": decision.verdict,
        "missing": list(decision.missing),
        "asks": decision.asks,
        "because": _because(engine.kb, decision, facts),
        "nearest_yes": whole["nearest_yes"],
        "citations": whole["citations"],
        "receipt": whole["receipt"],
        "text": engine.decide(table.id, facts, now).text,
    }


def _left_to_a_person(wrong: PlainlyError, text: str) -> dict[str, Any]:
    because = [{"code": wrong.code, "message": wrong.message, **wrong.data}]
    empty: dict[str, Any] = {"outcome": None, "verdict": "agent", "missing": [], "asks": None}
    return {
        "status": "needs_agent", **empty, "because": because,
        "nearest_yes": None, "citations": [], "receipt": None, "text": text,
    }  # fmt: skip


def _because(kb: KnowledgeBase, decision: Decision, facts: Facts) -> list[dict[str, Any]]:
    """The rows that decide, each with its clauses, the facts it tested and the dated values it read."""
    if decision.outcome is None:
        return []
    rules = {rule.id: rule for rule in kb.table(decision.table).rules}
    rows = [row for row in decision.trace.rows if row.result != "no" and row.overridden_by is None]
    found = []
    for row in rows:
        rule = rules[row.rule]
        if rule.then != decision.outcome or decision.rule not in {None, row.rule}:
            continue
        tested = {test.fact for test in tests_in(rule.when)}
        found.append({
            "row": rule.id,
            "clauses": list(rule.clauses),
            "facts": {name: canonical(fact.value) for name, fact in sorted(facts.items()) if name in tested},
            "values": [
                {"parameter": used.parameter, "value": canonical(used.value),
                 "since": used.start.isoformat(), "clause": used.clause}
                for used in decision.trace.parameters
            ],
        })  # fmt: skip
    return found


def read_facts(kb: KnowledgeBase, given: Mapping[str, Any]) -> Facts:
    """Facts as people or programs write them. Raises PlainlyError for an unknown fact or a wrong value."""
    for name in given:
        if name not in kb.facts:
            hint = did_you_mean(name, kb.facts)
            raise PlainlyError("unknown_fact", f"There is no fact “{name}”. {hint}".rstrip(), {"fact": name})
    return {name: KnownFact(name, _value(kb, name, said), "record") for name, said in given.items()}


def _value(kb: KnowledgeBase, name: str, said: Any) -> Value:
    if isinstance(said, Mapping):
        return value_from_json(said)
    text = {True: "yes", False: "no"}[said] if isinstance(said, bool) else str(said)
    try:
        return parse_value(kb.facts[name], text)
    except PlainlyError as wrong:
        raise PlainlyError(wrong.code, f"{name}: {wrong.message}", {"fact": name, "value": text}) from None
