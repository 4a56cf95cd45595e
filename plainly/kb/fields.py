"""Reads the keys of a mapping, checks their types, and notes what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from types import TracebackType
from typing import Self

from plainly.kb.problems import Problems, did_you_mean
from plainly.kb.values import BadValue, parse_date, parse_duration, parse_yes_no
from plainly.kb.yaml_reader import Entry, Items, Node, Table, Text
from plainly.model import Duration, Place

A_LONG_TEXT = 2_000
"""Characters; a longer value is more likely a missing quote than a sentence."""


class Record:
    """One mapping of a policy file. Use it as a context: at the end, keys nobody asked for are errors.

    Every reader gives a harmless stand-in after noting a problem, so that reading goes on.
    """

    def __init__(self, node: Table, problems: Problems, what: str) -> None:
        self.node = node
        self.problems = problems
        self.what = what
        self.known: set[str] = set()
        self._values = {entry.key.value: entry for entry in node.entries}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for name, entry in self._values.items():
            if kind is None and name not in self.known:
                message = f'{self.what} has no key "{name}".'
                self.problems.error(entry.key.place, "unknown_key", message, did_you_mean(name, self.known))

    # --- what is there ---

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def place(self, name: str = "") -> Place:
        """Where a key's value is written, or the mapping itself."""
        entry = self._values.get(name)
        return entry.value.place if entry else self.node.place

    def key_place(self, name: str) -> Place:
        """Where a key is written, or the mapping itself."""
        entry = self._values.get(name)
        return entry.key.place if entry else self.node.place

    def get(self, name: str, *, required: bool = False) -> Node | None:
        """The value of a key, when it is there and not empty."""
        self.known.add(name)
        entry = self._values.get(name)
        if entry is None:
            if required:
                message = f'{self.what} lacks "{name}".'
                self.problems.error(self.node.place, "missing_key", message, f'Add "{name}: ...".')
            return None
        if isinstance(entry.value, Text) and not entry.value.value.strip() and entry.value.plain:
            message = f'"{name}" has no value.'
            self.problems.error(entry.key.place, "empty_value", message, "Write a value, or remove the key.")
            return None
        return entry.value

    # --- texts ---

    def text(self, name: str, *, required: bool = False, longest: int = A_LONG_TEXT) -> str:
        """One text, without line breaks."""
        node = self.get(name, required=required)
        return text_of(node, self.problems, f'"{name}"', longest=longest) if node else ""

    def texts(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        node = self.get(name, required=required)
        if node is None:
            return ()
        if isinstance(node, Text):
            return (text_of(node, self.problems, f'"{name}"'),)
        return tuple(text_of(item, self.problems, f'Each entry of "{name}"') for item in self.items(name))

    def placed_texts(self, name: str) -> tuple[Text, ...]:
        """Like `texts`, with the places they are written at."""
        node = self.get(name)
        nodes = (node,) if isinstance(node, Text) else self.items(name)
        for item in nodes:
            is_text(item, self.problems, f'Each entry of "{name}"')
        return tuple(item for item in nodes if isinstance(item, Text))

    def choice(self, name: str, allowed: Iterable[str], *, required: bool = True) -> str:
        """One word out of a closed list; the first of the list when it is wrong or missing."""
        words = tuple(allowed)
        value = self.text(name, required=required)
        if not value:
            return words[0]
        if value not in words:
            fix = f"Use one of: {', '.join(words)}."
            self.problems.error(self.place(name), "unknown_word", f'"{name}" cannot be "{value}".', fix)
            return words[0]
        return value

    # --- values ---

    def value[T](self, name: str, parse: Callable[[str], T], otherwise: T, *, required: bool = False) -> T:
        """A value read by `parse`, or the stand-in."""
        text = self.text(name, required=required)
        if not text:
            return otherwise
        try:
            return parse(text)
        except BadValue as error:
            self.problems.error(self.place(name), error.code, error.message, f'Mend the value of "{name}".')
            return otherwise

    def date(self, name: str, *, required: bool = False) -> date | None:
        """A date."""
        return self.value(name, parse_date, None, required=required)

    def duration(self, name: str, *, required: bool = False) -> Duration | None:
        """A length of time."""
        return self.value(name, parse_duration, None, required=required)

    def yes_no(self, name: str, *, otherwise: bool) -> bool:
        """true or false, yes or no."""
        return self.value(name, parse_yes_no, otherwise)

    # --- parts ---

    def items(self, name: str, *, required: bool = False) -> tuple[Node, ...]:
        """The entries of a list."""
        node = self.get(name, required=required)
        return list_of(node, self.problems, f'"{name}"') if node else ()

    def table(self, name: str, *, required: bool = False) -> tuple[Entry, ...]:
        """The entries of a mapping of names."""
        node = self.get(name, required=required)
        return table_of(node, self.problems, f'"{name}"').entries if node else ()

    def records(self, name: str, what: str) -> Iterator[Record]:
        """The mappings in a list."""
        for node in self.items(name):
            if isinstance(node, Table):
                with Record(node, self.problems, what) as record:
                    yield record
            else:
                table_of(node, self.problems, what)


def text_of(node: Node, problems: Problems, what: str, *, longest: int = A_LONG_TEXT) -> str:
    """The text of a node, on one line."""
    if not isinstance(node, Text):
        is_text(node, problems, what)
        return ""
    value = " ".join(node.value.split())
    if len(value) > longest:
        message = f"{what} is {len(value)} characters long; {longest} is the most."
        problems.error(node.place, "too_long", message, "Shorten it; is a quote or a line break missing?")
        return value[:longest]
    return value


def is_text(node: Node, problems: Problems, what: str) -> bool:
    """True when the node is a single value; a problem is noted otherwise."""
    if isinstance(node, Text):
        return True
    found = "a list" if isinstance(node, Items) else "a mapping"
    fix = 'Write one value; put texts with ":" or "{" in them in double quotes.'
    problems.error(node.place, "wrong_type", f"{what} must be a single text, not {found}.", fix)
    return False


def list_of(node: Node, problems: Problems, what: str) -> tuple[Node, ...]:
    """The entries of a list node."""
    if isinstance(node, Items):
        return node.items
    found = "a mapping" if isinstance(node, Table) else "a single text"
    fix = "Write a list: [first, second], or one entry per line after a dash."
    problems.error(node.place, "wrong_type", f"{what} must be a list, not {found}.", fix)
    return ()


def table_of(node: Node, problems: Problems, what: str) -> Table:
    """The mapping in a node."""
    if isinstance(node, Table):
        return node
    found = "a list" if isinstance(node, Items) else "a single text"
    fix = "Write keys and values: {key: value}, or one pair per line."
    problems.error(node.place, "wrong_type", f"{what} must be a mapping of keys to values, not {found}.", fix)
    return Table((), node.place)
