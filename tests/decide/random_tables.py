"""Random tables that are complete and unique: the leaves of random decision trees, with exceptions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from plainly.model import (
    AllOf,
    Condition,
    DatedValue,
    Duration,
    Fact,
    KnowledgeBase,
    Not,
    Parameter,
    ParameterRef,
    Rule,
    Scalar,
    Test,
)
from tests.decide.tables import TODAY, fact, kb_of

_OUTCOMES = ["yes", "no", "partly", "other", "needs_agent"]
_STARTS = [date(2023, 1, 1), date(2025, 11, 1), date(2026, 11, 10)]


@st.composite
def knowledge_bases(draw: st.DrawFn) -> KnowledgeBase:
    """A folder whose only table has exactly one row for every case."""
    facts = draw(st.lists(_facts(), min_size=1, max_size=5, unique_by=lambda one: one.name))
    parameters = [draw(_parameter(f"p{i}", kind)) for i, kind in enumerate(("day", "day", "number", "money"))]
    dates = [one.name for one in facts if one.type == "date"]
    counts = draw(st.sampled_from([None, *dates]))
    paths = draw(_tree(facts, parameters, depth=4))
    rules = [
        Rule(f"r{i}", AllOf(tuple(path)), draw(st.sampled_from(_OUTCOMES)), ("1",)) for i, path in enumerate(paths)
    ]
    for i in draw(st.lists(st.integers(0, len(rules) - 1), max_size=3, unique=True)):
        rules.append(draw(_exception(facts, parameters, f"x{i}", rules[i].id)))
        if draw(st.booleans()):
            rules.append(draw(_exception(facts, parameters, f"y{i}", f"x{i}")))
    shuffled = draw(st.permutations(rules))
    return kb_of(tuple(facts), tuple(shuffled), tuple(parameters), counts_from=counts)


_NAMES = {"size": "choice", "kind": "choice", "gift": "yes_no", "came": "date", "due": "date", "spent": "money",
          "nights": "number", "age": "duration"}  # fmt: skip


@st.composite
def _facts(draw: st.DrawFn) -> Fact:
    name = draw(st.sampled_from(sorted(_NAMES)))
    kind = _NAMES[name]
    options = ("a", "b", "c")[: draw(st.integers(2, 3))] if kind == "choice" else ()
    return fact(name, kind, *options, changeable=draw(st.booleans()), future=name == "due")  # type: ignore[arg-type]


@st.composite
def _parameter(draw: st.DrawFn, name: str, unit: str) -> Parameter:
    starts = [_STARTS[0], *draw(st.lists(st.sampled_from(_STARTS[1:]), unique=True))]
    values = []
    for start in starts:
        amount = draw(st.integers(1, 40))
        value = Duration(amount, "day") if unit == "day" else Decimal(amount)
        values.append(DatedValue(start, value, "1"))
    return Parameter(name, name, unit, tuple(values))


@st.composite
def comparison(draw: st.DrawFn, facts: list[Fact], parameters: list[Parameter]) -> Condition:
    """One comparison, of any operator its fact can bear."""
    one = draw(st.sampled_from(facts))
    spans, numbers = [p for p in parameters if p.unit == "day"], [p for p in parameters if p.unit != "day"]
    if one.type == "choice":
        chosen = draw(st.lists(st.sampled_from([o.name for o in one.options]), min_size=1, max_size=2, unique=True))
        return Test(one.name, "in", tuple(chosen))
    if one.type == "yes_no":
        return Test(one.name, draw(st.sampled_from(["is", "not"])), draw(st.booleans()))
    if one.type == "date":
        if draw(st.integers(0, 4)) == 0:
            day = TODAY + timedelta(days=draw(st.integers(-40, 10)))
            return Test(one.name, draw(st.sampled_from(["before", "after"])), day)
        op = draw(st.sampled_from(["within", "beyond"] + (["due_within", "due_beyond"] if one.future else [])))
        return Test(one.name, op, ParameterRef(draw(st.sampled_from(spans)).name))  # type: ignore[arg-type]
    op = draw(st.sampled_from(["at_least", "at_most", "more_than", "less_than"]))
    ref = draw(st.sampled_from(spans if one.type == "duration" else numbers))
    return Test(one.name, op, ParameterRef(ref.name))  # type: ignore[arg-type]


@st.composite
def _tree(draw: st.DrawFn, facts: list[Fact], parameters: list[Parameter], depth: int) -> list[list[Condition]]:
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return [[]]
    split = draw(comparison(facts, parameters))
    yes = draw(_tree(facts, parameters, depth - 1))
    no = draw(_tree(facts, parameters, depth - 1))
    return [[split, *path] for path in yes] + [[Not(split), *path] for path in no]


@st.composite
def _exception(draw: st.DrawFn, facts: list[Fact], parameters: list[Parameter], name: str, base: str) -> Rule:
    tests = draw(st.lists(comparison(facts, parameters), min_size=1, max_size=2))
    return Rule(name, AllOf(tuple(tests)), draw(st.sampled_from(_OUTCOMES)), ("2.1",), base)


@st.composite
def cases(draw: st.DrawFn) -> tuple[KnowledgeBase, dict[str, Scalar]]:
    """A folder and an exact, whole case for it."""
    kb = draw(knowledge_bases())
    return kb, {name: draw(values(one)) for name, one in kb.facts.items()}


def values(one: Fact) -> st.SearchStrategy[Scalar]:
    """Exact values a customer can have."""
    match one.type:
        case "choice":
            return st.sampled_from([option.name for option in one.options])
        case "yes_no":
            return st.booleans()
        case "date":
            last = TODAY + timedelta(days=60) if one.future else TODAY
            recent = st.integers(0, 60).map(lambda back: last - timedelta(days=back))
            return st.one_of(recent, st.dates(date(2023, 1, 1), last))
        case "duration":
            return st.integers(0, 60).map(lambda count: Duration(count, "day"))
        case _:
            return st.integers(0, 50).map(Decimal)
