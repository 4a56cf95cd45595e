"""YAML text -> a tree of strings with positions.

Only the plain part of YAML is read: mappings, lists and texts. Nothing is guessed from how a value
looks; whoever asks for a date or a number says so. Anchors, aliases and tags are refused, so a file
can neither grow nor run when it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from plainly.model import Place

# libyaml reads a folder seventeen times as fast as the parser in Python does; both give the same events.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DEEPEST = 24
"""How many mappings and lists may lie inside each other."""


@dataclass(frozen=True)
class Text:
    """A single value, as written. `plain` is False when it stood in quotes."""

    value: str
    place: Place
    plain: bool = True


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True)
class Entry:
    """One key of a mapping with its value."""

    key: Text
    value: Node


@dataclass(frozen=True)
class Table:
    """A mapping, in the order it is written."""

    entries: tuple[Entry, ...]
    place: Place


Node = Text | Items | Table


@dataclass(frozen=True)
class Flaw:
    """What keeps a text from being read as YAML."""

    place: Place
    code: str
    message: str
    fix: str


@dataclass
class _Open:
    """A mapping or list that is being read."""

    place: Place
    is_table: bool
    items: list[Node]
    entries: dict[str, Entry]
    key: Text | None = None


class _RefusedError(Exception):
    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.message)
        self.flaw = flaw


@lru_cache(maxsize=1024)
def read_yaml(text: str, path: str, first_line: int = 1) -> tuple[Node | None, tuple[Flaw, ...]]:
    """The tree in `text`, and the flaws found; the tree is None when it cannot be read or is empty.

    `first_line` is the number of the text's first line within the file. Kept by content, so that a
    reload only reads the files that changed.
    """
    builder = _Builder(path, first_line)
    try:
        for event in yaml.parse(text, Loader=_PARSER):
            builder.take(event)
    except _RefusedError as refused:
        return None, (*builder.flaws, refused.flaw)
    except yaml.YAMLError as error:
        return None, (*builder.flaws, _syntax_flaw(error, builder))
    except (ValueError, TypeError, IndexError, AttributeError, AssertionError, RecursionError):
        # The parser trips over some malformed directives and escapes instead of reporting them.
        return None, (*builder.flaws, builder.flaw_here("This is not YAML that can be read."))
    return builder.root, tuple(builder.flaws)


class _Builder:
    """Turns parser events into the tree, without recursion."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.open: list[_Open] = []
        self.root: Node | None = None
        self.flaws: list[Flaw] = []
        self.documents = 0
        self.last = Place(path, first_line)

    def take(self, event: Any) -> None:
        if event.start_mark is not None:
            self.last = self.at(event.start_mark)
        self.refuse_what_is_not_plain(event)
        if isinstance(event, yaml.ScalarEvent):
            self.add(Text(_sound(event.value, self.last), self.last, plain=not event.style))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self.begin(is_table=isinstance(event, yaml.MappingStartEvent))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.finish()

    def refuse_what_is_not_plain(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _RefusedError(_alias_flaw(self.last))
        if getattr(event, "tag", None):
            raise _RefusedError(
                Flaw(self.last, "yaml_tag", "A YAML tag (!...) is not read here.", "Remove the tag; write the value.")
            )
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                message = "A second document starts here (---)."
                raise _RefusedError(Flaw(self.last, "yaml_syntax", message, "Keep one document in a file."))

    def begin(self, *, is_table: bool) -> None:
        if len(self.open) >= DEEPEST:
            message = f"This is more than {DEEPEST} levels deep."
            raise _RefusedError(
                Flaw(self.last, "too_deep", message, "Flatten it; conditions rarely need three levels.")
            )
        if self.open and self.open[-1].is_table and self.open[-1].key is None:
            raise _RefusedError(Flaw(self.last, "yaml_syntax", "A key must be a single word or text.", _QUOTE))
        self.open.append(_Open(self.last, is_table, [], {}))

    def finish(self) -> None:
        done = self.open.pop()
        if done.is_table:
            self.add(Table(tuple(done.entries.values()), done.place))
        else:
            self.add(Items(tuple(done.items), done.place))

    def add(self, node: Node) -> None:
        if not self.open:
            self.root = None if node == Text("", node.place) else node
            return
        parent = self.open[-1]
        if not parent.is_table:
            parent.items.append(node)
        elif parent.key is None:
            assert isinstance(node, Text)
            parent.key = node
        else:
            self.enter(parent, parent.key, node)

    def enter(self, parent: _Open, key: Text, node: Node) -> None:
        parent.key = None
        if key.value in parent.entries:
            first = parent.entries[key.value].key.place.line
            message = f'The key "{key.value}" is written twice; the first is on line {first}.'
            self.flaws.append(Flaw(key.place, "duplicate_key", message, "Keep one of the two."))
            return
        parent.entries[key.value] = Entry(key, node)

    def at(self, mark: Any) -> Place:
        return Place(self.path, mark.line + self.first_line, mark.column + 1)

    def flaw_here(self, message: str) -> Flaw:
        return Flaw(self.last, "yaml_syntax", message, _QUOTE)


_QUOTE = 'Put texts with ":", "#", "{" or quotes in them between double quotes, and indent with spaces.'


def _alias_flaw(place: Place) -> Flaw:
    message = "YAML anchors and aliases (&name, *name) are not read here."
    return Flaw(place, "yaml_alias", message, "Write the value out where it is needed, or put the text in quotes.")


def _sound(value: str, place: Place) -> str:
    """The value, unless its escapes make characters that cannot be stored."""
    if any(0xD800 <= ord(char) <= 0xDFFF or char == "\0" for char in value):
        message = "This text has an escape for a character that does not exist."
        raise _RefusedError(Flaw(place, "bad_character", message, "Type the character itself."))
    return value


def _syntax_flaw(error: yaml.YAMLError, builder: _Builder) -> Flaw:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = builder.at(mark) if mark is not None else builder.last
    problem = str(getattr(error, "problem", None) or "it cannot be read").strip().splitlines()[0]
    return Flaw(place, "yaml_syntax", f"This is not valid YAML: {problem}.", _QUOTE)
