"""What a slot stands for in one case: a fact, a dated parameter, a derived value, the business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plainly import decide
from plainly.errors import PlainlyError
from plainly.model import Facts, KnowledgeBase, Policy
from plainly.wording.phrases import phrases
from plainly.wording.templates import Lookup
from plainly.wording.values import say_value


@dataclass(frozen=True)
class Telling:
    """Everything needed to put one policy into words for one case.

    `near` is false for readers for whom `today` is another day: how far a date is away means nothing to them.
    """

    kb: KnowledgeBase
    policy: Policy
    facts: Facts
    today: date
    decision: str | None = None
    near: bool = True

    def lookup(self) -> Lookup:
        """Slot name and style -> words, or None when the value is not known."""
        derived = decide.derive(self.kb, self.policy.id, self.facts, self.today)

        def find(name: str, style: str) -> str | None:
            if name == "business":
                return self.kb.business.name
            if name in self.facts:
                return self.say_fact(name, style)
            if name in derived:
                return say_value(derived[name], None, self.today, unit=self._unit_of(name), style=style, near=self.near)
            return self._say_parameter(name, style)

        return find

    def say_fact(self, name: str, style: str = "") -> str | None:
        """A known fact's value in words; None where it is a choice that nobody would name so."""
        fact = self.kb.facts.get(name)
        return say_value(self.facts[name].value, fact, self.today, style=style, near=self.near) or None

    def _say_parameter(self, name: str, style: str) -> str | None:
        parameter = self.policy.parameters.get(name)
        if parameter is None:
            return None
        try:
            used = decide.value_at(parameter, self.counts_from())
        except PlainlyError:
            return None
        return say_value(used.value, None, self.today, unit=parameter.unit, style=style, near=self.near)

    def counts_from(self) -> date:
        """The date at which parameters are read: the event's, when the decision names one and it is known."""
        table = self.policy.decisions.get(self.decision.partition(".")[2]) if self.decision else None
        known = self.facts.get(table.counts_from) if table and table.counts_from else None
        return known.value if known and isinstance(known.value, date) else self.today

    def _unit_of(self, name: str) -> str:
        """A derived value has its base's unit."""
        seen: set[str] = set()
        while name in self.policy.derived and name not in seen:
            seen.add(name)
            name = self.policy.derived[name].base.lstrip("$")
        if name in self.policy.parameters:
            return self.policy.parameters[name].unit
        fact = self.kb.facts.get(name)
        return (fact.unit or self._currency(fact.type)) if fact else ""

    def _currency(self, type_: str) -> str:
        return self.kb.business.currency if type_ == "money" else ""


def join_words(parts: list[str], last: str = "and") -> str:
    """ "a, b and c", with the joining words of the language."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {phrases().word(last).strip()} {parts[-1]}"
