"""Decision diagrams: a table's whole space of cases, folded so that equal parts are stored once.

A node asks one level (a fact) and has a child for each of its cells; a leaf holds a result. Levels
keep one order and no node has only equal children, so a fact can change the result exactly when a
node asks it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from math import inf

Allowed = tuple[tuple[int, ...], ...]
"""For each level, the cells that are still possible."""


class Node:
    """One question of a diagram, or a leaf (no children). Equal nodes are the same object."""

    __slots__ = ("children", "level", "value")

    def __init__(self, level: float, children: tuple[Node, ...], value: Hashable = None) -> None:
        self.level = level
        self.children = children
        self.value = value

    @property
    def is_leaf(self) -> bool:
        """Whether nothing is left to ask."""
        return not self.children


class Diagrams:
    """Makes and combines the diagrams over one list of levels. Safe to share between threads."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = tuple(sizes)
        self._nodes: dict[tuple[float, tuple[Node, ...]], Node] = {}
        self._leaves: dict[Hashable, Node] = {}
        self.true = self.leaf(value=True)
        self.false = self.leaf(value=False)

    def leaf(self, value: Hashable) -> Node:
        """The leaf with this result."""
        # 1 == True in Python, but not here.
        return self._leaves.setdefault((type(value), value), Node(inf, (), value))

    def make(self, level: int, children: Sequence[Node]) -> Node:
        """A node, or its only child when all children are the same."""
        first = children[0]
        if all(child is first for child in children):
            return first
        key = (level, tuple(children))
        found = self._nodes.get(key)
        return found if found is not None else self._nodes.setdefault(key, Node(level, key[1]))

    def both(self, one: Node, other: Node) -> Node:
        """True where both are."""
        return self._combine(lambda a, b: a and b, one, other, self.false)

    def either(self, one: Node, other: Node) -> Node:
        """True where at least one is."""
        return self._combine(lambda a, b: a or b, one, other, self.true)

    def pair(self, op: Callable[[Hashable, Hashable], Hashable], one: Node, other: Node) -> Node:
        """The diagram of op(result of one, result of other)."""
        return self._combine(op, one, other, None)

    def _combine(self, op: Callable[..., Hashable], one: Node, other: Node, absorbing: Node | None) -> Node:
        memo: dict[tuple[Node, Node], Node] = {}

        def walk(a: Node, b: Node) -> Node:
            if absorbing is not None and (a is absorbing or b is absorbing):
                return absorbing
            if a.is_leaf and b.is_leaf:
                return self.leaf(op(a.value, b.value))
            key = (a, b)
            if key not in memo:
                level = int(min(a.level, b.level))
                size = self.sizes[level]
                left = a.children if a.level == level else (a,) * size
                right = b.children if b.level == level else (b,) * size
                memo[key] = self.make(level, tuple(map(walk, left, right)))
            return memo[key]

        return walk(one, other)

    def map(self, node: Node, change: Callable[[Hashable], Hashable]) -> Node:
        """The same diagram with every result changed."""
        memo: dict[Node, Node] = {}

        def walk(at: Node) -> Node:
            if at.is_leaf:
                return self.leaf(change(at.value))
            if at not in memo:
                memo[at] = self.make(int(at.level), tuple(map(walk, at.children)))
            return memo[at]

        return walk(node)

    def restrict(self, node: Node, allowed: Allowed) -> Node:
        """What is left when only these cells can happen. Cells ruled out copy one that is not."""
        memo: dict[Node, Node] = {}

        def walk(at: Node) -> Node:
            if at.is_leaf:
                return at
            if at not in memo:
                cells = allowed[int(at.level)]
                kept = {cell: walk(at.children[cell]) for cell in cells}
                spare = kept[cells[0]]
                memo[at] = self.make(int(at.level), tuple(kept.get(i, spare) for i in range(len(at.children))))
            return memo[at]

        return walk(node)

    def fix(self, node: Node, level: int, cell: int) -> Node:
        """What is left when one level's cell is known."""
        everything = tuple(tuple(range(size)) for size in self.sizes)
        return self.restrict(node, (*everything[:level], (cell,), *everything[level + 1 :]))


def results(node: Node) -> list[Hashable]:
    """The results a diagram can still give, in the order met."""
    return [at.value for at in _walk(node) if at.is_leaf]


def levels(node: Node) -> list[int]:
    """The levels that can still change the result, in order."""
    return sorted({int(at.level) for at in _walk(node) if not at.is_leaf})


def _walk(node: Node) -> list[Node]:
    seen: dict[Node, None] = {}

    def visit(at: Node) -> None:
        if at not in seen:
            seen[at] = None
            for child in at.children:
                visit(child)

    visit(node)
    return list(seen)
