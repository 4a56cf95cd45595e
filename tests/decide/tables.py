"""Small folders built in Python, and a plain evaluator to hold the real one against."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from plainly.decide.cells import candidates, is_sensible
from plainly.decide.comparing import atom_of, tests_in
from plainly.model import (
    AllOf,
    AnyOf,
    Business,
    Clause,
    Condition,
    DatedValue,
    DecisionTable,
    Duration,
    Fact,
    Facts,
    FactType,
    KnowledgeBase,
    KnownFact,
    Not,
    OpeningHours,
    Option,
    Outcome,
    Parameter,
    ParameterRef,
    Policy,
    Rule,
    Scalar,
    Test,
    Value,
)

TODAY = date(2026, 11, 21)
BUSINESS = Business("Test", {}, OpeningHours({}, "Europe/London"), (), (), "")


def days(count: int) -> Duration:
    return Duration(count, "day")


def fact(name: str, kind: FactType, *options: str, changeable: bool = False, future: bool = False) -> Fact:
    found = tuple(Option(option, option, ()) for option in options)
    return Fact(name, kind, f"{name}?", options=found, changeable=changeable, future=future)


def parameter(name: str, *values: tuple[date, Decimal | Duration | None]) -> Parameter:
    dated = tuple(DatedValue(start, value, "1", expected=value is None) for start, value in values)
    return Parameter(name, name, "day", dated)


def rule(name: str, then: str, *tests: Condition, overrides: str | None = None, clause: str = "1") -> Rule:
    return Rule(name, AllOf(tests), then, (clause,), overrides)


OUTCOMES = {
    "yes": Outcome("yes", "yes"), "no": Outcome("no", "no"), "partly": Outcome("partly", "partly"),
    "other": Outcome("other", "no"), "needs_agent": Outcome("needs_agent", "agent"),
}  # fmt: skip


def kb_of(
    facts: tuple[Fact, ...], rules: tuple[Rule, ...], parameters: tuple[Parameter, ...] = (),
    *, counts_from: str | None = None, hit: str = "unique", policy: Policy | None = None,
) -> KnowledgeBase:  # fmt: skip
    """A folder of one policy "p" with one decision "d"."""
    clauses = {number: Clause("p", number, number, number) for number in ("1", "2", "2.1")}
    table = DecisionTable("p", "d", "d", hit, OUTCOMES, rules, counts_from)  # type: ignore[arg-type]
    base = policy or Policy("p", "P", "", "decided", "v1", clauses)
    full = replace(base, parameters={one.name: one for one in parameters}, decisions={"d": table})
    return KnowledgeBase("1", BUSINESS, {"p": full}, {one.name: one for one in facts})


def returns() -> KnowledgeBase:
    """The model policy: a window that grew, used things, bedding that was opened."""
    resellable = Test("condition", "in", ("unopened", "opened"))
    ordinary = Test("category", "in", ("general", "hygiene"))
    window = ParameterRef("window")
    bedding = (Test("category", "is", "hygiene"), Test("condition", "is", "opened"))
    return kb_of(
        (
            fact("arrived", "date"),
            fact("condition", "choice", "unopened", "opened", "used"),
            fact("category", "choice", "general", "hygiene", "custom"),
        ),
        (
            rule("in_time", "yes", ordinary, resellable, Test("arrived", "within", window)),
            rule("late", "no", ordinary, resellable, Test("arrived", "beyond", window)),
            rule("was_used", "partly", ordinary, Test("condition", "is", "used"), clause="2"),
            rule("custom", "needs_agent", Test("category", "is", "custom")),
            rule("bedding", "other", *bedding, overrides="in_time", clause="2.1"),
            rule("bedding_late", "other", *bedding, overrides="late", clause="2.1"),
        ),
        (parameter("window", (date(2023, 1, 1), days(14)), (date(2025, 11, 1), days(30))),),
        counts_from="arrived",
    )


def known(**values: Value) -> Facts:
    return {name: KnownFact(name, value) for name, value in values.items()}


# --- the plain evaluator: exact facts only, straight from the format's words -----------------------


def outcome_of(kb: KnowledgeBase, facts: Mapping[str, Scalar], today: date) -> str | tuple[str, ...]:
    """The outcome of an exact case, or the ids of the rows that win when they are not one."""
    table = kb.table("p.d")
    at = facts[table.counts_from] if table.counts_from else today
    assert isinstance(at, date)
    matching = [one for one in table.rules if _holds(kb, one.when, facts, today, at)]
    named = {one.id: one for one in matching}
    live = [one for one in matching if _chain_matches(table, one, named)]
    winners = [one for one in live if not any(other.overrides == one.id for other in live)]
    if table.hit == "first":
        winners = winners[:1]
    return winners[0].then if len(winners) == 1 else tuple(one.id for one in winners)


def _chain_matches(table: DecisionTable, one: Rule, matching: Mapping[str, Rule]) -> bool:
    while one.overrides:
        if one.overrides not in matching:
            return False
        one = matching[one.overrides]
    return True


def _holds(kb: KnowledgeBase, when: Condition, facts: Mapping[str, Scalar], today: date, at: date) -> bool:
    match when:
        case AllOf(parts):
            return all(_holds(kb, part, facts, today, at) for part in parts)
        case AnyOf(parts):
            return any(_holds(kb, part, facts, today, at) for part in parts)
        case Not(part):
            return not _holds(kb, part, facts, today, at)
        case Test(name, op, operand):
            return _test(op, facts[name], _number(kb, operand, at), today)


def _number(kb: KnowledgeBase, operand: object, at: date) -> object:
    if not isinstance(operand, ParameterRef):
        return operand
    dated = kb.policies["p"].parameters[operand.name].values
    return [one.value for one in sorted(dated, key=lambda one: one.start) if one.start <= at][-1]


def _test(op: str, value: object, other: object, today: date) -> bool:
    if isinstance(other, Duration) and isinstance(value, date):
        assert other.unit == "day"
        gone = (today - value).days
        return {
            "within": gone <= other.amount, "beyond": gone > other.amount,
            "due_within": -gone <= other.amount, "due_beyond": -gone > other.amount,
        }[op]  # fmt: skip
    if isinstance(value, Duration) and isinstance(other, Duration):
        value, other = value.amount, other.amount
    checks: dict[str, Callable[[Any, Any], bool]] = {
        "is": operator.eq, "not": operator.ne, "in": lambda one, many: one in many,
        "at_least": operator.ge, "less_than": operator.lt, "more_than": operator.gt, "at_most": operator.le,
        "before": operator.lt, "after": operator.gt,
    }  # fmt: skip
    return checks[op](value, other)


def completions(kb: KnowledgeBase, facts: Facts, today: date) -> Iterator[dict[str, Scalar]]:
    """Every way the missing facts can turn out, in values that stand for all."""
    table = kb.table("p.d")
    spread = {}
    used = {table.counts_from, *(test.fact for row in table.rules for test in tests_in(row.when))}
    for name, one in kb.facts.items():
        if name in facts:
            spread[name] = [facts[name].value]
        elif name in used:
            spread[name] = [v for v in _values(kb, table, one, today) if is_sensible(one, v, today)]
    for values in product(*spread.values()):
        yield dict(zip(spread, values, strict=True))  # type: ignore[arg-type]


def _values(kb: KnowledgeBase, table: DecisionTable, one: Fact, today: date) -> list[Scalar]:
    asked = []
    also: list[Scalar] = []
    changes = [dated.start for p in kb.policies["p"].parameters.values() for dated in p.values]
    first = max((min(d.start for d in p.values) for p in kb.policies["p"].parameters.values()), default=date.min)
    for test in (t for row in table.rules for t in tests_in(row.when) if t.fact == one.name):
        atom, _ = atom_of(test)
        for at in changes or [today]:
            asked += [(atom.op, _number(kb, test.operand, at))] if at >= first else []
    if one.name == table.counts_from:
        also = [date.fromordinal(at.toordinal() + step) for at in changes for step in (-1, 0, 1)]
    found = candidates(one, asked, today, also)  # type: ignore[arg-type]
    return [v for v in found if not (one.name == table.counts_from and isinstance(v, date) and v < first)]
