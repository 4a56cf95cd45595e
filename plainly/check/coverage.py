"""What no example reaches, what nothing cites, and what should have been reviewed."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

from plainly.check.room import Room
from plainly.model import DecisionTable, Duration, Policy


def check_coverage(room: Room) -> None:
    """Notes outcomes without an example, clauses nothing rests on, and reviews that are overdue."""
    for policy in room.policies:
        for table in policy.decisions.values():
            _outcomes(table, policy, room)
        if policy.level == "decided":
            _clauses(policy, room)
        _review(policy, room)


def _outcomes(table: DecisionTable, policy: Policy, room: Room) -> None:
    reached = {example.expect.get(table.name) for example in policy.examples}
    for outcome in dict.fromkeys(rule.then for rule in table.rules):
        if outcome not in reached:
            message = f'No example reaches the outcome "{table.name}.{outcome}".'
            fix = f"Add one to {policy.id}/examples.yml with expect: {{{table.name}: {outcome}}}."
            room.problems.error(table.place, "no_example", message, fix)


def _clauses(policy: Policy, room: Room) -> None:
    cited = _cited(policy) | _cited_elsewhere(policy, room)
    idle = [clause for clause in policy.clauses.values() if clause.number not in cited]
    if idle:
        numbers = ", ".join(clause.number for clause in idle)
        message = f"No row, parameter, alternative, lever, standard or example rests on: {numbers}."
        fix = "Check whether the rules forgot one; name the others where they apply, or leave them to be quoted."
        room.problems.warning(idle[0].place, "uncited_clause", message, fix)


def _cited(policy: Policy) -> set[str | None]:
    rules = {clause for table in policy.decisions.values() for rule in table.rules for clause in rule.clauses}
    values = {value.clause for one in policy.parameters.values() for value in one.values}
    others = {one.clause for one in policy.alternatives.values()} | {one.clause for one in policy.standards}
    others |= {one.clause for one in policy.levers.values()}
    examples = {clause for example in policy.examples for clause in example.cites}
    return rules | values | others | examples


def _cited_elsewhere(policy: Policy, room: Room) -> set[str]:
    names = {name for other in room.kb.policies.values() for name in _cited(other) if name}
    prefix = f"{policy.id}."
    return {name.removeprefix(prefix).replace("-", ".") for name in names if name.startswith(prefix)}


def _review(policy: Policy, room: Room) -> None:
    if policy.reviewed is None or policy.review_every is None:
        return
    due = add(policy.reviewed, policy.review_every)
    if due < room.today:
        message = f"The review was due on {due}."
        fix = f"Ask {policy.owner or 'the owner'} to read it again, then set reviewed:."
        room.problems.warning(room.policy_place(policy, "reviewed:"), "review_overdue", message, fix)


def add(day: date, length: Duration) -> date:
    """The day that is this much later, by the calendar; hours count as no days."""
    if length.unit == "hour":
        return day
    try:
        return day + relativedelta(**{f"{length.unit}s": length.amount})  # type: ignore[arg-type]
    except (OverflowError, ValueError):
        return date.max
