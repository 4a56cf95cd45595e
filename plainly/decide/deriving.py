"""Values worked out for the wording: the last day to return, the fee, the share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from plainly.decide.case import known_value
from plainly.decide.errors import DecideError
from plainly.decide.parameters import value_at
from plainly.decide.values import rank, shift
from plainly.model import Between, Derived, Duration, Facts, KnowledgeBase, Policy, Scalar, Used

_CENT = Decimal("0.01")


def parameters(kb: KnowledgeBase, policy: str, decision: str | None, facts: Facts, today: date) -> Mapping[str, Used]:
    """Every parameter of a policy that has a value, at the date this case counts from.

    That is the decision's `counts_from` fact when it is known, else today. A date known only roughly
    gives the values that are the same on both of its ends.
    """
    days = _days(kb, policy, decision, facts, today)
    found = {}
    for parameter in kb.policies[policy].parameters.values():
        try:
            used = [value_at(parameter, day) for day in days]
        except DecideError:
            continue
        if all(one == used[0] for one in used):
            found[parameter.name] = used[0]
    return found


def derive(
    kb: KnowledgeBase, policy: str, facts: Facts, today: date, decision: str | None = None
) -> Mapping[str, Scalar]:
    """The derived values of a policy that can be worked out from these facts; the others are left out.

    Without a decision, parameters are read at the one fact the policy's decisions count from, else today.
    """
    sheet = _Sheet(kb, kb.policies[policy], facts, today, parameters(kb, policy, decision, facts, today))
    found = {name: sheet.value(name) for name in kb.policies[policy].derived}
    return {name: value for name, value in found.items() if value is not None}


def _days(kb: KnowledgeBase, policy: str, decision: str | None, facts: Facts, today: date) -> tuple[date, ...]:
    counts = _counts_from(kb.policies[policy], decision)
    value = known_value(kb, facts, counts) if counts else None
    if isinstance(value, Between) and isinstance(value.low, date) and isinstance(value.high, date):
        return value.low, value.high
    return (value,) if isinstance(value, date) else (today,)


def _counts_from(policy: Policy, decision: str | None) -> str | None:
    if decision is not None:
        return policy.decisions[decision.rpartition(".")[2]].counts_from
    named = {table.counts_from for table in policy.decisions.values()} - {None}
    return named.pop() if len(named) == 1 else None


class _Sheet:
    def __init__(self, kb: KnowledgeBase, policy: Policy, facts: Facts, today: date, used: Mapping[str, Used]) -> None:
        self._kb = kb
        self._policy = policy
        self._facts = facts
        self._today = today
        self._used = used

    def value(self, name: str, depth: int = 0) -> Scalar | None:
        """The value of a $parameter, a derived value or a fact; None when it is not exactly known."""
        if name.startswith("$"):
            used = self._used.get(name[1:])
            return used.value if used else None
        derived = self._policy.derived.get(name)
        if derived is None:
            return self._fact(name)
        if depth > len(self._policy.derived):  # they lead in a circle
            return None
        base, by = self.value(derived.base, depth + 1), self.value(derived.by, depth + 1)
        return None if base is None or by is None else _worked_out(derived, base, by, self._today)

    def _fact(self, name: str) -> Scalar | None:
        if name in self._used:
            return self._used[name].value
        value = known_value(self._kb, self._facts, name) if name in self._kb.facts else None
        return None if isinstance(value, Between) else value


def _worked_out(derived: Derived, base: Scalar, by: Scalar, today: date) -> Scalar | None:
    try:
        match derived.op:
            case "plus":
                return _sum(base, by, 1)
            case "minus":
                return _sum(base, by, -1)
            case "times":
                return _product(base, by)
            case "share":
                return _product(base, by / 100) if isinstance(by, Decimal) else None
            case "least":
                return min(base, by, key=lambda one: rank(one, today))
            case "most":
                return max(base, by, key=lambda one: rank(one, today))
    except (DecideError, InvalidOperation):
        return None


def _sum(base: Scalar, by: Scalar, sign: int) -> Scalar | None:
    match base, by:
        case (date(), Duration()):
            return shift(base, by, sign)
        case (Duration(), date()) if sign > 0:
            return shift(by, base)
        case (date(), date()) if sign < 0:
            return Duration((base - by).days, "day")
        case (Duration(), Duration()):
            return _spans(base, by, sign)
        case (Decimal(), Decimal()):
            return base + sign * by
    return None


def _spans(base: Duration, by: Duration, sign: int) -> Duration | None:
    if base.unit == by.unit:
        return Duration(base.amount + sign * by.amount, base.unit)
    for small, units in (("month", {"month": 1, "year": 12}), ("hour", {"hour": 1, "day": 24, "week": 168})):
        if base.unit in units and by.unit in units:
            total = base.amount * units[base.unit] + sign * by.amount * units[by.unit]
            if small == "hour" and total % 24 == 0:
                return Duration(total // 24, "day")
            return Duration(total, small)  # type: ignore[arg-type]
    return None


def _product(base: Scalar, by: Scalar) -> Scalar | None:
    match base, by:
        case (Decimal(), Decimal()):
            found = base * by
            return found if found == found.to_integral_value() else found.quantize(_CENT, ROUND_HALF_UP)
        case (Duration(amount, unit), Decimal()) | (Decimal(), Duration(amount, unit)):
            times = by if isinstance(by, Decimal) else base
            total = amount * times if isinstance(times, Decimal) else Decimal(0)
            return Duration(int(total), unit) if total == int(total) else None
    return None
