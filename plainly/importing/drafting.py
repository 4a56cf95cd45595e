"""Turns a document into policies of the quoted level: numbered clauses with the words as they were."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from plainly.importing.content import content, sign
from plainly.importing.document import Block, Document, Item, Note, Paragraph, Table
from plainly.importing.numbering import DEEPEST, Label, Place, label_of, number_all
from plainly.importing.structure import Outline, Section, outlines
from plainly.importing.words import safe_line, short
from plainly.kb.files import NAME

LONG = 70
"""Words of a clause that a reply quotes at once; longer sections are parted where their paragraphs end."""


@dataclass(frozen=True)
class DraftClause:
    """A clause to be written: "" for words when it only names the section below it."""

    number: str
    title: str
    words: str


@dataclass(frozen=True)
class Draft:
    """A policy to be written, and what a person must look at. `is_hard`: its words are above the reading grade."""

    id: str
    title: str
    clauses: tuple[DraftClause, ...]
    notes: tuple[Note, ...]
    is_hard: bool = False

    def text(self) -> str:
        """The policy.md. Words harder to read than replies may be have a note that lets them pass."""
        noted = [f"grade_note: {_quoted(content('todo')['grade_note'])}"] if self.is_hard else []
        parts = ["\n".join(["---", f"title: {_quoted(self.title)}", *noted, "---"])]
        for clause in self.clauses:
            heading = f"{'#' * (clause.number.count('.') + 1)} {clause.number} {clause.title}".rstrip()
            parts.append(f"{heading}\n{clause.words}" if clause.words else heading)
        return "\n\n".join(parts) + "\n"


def drafts(document: Document, file_name: str) -> list[Draft]:
    """The policies in a document. What cannot be told from its words has a note."""
    made = [_draft(outline, file_name) for outline in outlines(document)]
    first = made[0]
    return [Draft(first.id, first.title, first.clauses, (*document.notes, *first.notes)), *made[1:]]


def policy_id(title: str, file_name: str = "") -> str:
    """A name for the policy's folder, from its title or else its file's name.

    >>> policy_id("Returns & refunds – our policy")
    'returns_refunds_our_policy'
    """
    for words in (title, file_name, "policy"):
        plain = unicodedata.normalize("NFKD", words.casefold().replace("ß", "ss")).encode("ascii", "ignore").decode()
        names = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain))
        while names and not names[0][0].isalpha():
            names.pop(0)
        name = "_".join(names[:6])[:60].rstrip("_")
        if NAME.fullmatch(name):
            return name
    raise AssertionError


def _draft(outline: Outline, file_name: str) -> Draft:
    notes = list(outline.notes)
    title = outline.title
    if not title:
        title = re.sub(r"[_-]+", " ", file_name).strip().capitalize() or "Policy"
        notes.append(Note("title_from_file", {"title": title}))
    sections = _split_long(list(_numbered(outline.sections, title, notes)), notes)
    clauses = tuple(_clauses(sections, notes))
    notes += _found_in(clauses)
    return Draft(policy_id(title, file_name), title, clauses, tuple(notes))


@dataclass
class _Numbered:
    number: str
    title: str
    blocks: list[Block]


def _numbered(sections: Sequence[Section], title: str, notes: list[Note]) -> Iterator[_Numbered]:
    """The sections with their numbers; a number that could not stay is noted."""
    labels = list(_labels(sections))
    places = [
        Place(section.level, label.number if label else "") for section, label in zip(sections, labels, strict=True)
    ]
    if (
        sections
        and not sections[0].heading
        and any(place.own for place in places)
        and "0" not in {p.own for p in places}
    ):
        places[0].own = "0"  # words before the document's own clause 1
        notes.append(Note("clause_zero"))
    number_all(places)
    notes += _order_notes(places)
    above = {"": title}
    for section, label, place in zip(sections, labels, places, strict=True):
        named = label.rest if label else section.heading
        parent = place.number.rpartition(".")[0]
        shown = named or above.get(parent, title)
        above[place.number] = shown
        if label and label.number != place.number:
            kind = "number_repeated" if label.number else "number_changed"
            notes.append(Note(kind, {"old": label.written, "new": place.number, "words": short(shown)}))
        if not named and label:
            notes.append(Note("named_after_section", {"clause": place.number}))
        yield _Numbered(place.number, shown, section.blocks)


def _labels(sections: Sequence[Section]) -> Iterator[Label | None]:
    """The number of each heading; a bare figure is one only where it goes on counting."""
    last = 0
    for section in sections:
        label = label_of(section.heading)
        if label and not label.sure and int(label.number) != last + 1:
            label = None
        if label and label.number:
            last = int(label.number.split(".")[0])
        yield label


def _order_notes(places: Sequence[Place]) -> Iterator[Note]:
    own = [tuple(map(int, place.own.split("."))) for place in places if place.own and place.own == place.number]
    for before, after in pairwise(own):
        if after < before:
            yield Note("number_order", {"clause": ".".join(map(str, after)), "before": ".".join(map(str, before))})
    tops = sorted({one[0] for one in own if one[0]})
    missing = [str(one) for one in range(1, tops[-1] if tops else 0) if one not in tops]
    if missing and len(missing) < len(tops):
        yield Note("number_missing", {"words": ", ".join(missing)})


def _split_long(sections: list[_Numbered], notes: list[Note]) -> list[_Numbered]:
    """Long sections become a clause for each paragraph, so that a reply can quote the one that answers."""
    numbers = [section.number for section in sections]
    made: list[_Numbered] = []
    for section in sections:
        groups = _groups(section.blocks)
        has_children = any(number.startswith(f"{section.number}.") for number in numbers)
        deep = section.number.count(".") + 1 >= DEEPEST
        if has_children or deep or len(groups) < 2 or len(_rendered(section.blocks).split()) <= LONG:
            made.append(section)
            continue
        made.append(_Numbered(section.number, section.title, []))
        for index, group in enumerate(groups, 1):
            made.append(_Numbered(f"{section.number}.{index}", section.title, group))
        notes.append(
            Note("parted", {"clause": section.number, "words": section.title, "to": f"{section.number}.{len(groups)}"})
        )
    return made


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks that must be read together: a lead with its list or table."""
    groups: list[list[Block]] = []
    long_list = _has_long_entries(blocks)
    for block in blocks:
        lead = groups[-1][-1] if groups else None
        leads = isinstance(lead, Paragraph) and lead.text.rstrip()[-1:] in ":;"
        listed = isinstance(block, Item) and not (long_list and block.number and not block.depth)
        if groups and (listed or isinstance(block, Table) or leads or _goes_on(lead, block)):
            groups[-1].append(block)
        elif isinstance(block, Item) and not listed:
            groups.append([Paragraph(block.text)])
        else:
            groups.append([block])
    return groups


def _goes_on(lead: Block | None, block: Block) -> bool:
    """Words after a list that go on with its sentence."""
    return isinstance(lead, Item) and isinstance(block, Paragraph) and block.text[:1].islower()


def _has_long_entries(blocks: Sequence[Block]) -> bool:
    """Numbered entries of whole sentences are clauses; short ones are steps that belong together."""
    entries = [block.text for block in blocks if isinstance(block, Item) and block.number and not block.depth]
    return bool(entries) and sum(len(text.split()) for text in entries) > 15 * len(entries)


def _clauses(sections: Sequence[_Numbered], notes: list[Note]) -> Iterator[DraftClause]:
    numbers = [section.number for section in sections]
    for section in sections:
        words = _rendered(section.blocks)
        if not words and not any(number.startswith(f"{section.number}.") for number in numbers):
            notes.append(Note("heading_alone", {"clause": section.number, "words": short(section.title)}))
            words = safe_line(section.title)
        notes += [Note("table", {"clause": section.number}) for block in section.blocks if isinstance(block, Table)]
        yield DraftClause(section.number, section.title, words)


def _rendered(blocks: Sequence[Block]) -> str:
    """Blocks as the words of a clause."""
    text = ""
    before: Block | None = None
    for block in blocks:
        lines = list(_lines(block))
        close = isinstance(block, Item) and isinstance(before, Item)
        text += ("" if not text else "\n" if close else "\n\n") + "\n".join(lines)
        before = block
    return text


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Item):
        yield f"{'   ' * min(block.depth, 3)}{f'{block.number}.' if block.number else '-'} {safe_line(block.text)}"
    elif isinstance(block, Table):
        yield from _table_lines(block)
    else:
        yield from (safe_line(line) for line in block.text.split("\n"))


def _table_lines(table: Table) -> Iterator[str]:
    """A table as a list: each row says which column its cells stand in. Two columns need no names."""
    head, rows = (table.rows[0], table.rows[1:]) if table.headed and len(table.rows) > 1 else ((), table.rows)
    wide = max(len(row) for row in table.rows) > 2
    if head:
        yield f"{('; ' if wide else ': ').join(filter(None, head))}{':' if wide else ''}"
        yield ""
    for row in rows:
        cells = [*zip(head, row, strict=False), *(("", cell) for cell in row[len(head) :])]
        if wide and head:
            named = (f"{name}: {cell}" if name else cell for name, cell in cells if cell)
            yield f"- {'; '.join(named)}"
        else:
            yield f"- {('; ' if wide else ': ').join(filter(None, row))}"


def _found_in(clauses: Sequence[DraftClause]) -> Iterator[Note]:
    """What the words themselves bring up: amounts, references that lead nowhere, other languages, length."""
    numbers = {clause.number for clause in clauses}
    words = sign("numbered").pattern
    reference = re.compile(rf"(?<!\w)(?:{words})s?\s*(\d{{1,3}}(?:\.\d{{1,3}}){{0,3}})(?![\d%])", re.IGNORECASE)
    for clause in clauses:
        plain = re.sub(r"\]\([^)]*\)", "]", clause.words)
        for found in sign("amounts").finditer(plain):
            yield Note("amount", {"words": found[0], "clause": clause.number})
        for found in reference.finditer(plain):
            if found[1] not in numbers:
                yield Note("reference", {"words": found[0], "clause": clause.number})
        said = re.findall(r"[^\W\d_]+", plain)
        if len(said) >= 8 and len(sign("english").findall(plain)) * 12 < len(said):
            yield Note("language", {"clause": clause.number, "words": short(plain)})
        if len(plain.split()) > LONG * 2:
            yield Note("long_clause", {"clause": clause.number, "words": str(len(plain.split()))})


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
