"""Facts and a date in, a decision out: the same facts give the same decision, whoever asks and however."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from typing import cast

from plainly.decide.case import known_value, place_in_condition, place_in_table, stand
from plainly.decide.diagram import Allowed, levels, results
from plainly.decide.errors import DecideError
from plainly.decide.nearest import nearest_yes
from plainly.decide.parameters import value_at
from plainly.decide.receipt import citations, clauses_of, receipt
from plainly.decide.space import Space
from plainly.decide.trace import chain, facts_of, parameters_read, rows_tried
from plainly.model import Condition, Decision, DecisionTable, Facts, KnowledgeBase, Trace, Value


def decide(kb: KnowledgeBase, path: str, facts: Facts, today: date) -> Decision:
    """What the rules of "policy.decision" say about these facts on this day.

    Missing facts stay missing: the outcome is None until every way they could turn out agrees.
    Raises DecideError when a dated value is missing, rows overlap or no row fits: a person must look.
    """
    table = find_table(kb, path)
    space, allowed = place_in_table(kb, table, facts, today)
    standing = stand(space, allowed)
    if standing.outcomes.is_leaf:
        if not isinstance(standing.outcomes.value, str):
            raise _broken(table, cast(tuple[int, ...], standing.outcomes.value))
        return _settled(kb, table, _Placed(space, allowed, facts, today))
    _refuse_undated(space, levels(standing.outcomes))
    assert standing.asks is not None
    return Decision(
        table=table.id, outcome=None, verdict=None,
        missing=tuple(map(space.name, standing.missing)), asks=space.name(standing.asks), rule=None,
        trace=_trace(kb, table, _Placed(space, allowed, facts, today), range(len(table.rules))),
        nearest_yes=None, citations=(), receipt=None,
    )  # fmt: skip


def is_true(kb: KnowledgeBase, policy: str, condition: Condition, facts: Facts, today: date) -> bool | None:
    """Whether a condition holds, None while the facts leave it open. Parameters are read at `today`."""
    space, allowed = place_in_condition(kb, policy, condition, facts, today)
    node = stand(space, allowed).outcomes
    return bool(node.value) if node.is_leaf else None


def find_table(kb: KnowledgeBase, path: str) -> DecisionTable:
    """The decision table at "policy.decision". Raises DecideError with the nearest name when there is none."""
    policy, _, name = path.partition(".")
    if policy not in kb.policies:
        raise DecideError(
            "unknown_policy", f"There is no policy {policy!r}{_meant(policy, kb.policies)}", {"policy": policy}
        )
    if name not in kb.policies[policy].decisions:
        known = {table.id for one in kb.policies.values() for table in one.decisions.values()}
        raise DecideError("unknown_decision", f"There is no decision {path!r}{_meant(path, known)}", {"decision": path})
    return kb.policies[policy].decisions[name]


def _meant(name: str, known: object) -> str:
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)  # type: ignore[call-overload]
    return f"; did you mean {near[0]!r}?" if near else "."


class _Placed:
    """A case in its space."""

    def __init__(self, space: Space, allowed: Allowed, facts: Facts, today: date) -> None:
        self.space = space
        self.allowed = allowed
        self.facts = facts
        self.today = today


def _settled(kb: KnowledgeBase, table: DecisionTable, case: _Placed) -> Decision:
    standing = stand(case.space, case.allowed)
    outcome = cast(str, standing.outcomes.value)
    rows = sorted({row for found in results(standing.rows) for row in cast(tuple[int, ...], found)})
    policy = kb.policies[table.policy]
    clauses = clauses_of([table.rules[row] for row in rows])
    verdict = table.outcomes[outcome].verdict
    known = {
        name: cast(Value, known_value(kb, case.facts, name))
        for name in facts_of(case.space, table.counts_from)
        if name in case.facts
    }
    return Decision(
        table=table.id, outcome=outcome, verdict=verdict, missing=(), asks=None,
        rule=table.rules[rows[0]].id if len(rows) == 1 else None,
        trace=_trace(kb, table, case, chain(table, rows)),
        nearest_yes=nearest_yes(case.space, table, case.allowed, case.facts, verdict),
        citations=citations(policy, clauses),
        receipt=receipt(policy, table, outcome=outcome, clauses=clauses, facts=known, as_of=case.today),
    )  # fmt: skip


def _trace(kb: KnowledgeBase, table: DecisionTable, case: _Placed, rows: Sequence[int]) -> Trace:
    known = known_value(kb, case.facts, table.counts_from) if table.counts_from else case.today
    dates = [known] if isinstance(known, date) else _possible_dates(case)
    return Trace(
        rows=rows_tried(case.space, table, case.allowed),
        facts=tuple(name for name in facts_of(case.space, table.counts_from) if name in case.facts),
        parameters=parameters_read(case.space, table, rows, dates),
        counts_from=known if isinstance(known, date) else case.today,
    )


def _possible_dates(case: _Placed) -> list[date]:
    first = case.space.levels[0] if case.space.levels else None
    if first is None or not first.periods:
        return [case.today]
    return [cast(date, first.cells[cell].values[0]) for cell in case.allowed[0]]


def _refuse_undated(space: Space, open_levels: Sequence[int]) -> None:
    """Say which value is missing when the outcome hangs on a parameter that has none at this date."""
    if space.ask.reads_at and any(space.levels[level].fact is None for level in open_levels):
        for parameter in space.ask.parameters:
            value_at(parameter, space.ask.reads_at)


def _broken(table: DecisionTable, rows: tuple[int, ...]) -> DecideError:
    names = [table.rules[row].id for row in rows]
    if names:
        message = f"{table.id}: the rows {' and '.join(names)} all fit this case, and only one may. A person must look."
        return DecideError("rules_overlap", message, {"decision": table.id, "rows": names})
    return DecideError(
        "no_rule_matches", f"{table.id}: no row fits this case. A person must look.", {"decision": table.id}
    )
