"""Reads the front matter of policy.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, cast, get_args

from plainly.kb.conditions import ConditionReader
from plainly.kb.facts_file import read_label
from plainly.kb.fields import Record, table_of
from plainly.kb.links import check_target
from plainly.kb.problems import did_you_mean
from plainly.kb.scope import Scope, is_name
from plainly.kb.slots import check_slots
from plainly.kb.values import BadValue, parse_duration, parse_money, parse_number
from plainly.kb.yaml_reader import Items, Node, Table, Text
from plainly.model import (
    Alternative,
    Benchmark,
    Business,
    Condition,
    Duration,
    EscalationReason,
    Goal,
    Lever,
    Place,
    Policy,
    Procedure,
    Reason,
    Resource,
    Standard,
)


def read_front_matter(node: Node, scope: Scope, business: Business | None) -> Policy:
    """The policy without its rules, examples and history."""
    table = table_of(node, scope.problems, "The front matter")
    with Record(table, scope.problems, "The front matter of a policy") as record:
        policy = Policy(
            id=scope.policy,
            title=record.text("title", required=True),
            summary=record.text("summary"),
            level="quoted",
            version="",
            clauses=scope.clauses,
            owner=record.text("owner"),
            goal=_goal(record, business),
            helps_you=record.text("helps_you"),
            reasons=_reasons(record),
            alternatives=_by_id(_alternatives(record, scope), record),
            resources=read_resources(record, "resources"),
            levers=_by_id(_levers(record, scope), record),
            standards=_standards(record, scope),
            benchmarks=_benchmarks(record),
            procedures=_procedures(record, business),
            related=_related(record, scope),
            questions=record.texts("questions"),
            words=record.texts("words"),
            open_question=record.text("open_question"),
            reviewed=record.date("reviewed"),
            review_every=record.duration("review_every"),
            grade_note=record.text("grade_note"),
        )
        _check_summary(policy, record, scope)
    return policy


def _check_summary(policy: Policy, record: Record, scope: Scope) -> None:
    explains = policy.goal or policy.reasons or policy.alternatives or scope.decisions
    if explains and not policy.summary and "summary" not in record:
        message = "A policy that explains or decides needs a plain summary."
        scope.problems.error(record.place(), "no_summary", message, "Add summary: one or two plain sentences.")


def _by_id[T: (Alternative, Lever)](pairs: Iterable[tuple[T, Place]], record: Record) -> dict[str, T]:
    found: dict[str, T] = {}
    for one, place in pairs:
        if one.id in found:
            message = f'"{one.id}" is used twice.'
            record.problems.error(place, "duplicate_name", message, "Give each an id of its own.")
        if one.id:
            found[one.id] = one
    return found


def _id(record: Record, what: str) -> str:
    name = record.text("id", required=True)
    if name:
        is_name(Text(name, record.place("id")), record.problems, what)
    return name


def _goal(record: Record, business: Business | None) -> Goal | None:
    node = record.get("goal")
    if not node:
        return None
    with Record(table_of(node, record.problems, '"goal"'), record.problems, "The goal") as goal:
        mission = goal.text("mission", required=True)
        if business and mission and mission not in business.mission:
            message = f'business.yml has no mission line called "{mission}".'
            fix = did_you_mean(mission, business.mission)
            record.problems.error(goal.place("mission"), "unknown_mission", message, fix)
        return Goal(goal.text("say", required=True), mission)


def _reasons(record: Record) -> tuple[Reason, ...]:
    kinds = ("law", "research", "customer_feedback", "common_practice")
    reasons = []
    for one in record.records("reasons", "A reason"):
        link = one.text("link")
        if link:
            check_target(link, "link", one.place("link"), one.problems)
        kind = cast(Any, one.choice("kind", kinds))
        reasons.append(Reason(kind, one.text("say", required=True), one.text("source", required=True), link or None))
    return tuple(reasons)


def _when(record: Record, scope: Scope) -> Condition | None:
    node = record.get("when")
    return ConditionReader(scope, in_rule=False).read(node) if node else None


def _said(record: Record, scope: Scope, *, also: tuple[str, ...] = ()) -> str:
    say = record.text("say", required=True)
    check_slots(say, record.place("say"), scope, also=also)
    return say


def _alternatives(record: Record, scope: Scope) -> Iterator[tuple[Alternative, Place]]:
    for one in record.records("alternatives", "An alternative"):
        policy = one.text("policy")
        if policy and policy not in scope.all_clauses:
            scope.unknown_policy(policy, one.place("policy"))
        alternative = Alternative(
            id=_id(one, "an alternative"),
            label=read_label(one),
            say=_said(one, scope),
            when=_when(one, scope),
            policy=policy or None,
            clause=scope.any_clause(one.text("clause"), one.place("clause")) or None,
        )
        yield alternative, one.place()


def read_resources(record: Record, key: str) -> tuple[Resource, ...]:
    """The resources in a list, with their targets checked."""
    kinds = ("link", "brochure", "phone", "video", "training", "community")
    resources = []
    for one in record.records(key, "A resource"):
        kind = cast(Any, one.choice("kind", kinds))
        target = one.text("target", required=True)
        if target:
            check_target(target, kind, one.place("target"), one.problems)
        resources.append(Resource(kind, one.text("title", required=True), target, one.text("say"), one.date("starts")))
    return tuple(resources)


def _levers(record: Record, scope: Scope) -> Iterator[tuple[Lever, Place]]:
    kinds = ("grace_days", "later_start", "one_off", "credit", "training", "help")
    for one in record.records("levers", "A lever"):
        amount = _amount(one, scope)
        say = _said(one, scope, also=("amount",))
        if "{amount}" in say and amount is None:
            message = "The lever says {amount}, but has none."
            one.problems.error(one.place("say"), "no_cap", message, "Add amount: 14 days, or 10 GBP.")
        lever = Lever(
            id=_id(one, "a lever"),
            kind=cast(Any, one.choice("kind", kinds)),
            label=read_label(one),
            say=say,
            by=cast(Any, one.choice("by", ("bot", "agent", "supervisor"))),
            outcomes=_softened(one, scope),
            clause=scope.any_clause(one.text("clause", required=True), one.place("clause")),
            when=_when(one, scope),
            amount=amount,
            unit=_unit(one.text("amount"), scope),
            per_customer=_per_customer(one),
            period=one.duration("period") or Duration(1, "year"),
            escalations=_escalations(one),
        )
        _check_cap(one)
        yield lever, one.place()


def _check_cap(record: Record) -> None:
    for key in ("per_customer", "period"):
        if key not in record:
            message = f'The lever has no "{key}", so nothing caps it.'
            fix = "Say how often one customer may have it: per_customer: 1 and period: 1 year."
            record.problems.error(record.place(), "no_cap", message, fix)


def _per_customer(record: Record) -> int:
    number = record.value("per_customer", parse_number, Decimal(1))
    if number != int(number) or not 1 <= number <= 1000:
        message = '"per_customer" must be a whole number of grants, at least 1.'
        record.problems.error(record.place("per_customer"), "bad_value", message, "Write 1, for example.")
        return 1
    return int(number)


def _amount(record: Record, scope: Scope) -> Decimal | Duration | None:
    def parse(text: str) -> Decimal | Duration:
        try:
            return parse_duration(text)
        except BadValue:
            pass
        try:
            unit = _unit(text, scope)
            return parse_number(text, unit) if unit else parse_money(text, scope.currency)
        except BadValue as error:
            message = (
                f'"{text}" is no duration such as 14 days, no money such as 10 {scope.currency}, and no number in '
                "a unit that some fact has, such as 500 points."
            )
            raise BadValue(message) from error

    return record.value("amount", parse, None)


def _unit(text: str, scope: Scope) -> str:
    """The unit of a number that some fact is counted in; empty for money and durations."""
    counted = {fact.unit for fact in scope.facts.values() if fact.type == "number" and fact.unit}
    return next((unit for unit in sorted(counted) if text.endswith(f" {unit}")), "")


def _softened(record: Record, scope: Scope) -> tuple[str, ...]:
    if "outcomes" not in record:
        record.get("outcomes", required=True)
    names = record.placed_texts("outcomes")
    for text in names:
        decision, _, outcome = text.value.partition(".")
        known = [f"{name}.{one}" for name, table in scope.decisions.items() for one in table.outcomes]
        if decision not in scope.decisions or outcome not in scope.decisions[decision].outcomes:
            message = f'There is no outcome called "{text.value}".'
            fix = did_you_mean(text.value, known, "Write decision.outcome, such as can_return.too_late.")
            scope.problems.error(text.place, "unknown_outcome", message, fix)
    return tuple(text.value for text in names)


def _escalations(record: Record) -> tuple[str, ...]:
    reasons = get_args(EscalationReason)
    if "escalations" not in record:
        return ()
    found = record.placed_texts("escalations")
    for text in found:
        if text.value not in reasons:
            message = f'"escalations" cannot hold "{text.value}".'
            record.problems.error(text.place, "unknown_word", message, f"Use some of: {', '.join(reasons)}.")
    return tuple(text.value for text in found)


def _standards(record: Record, scope: Scope) -> tuple[Standard, ...]:
    return tuple(
        Standard(
            id=_id(one, "a standard"),
            say=one.text("say", required=True),
            within=one.duration("within", required=True) or Duration(0, "day"),
            clause=scope.any_clause(one.text("clause"), one.place("clause")) or None,
        )
        for one in record.records("standards", "A standard")
    )


def _benchmarks(record: Record) -> tuple[Benchmark, ...]:
    return tuple(
        Benchmark(one.text("who", required=True), one.text("what", required=True), one.text("source"))
        for one in record.records("benchmarks", "A benchmark")
    )


def _procedures(record: Record, business: Business | None) -> tuple[Procedure, ...]:
    known = {"web"} | {word for one in (business.channels if business else ()) for word in (one.id, one.kind)}
    procedures = []
    for one in record.records("procedures", "A procedure"):
        channels = one.placed_texts("channels")
        for text in channels:
            if business and text.value not in known:
                message = f'business.yml has no channel called "{text.value}".'
                one.problems.error(text.place, "unknown_channel", message, did_you_mean(text.value, known))
        steps = one.texts("steps", required=True)
        names = tuple(text.value for text in channels)
        procedures.append(Procedure(_id(one, "a procedure"), one.text("title", required=True), steps, names))
    return tuple(procedures)


def _related(record: Record, scope: Scope) -> tuple[str, ...]:
    seen: list[str] = []
    for text in record.placed_texts("related"):
        if text.value == scope.policy:
            message = "The policy is related to itself."
            scope.problems.error(text.place, "circular_related", message, "Take it out of the list.")
        elif text.value in seen:
            message = f'"{text.value}" is in the list twice.'
            scope.problems.error(text.place, "circular_related", message, "Keep one.")
        elif text.value not in scope.all_clauses:
            scope.unknown_policy(text.value, text.place)
        seen.append(text.value)
    return tuple(seen)


def alternative_ids(node: Node | None) -> frozenset[str]:
    """The ids under `alternatives`, read ahead for the outcomes that offer them."""
    rows = _under(node, "alternatives")
    ids = [_under(row, "id") for row in (rows.items if isinstance(rows, Items) else ())]
    return frozenset(one.value for one in ids if isinstance(one, Text))


def _under(node: Node | None, key: str) -> Node | None:
    entries = node.entries if isinstance(node, Table) else ()
    return next((entry.value for entry in entries if entry.key.value == key), None)
