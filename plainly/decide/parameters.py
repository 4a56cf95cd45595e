"""Dated parameters: which value holds on a day, and the periods between changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plainly.decide.comparing import tests_in
from plainly.decide.errors import DecideError
from plainly.decide.values import canonical
from plainly.model import DatedValue, DecisionTable, Duration, Parameter, ParameterRef, Policy, Used

Values = Mapping[str, Decimal | Duration | None]


@dataclass(frozen=True)
class Period:
    """A stretch of dates over which no used parameter changes. `start` None: since ever."""

    start: date | None
    values: Values

    @property
    def known(self) -> bool:
        """Whether every parameter has a value here."""
        return None not in self.values.values()


def value_at(parameter: Parameter, day: date) -> Used:
    """The value that holds on a day. Raises DecideError `no_value_at_date` before the first, or while only expected."""
    found = _entry(parameter, day)
    if found is None or found.value is None:
        raise _no_value(parameter, day, found)
    return Used(parameter.name, found.value, found.start, found.clause)


def _entry(parameter: Parameter, day: date) -> DatedValue | None:
    begun = [entry for entry in parameter.values if entry.start <= day]
    return max(begun, key=lambda entry: entry.start) if begun else None


def _no_value(parameter: Parameter, day: date, expected: DatedValue | None) -> DecideError:
    first = min((entry.start for entry in parameter.values), default=None)
    since = (
        f"a change from {expected.start} is expected but not known" if expected else f"its first value is from {first}"
    )
    return DecideError(
        "no_value_at_date",
        f"{parameter.name} has no value on {day}: {since}. A person must look at this case.",
        {"parameter": parameter.name, "date": canonical(day), "first": canonical(first) if first else None},
    )


def used_by(table: DecisionTable, policy: Policy) -> tuple[Parameter, ...]:
    """The parameters the table's rules read, in the policy's order."""
    names = {
        test.operand.name
        for rule in table.rules
        for test in tests_in(rule.when)
        if isinstance(test.operand, ParameterRef)
    }
    for name in names - policy.parameters.keys():
        raise DecideError("unknown_parameter", f"{table.id} uses ${name}, which {policy.id} does not declare.")
    return tuple(parameter for name, parameter in policy.parameters.items() if name in names)


def values_on(parameters: Iterable[Parameter], day: date) -> Values:
    """Each parameter's value on a day, None where there is none."""
    entries = ((parameter.name, _entry(parameter, day)) for parameter in parameters)
    return {name: entry.value if entry else None for name, entry in entries}


def periods(parameters: tuple[Parameter, ...]) -> tuple[Period, ...]:
    """All stretches of time in which the parameters stay as they are, oldest first."""
    starts = sorted({entry.start for parameter in parameters for entry in parameter.values})
    found = [Period(None, {parameter.name: None for parameter in parameters})]
    for start in starts:
        values = values_on(parameters, start)
        if values != found[-1].values:
            found.append(Period(start, values))
    return tuple(found)


def period_on(found: tuple[Period, ...], day: date) -> int:
    """The index of the period a day lies in."""
    return max(i for i, period in enumerate(found) if period.start is None or period.start <= day)
