"""What a part of a policy may refer to while it is read: facts, parameters, clauses, outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from plainly.kb.files import NAME
from plainly.kb.problems import Problems, did_you_mean
from plainly.kb.yaml_reader import Text
from plainly.model import Clause, DecisionTable, Derived, Fact, Parameter, Place

LABEL = 24
"""Characters a button's label may have."""
_FOREIGN = re.compile(r"([a-z][a-z0-9_]*)\.(\d+(?:-\d+)*)", re.ASCII)


@dataclass
class Scope:
    """What is known of one policy so far, and of the whole folder."""

    policy: str
    problems: Problems
    facts: Mapping[str, Fact]
    all_clauses: Mapping[str, Mapping[str, Clause]]
    currency: str = "GBP"
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    decisions: Mapping[str, DecisionTable] = field(default_factory=dict)
    alternatives: frozenset[str] = frozenset()

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """The policy's own clauses."""
        return self.all_clauses.get(self.policy, {})

    def fact(self, name: str, place: Place) -> Fact | None:
        """The fact called `name`; a problem is noted when there is none."""
        if name not in self.facts:
            fix = did_you_mean(name, self.facts, "Declare it in facts.yml or under facts: in rules.yml.")
            self.problems.error(place, "unknown_fact", f'There is no fact called "{name}".', fix)
        return self.facts.get(name)

    def parameter(self, name: str, place: Place) -> Parameter | None:
        """The policy's parameter called `name`."""
        if name not in self.parameters:
            fix = did_you_mean(name, self.parameters, "Declare it under parameters: in this policy's rules.yml.")
            self.problems.error(place, "unknown_parameter", f'This policy has no parameter called "{name}".', fix)
        return self.parameters.get(name)

    def any_clause(self, name: str, place: Place) -> str:
        """The clause as written, after checking that there is one: `2.1` here, `refunds.2-1` elsewhere."""
        match = _FOREIGN.fullmatch(name)
        if match is None:
            self._check_clause(self.policy, name, place)
        elif match[1] not in self.all_clauses:
            self.unknown_policy(match[1], place)
        else:
            self._check_clause(match[1], match[2].replace("-", "."), place)
        return name

    def _check_clause(self, policy: str, number: str, place: Place) -> None:
        known = self.all_clauses.get(policy, {})
        if not number or number in known:
            return
        fix = did_you_mean(number, known, "Write it as a heading in policy.md first.")
        if policy == self.policy:
            fix += " A clause of another policy is written refunds.2-1."
        message = f'The policy "{policy}" has no clause "{number}".'
        self.problems.error(place, "unknown_clause", message, fix)

    def unknown_policy(self, name: str, place: Place) -> None:
        """Notes that there is no such policy."""
        fix = did_you_mean(name, self.all_clauses, "Add its folder, or take the name out.")
        self.problems.error(place, "unknown_policy", f'There is no policy called "{name}".', fix)


def is_name(text: Text, problems: Problems, what: str, reserved: Iterable[str] = ()) -> bool:
    """True when a text can be a name; a problem is noted otherwise."""
    if NAME.fullmatch(text.value) and len(text.value) <= 60 and text.value not in reserved:
        return True
    fix = "Use lower-case words joined by _, such as delivered_on."
    if text.value in reserved:
        fix = f'"{text.value}" means something else already; take another name.'
    problems.error(text.place, "bad_name", f'"{text.value[:60]}" cannot be the name of {what}.', fix)
    return False
