"""Whether a receipt stands: its case is decided once more, from what the receipt itself holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast

from plainly.decide import decide
from plainly.decide.receipt import identity
from plainly.errors import PlainlyError
from plainly.kb import parse_value
from plainly.model import Between, Duration, KnowledgeBase, KnownFact, Receipt, Value

Standing = Literal["matches", "still", "changed", "altered", "gone"]
"""`matches`: the same rules say the same. `still`, `changed`: the rules changed since, and say the same or something
else. `altered`: it is not what was given out. `gone`: the folder no longer decides such a case."""


def standing(kb: KnowledgeBase, told: Mapping[str, Any]) -> Standing:
    """How a receipt, as it was stored, stands against the folder as it is now."""
    if told.get("id") != identity({name: said for name, said in told.items() if name != "id"}):
        return "altered"
    again = _again(kb, told)
    if again is None:
        return "gone"
    if again.id == told["id"]:
        return "matches"
    if again.version == told["version"]:
        return "altered"
    return "still" if again.outcome == told["outcome"] else "changed"


def _again(kb: KnowledgeBase, told: Mapping[str, Any]) -> Receipt | None:
    """The receipt of the same facts on the same day by the rules of now; None when they do not settle them."""
    try:
        facts = {name: KnownFact(name, _value(kb, name, said), "record") for name, said in told["facts"].items()}
        path = f"{told['policy']}.{told['decision']}"
        return decide(kb, path, facts, date.fromisoformat(told["as_of"])).receipt
    except (PlainlyError, KeyError, ValueError):
        return None


def _value(kb: KnowledgeBase, name: str, said: str) -> Value:
    """The reverse of `plainly.decide.canonical` for a fact."""
    low, dots, high = said.partition("..")
    if not dots:
        return parse_value(kb.facts[name], said)
    ends = [cast("Decimal | date | Duration", parse_value(kb.facts[name], end)) for end in (low, high)]
    return Between(*ends)
