"""A small set of facts, and expectations written as text, for the tests of understanding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from plainly.model import (
    AllOf,
    Between,
    Business,
    Context,
    DecisionTable,
    Duration,
    Fact,
    KnowledgeBase,
    KnownFact,
    OpeningHours,
    Option,
    Outcome,
    Policy,
    Rule,
    Test,
    Understanding,
    Value,
)
from plainly.understand import understand

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Europe/London"))


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def cases(name: str) -> list[Any]:
    found: list[Any] = read_yaml(HERE / "sentences" / f"{name}.yml")
    return found


def make_fact(name: str, entry: Mapping[str, Any]) -> Fact:
    options = tuple(Option(key, o["say"], tuple(o["heard"]), o["label"]) for key, o in entry.get("of", {}).items())
    low, high = (Decimal(str(entry[key])) if key in entry else None for key in ("low", "high"))
    return Fact(
        name=name,
        type=entry["type"],
        ask=f"{name}?",
        unit=entry.get("unit", ""),
        options=options,
        cues=tuple(entry.get("cues", ())),
        yes=tuple(entry.get("yes", ())),
        no=tuple(entry.get("no", ())),
        future=entry.get("future", False),
        low=low,
        high=high,
    )


@cache
def small_kb() -> KnowledgeBase:
    facts = {name: make_fact(name, entry) for name, entry in read_yaml(HERE / "facts.yml").items()}
    when = AllOf((Test("delivered_on", "within", Duration(30, "day")), Test("condition", "is", "unopened")))
    rule = Rule("in_time", when, "accepted", ("2.1",))
    outcomes = {"accepted": Outcome("accepted", "yes")}
    table = DecisionTable("returns", "can_return", "Can you return it?", "unique", outcomes, (rule,))
    policy = Policy("returns", "Returns", "", "decided", "1", {}, decisions={"can_return": table})
    business = Business("Shop", {}, OpeningHours({}, "Europe/London"), (), (), "")
    return KnowledgeBase("small", business, {"returns": policy}, facts)


def parse(text: Any, fact: Fact) -> Value:
    """A value as the sentence files write it: "2026-10-12", "a..b" for a range, "3 days", "yes"."""
    said = str(text)
    if ".." in said:
        low, high = (parse(part, fact) for part in said.split(".."))
        return Between(low, high)  # type: ignore[arg-type]
    if fact.type == "yes_no":
        return said == "yes"
    if fact.type == "date":
        return date.fromisoformat(said)
    if fact.type == "duration":
        amount, unit = said.split()
        return Duration(int(amount), unit.rstrip("s"))  # type: ignore[arg-type]
    try:
        return Decimal(said)
    except InvalidOperation:
        return said


def agrees(heard: Value, expected: Any, fact: Fact) -> bool:
    """Whether a value is what was expected; "~day" is a range around that day, at most a third of the way to today."""
    if str(expected).startswith("~"):
        day = date.fromisoformat(str(expected)[1:])
        reach = timedelta(days=max(2, (NOW.date() - day).days // 3))
        if not isinstance(heard, Between) or not isinstance(heard.low, date) or not isinstance(heard.high, date):
            return False
        return day - reach <= heard.low < day < heard.high <= day + reach
    return heard == parse(expected, fact)


def context_of(case: Mapping[str, Any], kb: KnowledgeBase) -> Context:
    known = {name: KnownFact(name, parse(value, kb.facts[name])) for name, value in case.get("known", {}).items()}
    return Context(facts=known, asked=case.get("asked"), decision=case.get("decision"), outcome=case.get("outcome"))


def hear(text: str, context: Context | None = None) -> Understanding:
    return understand(text, small_kb(), now=NOW, context=context)


def shown(found: Understanding) -> dict[str, Any]:
    return {name: (fact.value, fact.said) for name, fact in found.facts.items()}
