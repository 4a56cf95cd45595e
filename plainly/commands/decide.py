"""`plainly decide`: what the rules say about a case, with its reasons, straight from the folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from plainly.commands.lines import as_of_now, each_line, open_folder
from plainly.errors import PlainlyError

if TYPE_CHECKING:
    from plainly.model import Decision, Facts, KnowledgeBase, Value
    from plainly.suggest.rules import Rules
    from plainly.turn import Engine

# A person must look at these; they are answers, not mistakes of whoever asked.
_FOR_A_PERSON = {"no_value_at_date", "rules_overlap", "no_rule_matches"}
_STATUS = {"yes": "decided_yes", "no": "decided_no", "partly": "decided_partly", "agent": "needs_agent"}


def command(  # noqa: PLR0917 - the contract's flags
    decision: Annotated[str, typer.Argument(help="POLICY.DECISION, such as returns.can_return.")] = "",
    facts: Annotated[list[str] | None, typer.Argument(metavar="FACT=VALUE...", help="What is known.")] = None,
    kb: Annotated[Path | None, typer.Option(help="The policy folder.")] = None,
    as_of: Annotated[str, typer.Option(help="Pretend it is this day (2027-01-31).")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    as_jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Read {"id", "decision", "facts", "as_of"} lines, print one line each.')
    ] = False,
) -> None:
    """Decide a case by the rules, with its reasons; facts that are missing are asked for."""
    now = as_of_now(as_of)
    engine = open_folder(kb)
    if as_jsonl:
        each_line(lambda line: _of_line(engine, line, now))
        return
    result = decided(engine, decision, _given(facts or []), now)
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else result["text"])


def _of_line(engine: Engine, line: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    given = line.get("facts", {})
    if not isinstance(line.get("decision"), str) or not isinstance(given, Mapping):
        raise PlainlyError("bad_line", 'A line needs "decision": "policy.decision" and "facts": {"name": value}.')
    moment = as_of_now(str(line["as_of"])) if line.get("as_of") else now
    return decided(engine, line["decision"], given, moment)


def _given(facts: list[str]) -> dict[str, str]:
    found = {}
    for one in facts:
        name, equals, value = one.partition("=")
        if not equals:
            raise PlainlyError("bad_fact", f"“{one}” is not a fact. Write it as name=value.", {"fact": one})
        found[name.strip()] = value.strip()
    return found


def decided(engine: Engine | Rules, path: str, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The decision as the contract's JSON. Raises PlainlyError for an unknown decision, fact or value."""
    from plainly.decide import decide, find_table
    from plainly.turn.wire import decision_to_json

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
    from plainly.decide import canonical
    from plainly.decide.comparing import tests_in

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
    from plainly.kb.problems import did_you_mean
    from plainly.model import KnownFact

    for name in given:
        if name not in kb.facts:
            hint = did_you_mean(name, kb.facts)
            raise PlainlyError("unknown_fact", f"There is no fact “{name}”. {hint}".rstrip(), {"fact": name})
    return {name: KnownFact(name, _value(kb, name, said), "record") for name, said in given.items()}


def _value(kb: KnowledgeBase, name: str, said: Any) -> Value:
    from plainly.kb import parse_value
    from plainly.turn.wire import value_from_json

    if isinstance(said, Mapping):
        return value_from_json(said)
    text = {True: "yes", False: "no"}[said] if isinstance(said, bool) else str(said)
    try:
        return parse_value(kb.facts[name], text)
    except PlainlyError as wrong:
        raise PlainlyError(wrong.code, f"{name}: {wrong.message}", {"fact": name, "value": text}) from None
