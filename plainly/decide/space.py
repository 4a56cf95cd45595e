"""A table folded into diagrams: every case it can meet, worked out once per knowledge base and day."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import cast

from plainly.decide.cells import Cell, Question, around, cells_of
from plainly.decide.comparing import Atom, Concrete, atom_of, holds, tests_in
from plainly.decide.diagram import Diagrams, Node
from plainly.decide.errors import DecideError
from plainly.decide.overrides import bases_of, resolve
from plainly.decide.parameters import Period, period_on, periods, used_by, values_on
from plainly.model import AllOf, AnyOf, Condition, Fact, KnowledgeBase, Not, Parameter, ParameterRef, Scalar, Test

Extras = tuple[tuple[str, Scalar], ...]
"""Exact values known of the case that no cell stands for."""


@dataclass(frozen=True)
class Level:
    """One thing a diagram asks: a fact with its cells, or (fact None) a test without a dated value."""

    fact: Fact | None
    cells: tuple[Cell, ...]
    periods: tuple[int, ...] = ()

    @cached_property
    def index(self) -> Mapping[Hashable, int]:
        """Which cell has which signature."""
        return {cell.signature: i for i, cell in enumerate(self.cells)}

    @cached_property
    def sensible(self) -> tuple[int, ...]:
        """The cells a customer can be in; all of them when none is sensible."""
        found = tuple(i for i, cell in enumerate(self.cells) if cell.sensible)
        return found or tuple(range(len(self.cells)))


@dataclass(frozen=True)
class Ask:
    """What a table or a single condition is made of, before it is folded.

    `reads_at` is the date whose parameter values count, None when the `counts_from` fact tells it.
    """

    conditions: tuple[Condition, ...]
    parameters: tuple[Parameter, ...]
    counts_from: str | None
    reads_at: date | None
    today: date
    extras: Extras = ()
    atoms: Mapping[str, tuple[Atom, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Sort the comparisons by fact."""
        found: dict[str, dict[Atom, None]] = {}
        for test in (test for condition in self.conditions for test in tests_in(condition)):
            found.setdefault(test.fact, {})[atom_of(test)[0]] = None
        object.__setattr__(self, "atoms", {name: tuple(atoms) for name, atoms in found.items()})


@dataclass
class Space:
    """The folded table: `rows` are each row's own condition, `root` the rows that win.

    A result of `root` is a tuple of row numbers: one is a decision, none a gap, more an overlap.
    """

    ask: Ask
    periods: tuple[Period, ...]
    levels: tuple[Level, ...]
    diagrams: Diagrams
    fact_order: tuple[str, ...]
    rows: tuple[Node, ...] = ()
    root: Node = field(init=False)
    outcomes: Node = field(init=False)
    remembered: dict[Hashable, object] = field(default_factory=dict)
    signers: dict[str, _Signer] = field(default_factory=dict)

    def name(self, level: int) -> str:
        """The fact a level asks."""
        fact = self.levels[level].fact
        assert fact is not None
        return fact.name

    def sign(self, name: str, value: Scalar) -> Hashable:
        """Which cell of a fact a value falls in: how it answers all the rules ask of it."""
        if name not in self.signers:
            self.signers[name] = _Signer(self.ask, self.periods, name)
        return self.signers[name](value)


@dataclass(frozen=True)
class _Key:
    # The same object, not an equal one: comparing whole folders would cost more than deciding.
    kb: KnowledgeBase
    table: Hashable
    today: date
    reads_at: date | None
    extras: Extras

    def __hash__(self) -> int:
        return hash((id(self.kb), self.table, self.today, self.reads_at, self.extras))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Key)
            and self.kb is other.kb
            and (self.table, self.today, self.reads_at, self.extras)
            == (other.table, other.today, other.reads_at, other.extras)
        )


def table_space(
    kb: KnowledgeBase, table: str, today: date, *, reads_at: date | None = None, extras: Extras = ()
) -> Space:
    """The space of a table as seen from `today`; `reads_at` overrides the date parameters are read at."""
    return _table_space(_Key(kb, table, today, reads_at, extras))


@lru_cache(maxsize=256)
def _table_space(key: _Key) -> Space:
    table = key.kb.table(cast(str, key.table))
    parameters = used_by(table, key.kb.policies[table.policy])
    reads_at = key.reads_at if key.reads_at or table.counts_from else key.today
    conditions = tuple(rule.when for rule in table.rules)
    counts_from = None if reads_at else table.counts_from
    space = _fold(key.kb, Ask(conditions, parameters, counts_from, reads_at, key.today, key.extras))
    winners = _matching(space.diagrams, space.rows)
    bases, first = bases_of(table), table.hit == "first"
    space.root = space.diagrams.map(winners, lambda mask: resolve(bases, cast(int, mask), first=first))
    names = [rule.then for rule in table.rules]
    space.outcomes = space.diagrams.map(space.root, lambda rows: _outcome(names, rows))
    return space


def table_periods(kb: KnowledgeBase, table: str, today: date) -> tuple[Period, ...]:
    """The stretches of time in which the parameters a table reads stay as they are."""
    return _table_periods(_Key(kb, table, today, None, ()))


@lru_cache(maxsize=256)
def _table_periods(key: _Key) -> tuple[Period, ...]:
    table = key.kb.table(cast(str, key.table))
    return periods(used_by(table, key.kb.policies[table.policy]))


def _matching(diagrams: Diagrams, rows: Sequence[Node]) -> Node:
    """Which rows match, a bit for each. Joined two by two: neighbours share most of their conditions."""
    nodes = [diagrams.map(row, lambda hit, bit=1 << i: bit if hit else 0) for i, row in enumerate(rows)]  # type: ignore[misc]
    while len(nodes) > 1:
        joined = [diagrams.pair(_both_bits, one, other) for one, other in zip(nodes[::2], nodes[1::2], strict=False)]
        nodes = joined + nodes[len(joined) * 2 :]
    return nodes[0] if nodes else diagrams.leaf(0)


def _both_bits(one: Hashable, other: Hashable) -> int:
    return cast(int, one) | cast(int, other)


def _outcome(names: list[str], rows: Hashable) -> Hashable:
    return names[rows[0]] if isinstance(rows, tuple) and len(rows) == 1 else rows


def condition_space(kb: KnowledgeBase, policy: str, condition: Condition, today: date, extras: Extras = ()) -> Space:
    """The space of one condition, with the policy's parameters read at `today`. Its root holds True or False."""
    return _condition_space(_Key(kb, (policy, condition), today, None, extras))


@lru_cache(maxsize=256)
def _condition_space(key: _Key) -> Space:
    policy, condition = cast(tuple[str, Condition], key.table)
    parameters = tuple(key.kb.policies[policy].parameters.values())
    space = _fold(key.kb, Ask((condition,), parameters, None, key.today, key.today, key.extras))
    space.root = space.outcomes = space.rows[0]
    return space


def _fold(kb: KnowledgeBase, ask: Ask) -> Space:
    found = (Period(None, values_on(ask.parameters, ask.reads_at)),) if ask.reads_at else periods(ask.parameters)
    levels = [_level(kb, ask, found, name) for name in _order(kb, ask, found)]
    undated = _undated(ask, found[0]) if ask.reads_at else []
    levels += [Level(None, (_UNSURE, _UNSURE)) for _ in undated]
    space = Space(ask, found, tuple(levels), Diagrams([len(level.cells) for level in levels]), tuple(kb.facts))
    folder = _Folder(space, undated)
    space.rows = tuple(folder.fold(condition) for condition in ask.conditions)
    return space


_UNSURE = Cell(None, (), (True,), 1.0)


def _order(kb: KnowledgeBase, ask: Ask, found: tuple[Period, ...]) -> list[str]:
    used = ask.atoms.keys()
    for name in sorted(used - kb.facts.keys()):
        raise DecideError("unknown_fact", f"A rule asks for {name}, which no one declares.", {"fact": name})
    counts = ask.counts_from
    first = [counts] if counts and (len(found) > 1 or counts in used) else []
    return first + [name for name in kb.facts if name in used and name not in first]


def _undated(ask: Ask, period: Period) -> list[Atom]:
    every = (atom for atoms in ask.atoms.values() for atom in atoms)
    return [a for a in every if isinstance(a.operand, ParameterRef) and period.values.get(a.operand.name) is None]


def _level(kb: KnowledgeBase, ask: Ask, found: tuple[Period, ...], name: str) -> Level:
    fact = kb.facts[name]
    asked = [question for i in range(len(found)) for question in _questions(ask, found, name, i)]
    also: list[Scalar] = [value for extra, value in ask.extras if extra == name]
    if name == ask.counts_from:
        also += [day for period in found if period.start for day in around(period.start)]
    sign = _Signer(ask, found, name)
    cells = cells_of(fact, list(dict.fromkeys(asked)), ask.today, sign=sign, also=also)
    if name != ask.counts_from:
        return Level(fact, cells)
    # Dates without values are left out of what a missing date may be; an exact one never comes here.
    kept = tuple(cell for cell in cells if found[period_on(found, _day(cell.values[0]))].known)
    if not kept:
        raise DecideError("no_value_at_date", f"No date of {name} has a value for every parameter the rules read.")
    within = tuple(period_on(found, _day(cell.values[0])) for cell in kept)
    # Most customers ask about something recent: each period weighs half as much as the one after it.
    weighed = (replace(cell, weight=2.0**at / within.count(at)) for cell, at in zip(kept, within, strict=True))
    return Level(fact, tuple(weighed), within)


def _day(value: Scalar) -> date:
    assert isinstance(value, date)
    return value


def _questions(ask: Ask, found: tuple[Period, ...], name: str, period: int) -> list[Question]:
    concrete = ((atom.op, _operand(atom, found[period].values)) for atom in ask.atoms.get(name, ()))
    return list(dict.fromkeys((op, operand) for op, operand in concrete if operand is not None))


def _operand(atom: Atom, values: Mapping[str, object]) -> Concrete | None:
    if isinstance(atom.operand, ParameterRef):
        return values.get(atom.operand.name)  # type: ignore[return-value]
    return atom.operand


class _Signer:
    def __init__(self, ask: Ask, found: tuple[Period, ...], name: str) -> None:
        self._ask = ask
        self._found = found
        self._by_date = name == ask.counts_from
        self._questions = [_questions(ask, found, name, i) for i in range(len(found))]
        self._all = list(dict.fromkeys(q for questions in self._questions for q in questions))

    def __call__(self, value: Scalar) -> Hashable:
        today = self._ask.today
        if not self._by_date:
            return tuple(holds(op, value, operand, today) for op, operand in self._all)
        period = period_on(self._found, _day(value))
        return period, tuple(holds(op, value, operand, today) for op, operand in self._questions[period])


class _Folder:
    """Turns conditions into diagrams over one space."""

    def __init__(self, space: Space, undated: Iterable[Atom]) -> None:
        self._space = space
        self._make = space.diagrams
        self._index = {level.fact.name: i for i, level in enumerate(space.levels) if level.fact}
        self._undated = {atom: len(self._index) + i for i, atom in enumerate(undated)}

    def fold(self, condition: Condition) -> Node:
        match condition:
            case AllOf(parts):
                node = self._make.true
                for part in parts:
                    node = self._make.both(node, self.fold(part))
                return node
            case AnyOf(parts):
                node = self._make.false
                for part in parts:
                    node = self._make.either(node, self.fold(part))
                return node
            case Not(part):
                return self._make.map(self.fold(part), lambda held: not held)
            case Test():
                atom, positive = atom_of(condition)
                node = self._atom(atom)
                return node if positive else self._make.map(node, lambda held: not held)

    def _atom(self, atom: Atom) -> Node:
        if atom in self._undated:
            return self._make.make(self._undated[atom], (self._make.true, self._make.false))
        counts = self._space.ask.counts_from
        if atom.fact == counts:
            level = self._space.levels[0]
            return self._node(0, [self._holds(atom, c, p) for c, p in zip(level.cells, level.periods, strict=True)])
        at = self._index[atom.fact]
        if counts not in self._index:
            return self._in_period(at, atom, 0 if self._space.ask.reads_at else len(self._space.periods) - 1)
        return self._make.make(0, [self._in_period(at, atom, p) for p in self._space.levels[0].periods])

    def _in_period(self, at: int, atom: Atom, period: int) -> Node:
        return self._node(at, [self._holds(atom, cell, period) for cell in self._space.levels[at].cells])

    def _holds(self, atom: Atom, cell: Cell, period: int) -> bool:
        operand = _operand(atom, self._space.periods[period].values)
        assert operand is not None
        return holds(atom.op, cell.values[0], operand, self._space.ask.today)

    def _node(self, at: int, held: list[bool]) -> Node:
        return self._make.make(at, [self._make.true if one else self._make.false for one in held])
