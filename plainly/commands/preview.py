"""`plainly preview`: every outcome of a policy as the customer will read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plainly.commands.lines import as_of_now, open_knowledge
from plainly.errors import PlainlyError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from plainly.check.speaker import Speaker
    from plainly.model import DecisionTable, KnowledgeBase, Policy, Reply, Value


def command(
    policy: Annotated[str, typer.Argument(help="The policy's folder name.")],
    kb: Annotated[Path | None, typer.Option(help="The policy folder.")] = None,
    as_of: Annotated[str, typer.Option(help="Pretend it is this day (2027-01-31).")] = "",
) -> None:
    """Show every outcome of a policy as the customer will read it; without decisions, its clauses."""
    today = as_of_now(as_of).date()
    knowledge = open_knowledge(kb)
    if policy not in knowledge.policies:
        known = ", ".join(sorted(knowledge.policies))
        raise PlainlyError("no_policy", f"There is no policy “{policy}”. There are: {known}.", {"policy": policy})
    for line in shown(knowledge, knowledge.policies[policy], today):
        typer.echo(f"{line}\n")


def shown(kb: KnowledgeBase, policy: Policy, today: date) -> Iterator[str]:
    """The preview's paragraphs: what the policy is, then all that can be said about it on that day."""
    yield f"# {policy.title}"
    yield policy.summary
    if not policy.decisions:
        yield from _clauses(kb, policy)
    for table in policy.decisions.values():
        yield from _Preview(kb, policy, table, today).paragraphs()


def _clauses(kb: KnowledgeBase, policy: Policy) -> Iterator[str]:
    from plainly.model import Citation
    from plainly.wording.quote import cite, quote

    for clause in policy.clauses.values():
        yield f"## {clause.number} {clause.title}"
        yield f"{quote(clause)} {cite(kb, Citation(policy.id, clause.number))}"


@dataclass(frozen=True)
class _Seen:
    """A case that shows an outcome, and where it comes from."""

    facts: Mapping[str, Value]
    origin: str


class _Preview:
    """One decision on one day."""

    def __init__(self, kb: KnowledgeBase, policy: Policy, table: DecisionTable, today: date) -> None:
        from plainly.check.speaker import Speaker

        self.kb = kb
        self.policy = policy
        self.table = table
        self.today = today
        self.speaker: Speaker = Speaker(kb)

    def paragraphs(self) -> Iterator[str]:
        """Each outcome with a case that reaches it, then each question such a case is asked on its way."""
        yield f"## {self.table.title or self.table.name} ({self.table.id}, {self.today})"
        cases = {outcome: self.case_for(outcome) for outcome in self.table.outcomes}
        for outcome, case in cases.items():
            yield f"### {outcome}"
            if case is None:
                yield f"No case comes out so on {self.today}."
                continue
            yield f"Case: {case.origin}\n      {self.told(case.facts)}"
            yield from _read(self.speaker.reply(self.table, case.facts, self.today))
        for asked, reply in self.questions([case.facts for case in cases.values() if case]).items():
            yield f"### When we ask for {asked}"
            yield from _read(reply)

    def case_for(self, outcome: str) -> _Seen | None:
        """A worked example that comes out so on this day, first those written for it; else a case the proofs find."""
        from plainly.decide import DecideError, witness_of

        examples = [one for one in self.policy.examples if self.table.name in one.expect]
        for example in sorted(examples, key=lambda one: one.expect[self.table.name] != outcome):
            facts = moved(example.given, example.as_of, self.today)
            if self.outcome(facts) == outcome:
                away = "" if facts == example.given else ", with its dates moved to this day"
                return _Seen(facts, f"the example “{example.name}”{away}")
        try:
            witness = witness_of(self.kb, self.table, outcome, self.today)
        except DecideError:
            return None
        return _Seen(witness.facts, "no example comes out so; this one follows from the rules") if witness else None

    def outcome(self, facts: Mapping[str, Value]) -> str | None:
        """How a case comes out on this day; None while it is open or has no rule."""
        decision = self.speaker.reply(self.table, facts, self.today).decision
        return decision.outcome if decision else None

    def questions(self, cases: list[Mapping[str, Value]]) -> Mapping[str, Reply]:
        """By fact: the reply that asks for it, met by answering what is asked as these cases would."""
        found: dict[str, Reply] = {}
        for case in cases or [{}]:
            told: dict[str, Value] = {}
            while (reply := self.speaker.reply(self.table, told, self.today)).status == "asked_fact":
                asked = reply.context.asked or ""
                found.setdefault(asked, reply)
                if asked not in case or asked in told:
                    break
                told[asked] = case[asked]
        return found

    def told(self, facts: Mapping[str, Value]) -> str:
        """The facts as `plainly decide` takes them."""
        from plainly.check.tables import say_value

        return " ".join(f"{name}={say_value(value, name, self.kb)}" for name, value in facts.items()) or "any facts"


def _read(reply: Reply) -> Iterator[str]:
    yield reply.text
    if reply.buttons:
        yield " ".join(f"[{button.label}]" for button in reply.buttons)


def moved(facts: Mapping[str, Value], seen: date, today: date) -> dict[str, Value]:
    """The same case some time later or earlier: dates lie as far from `today` as they lay from `seen`."""
    return {name: _moved(value, (today - seen).days) for name, value in facts.items()}


def _moved(value: Value, days: int) -> Value:
    from datetime import date

    from plainly.decide.values import shift
    from plainly.model import Between, Duration

    if isinstance(value, Between):
        return Between(_moved(value.low, days), _moved(value.high, days))  # type: ignore[arg-type]
    if isinstance(value, date):
        return shift(value, Duration(abs(days), "day"), 1 if days >= 0 else -1)
    return value
