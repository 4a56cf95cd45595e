"""Finds the sections of a document: its title, its headings, and what was written below each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from plainly.importing.content import sign
from plainly.importing.document import Block, Document, Heading, Item, Note, Paragraph, Table
from plainly.importing.from_text import is_heading
from plainly.importing.numbering import label_of
from plainly.importing.words import short

GUESSED = 7
"""The level of a guessed heading: below every heading that the document marks as one."""


@dataclass
class Section:
    """A heading with the blocks below it. `heading` is "" where the words have none of their own."""

    heading: str
    level: int
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Outline:
    """A policy as a document has it: its title ("" when it has none) and its sections in order."""

    title: str
    sections: list[Section]
    notes: list[Note] = field(default_factory=list)


def outlines(document: Document) -> list[Outline]:
    """The policies of a document: one, unless every top heading is the title of a policy."""
    notes: list[Note] = []
    blocks = list(_with_headings(list(document.blocks), notes))
    title, blocks = _title(blocks)
    parts = _policies(blocks)
    if parts:
        found = [_outline(heading.text, part, [Note("one_of_several")]) for heading, part in parts]
        found[0].notes += notes
        return found
    return [_outline(title or document.title, blocks, notes)]


def _with_headings(blocks: list[Block], notes: list[Note]) -> Iterator[Block]:
    """The blocks, with paragraphs that are headings in all but name made headings."""
    has_title = any(isinstance(block, Heading) and block.level == 1 for block in blocks)
    for index, block in enumerate(blocks):
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        if isinstance(block, Paragraph):
            made = list(_promoted(block, after, first=index == 0 and not has_title))
        else:
            made = [block]
        guessed = (one for one in made if isinstance(one, Heading) and one.guessed and one.level > 1)
        notes += [Note("guessed_heading", {"words": short(one.text)}) for one in guessed if not label_of(one.text)]
        yield from made


def _promoted(block: Paragraph, after: Block | None, *, first: bool) -> Iterator[Block]:
    label = label_of(block.text)
    if label and label.number and label.sure:
        level = GUESSED + label.number.count(".")
        if is_heading(label.rest) and after is not None:
            yield Heading(block.text, level, guessed=True)
        elif "." in label.number or label.written[0].isalpha() or label.written[0] == "§":
            yield Heading(label.written, level, guessed=True)
            yield replace(block, text=label.rest) if label.rest else Paragraph(label.written)
        else:
            yield Item(label.rest, 0, label.number) if label.rest else block
    elif label and not label.number and len(label.written) > 5 and is_heading(label.rest) and after is not None:
        yield Heading(block.text, GUESSED, guessed=True)
    elif label and not label.number and not (block.strong or label.rest.isupper()):
        yield Item(block.text)
    elif block.strong and first and len(block.text.split()) <= 14 and after is not None:
        yield Heading(block.text, 1, guessed=True)
    elif block.strong and after is not None and _looks_like_heading(block, after):
        yield Heading(block.text.rstrip(":"), GUESSED, guessed=True)
    else:
        yield block


def _looks_like_heading(block: Paragraph, after: Block) -> bool:
    """A short bold line, or a line of its own, above words it may name."""
    follows = not isinstance(after, Heading) or after.guessed
    if isinstance(after, Paragraph) and after.strong:
        follows = label_of(after.text) is not None
    listed = isinstance(after, Paragraph) and label_of(after.text) is not None
    if block.text.endswith(":") and (listed or isinstance(after, (Item, Table))):
        return False
    fits = len(block.text.split()) <= 12 and block.text[-1] not in ".,;" and "](" not in block.text
    return follows and fits and not sign("no_heading").search(block.text)


def _title(blocks: list[Block]) -> tuple[str, list[Block]]:
    """The title, when one heading stands above all others; its words then begin the policy."""
    headings = [block for block in blocks if isinstance(block, Heading)]
    if not headings or len(blocks) == 1:
        return "", blocks
    top = min(heading.level for heading in headings)
    first = headings[0]
    alone = first.level == top and sum(heading.level == top for heading in headings) == 1
    if not alone or label_of(first.text) or (first.guessed and first.level >= GUESSED):
        return "", blocks
    at = next(index for index, block in enumerate(blocks) if block is first)
    return " ".join(first.text.split()), blocks[:at] + blocks[at + 1 :]


def _policies(blocks: list[Block]) -> list[tuple[Heading, list[Block]]]:
    """The parts below the top headings, when there are several and each names a policy."""
    headings = [block for block in blocks if isinstance(block, Heading)]
    top = min((heading.level for heading in headings), default=0)
    tops = [heading for heading in headings if heading.level == top]
    named = len(tops) > 1 and all(sign("policy").search(one.text) and not one.guessed for one in tops)
    if not named or blocks[0] is not tops[0]:
        return []
    parts: list[tuple[Heading, list[Block]]] = []
    for block in blocks:
        if any(block is one for one in tops):
            assert isinstance(block, Heading)
            parts.append((block, []))
        else:
            parts[-1][1].append(block)
    return parts if all(part for _, part in parts) else []


def _outline(title: str, blocks: list[Block], notes: list[Note]) -> Outline:
    if not any(isinstance(block, Heading) for block in blocks):
        blocks, note = _without_headings(blocks)
        notes = [*notes, note]
    top = min((block.level for block in blocks if isinstance(block, Heading)), default=GUESSED)
    sections: list[Section] = []
    for block in blocks:
        if isinstance(block, Heading):
            sections.append(Section(" ".join(block.text.split()), block.level))
        else:
            if not sections:
                sections.append(Section("", top))
            sections[-1].blocks.append(block)
    return Outline(title, sections, notes)


def _without_headings(blocks: list[Block]) -> tuple[list[Block], Note]:
    """Numbered entries are the clauses, else every paragraph is one."""
    numbered = any(isinstance(block, Item) and block.number and not block.depth for block in blocks)
    made: list[Block] = []
    path: list[str] = []
    for block in blocks:
        if numbered and isinstance(block, Item) and block.number and block.depth <= len(path[:2]):
            named = is_heading(block.text)
            path = [*path[: block.depth], block.number]
            own = f"{'.'.join(path)}. {block.text if named else ''}".strip()
            made.append(Heading(own, GUESSED + block.depth, guessed=True))
            made += [] if named else [Paragraph(block.text)]
        elif not numbered and isinstance(block, Paragraph):
            made += [Heading("", GUESSED, guessed=True), block]
        else:
            made.append(block)
    return made, Note("clauses_from_list" if numbered else "clauses_from_paragraphs")
