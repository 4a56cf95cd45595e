"""A document as every reader gives it: its title, its blocks in reading order, and what a person must look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heading:
    """A heading. Levels 1 to 6 are the document's own; a guessed one (7 and deeper) looked like a heading."""

    text: str
    level: int
    guessed: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Words that belong together, with bold, italics and links as Markdown. `strong`: all of it was bold."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Item:
    """An entry of a list: `depth` 0 is the outermost list; `number` is "" in a list of bullets."""

    text: str
    depth: int = 0
    number: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of cells; `headed` when the first row names the columns."""

    rows: tuple[tuple[str, ...], ...]
    headed: bool = False


Block = Heading | Paragraph | Item | Table


def words_of(blocks: Iterable[Block]) -> str:
    """All words of blocks in one line, tables cell by cell."""
    said = (" ".join(map(" ".join, one.rows)) if isinstance(one, Table) else one.text for one in blocks)
    return " ".join(" ".join(said).split())


@dataclass(frozen=True)
class Note:
    """Something for the to-do list: a kind of `en/todo.yml`, and what its sentence is about."""

    kind: str
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """What a file holds. `title` is what the file says it is called, or ""."""

    title: str
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()
