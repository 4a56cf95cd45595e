"""Reads a PDF: lines in reading order, without what repeats on every page; large or bold lines are headings."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTContainer, LTImage, LTPage, LTTextLine
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from plainly.errors import PlainlyError
from plainly.importing.content import sign
from plainly.importing.document import Block, Document, Heading, Note, Paragraph, Table
from plainly.importing.from_text import blocks_of_lines, is_heading
from plainly.importing.words import literal

_MOST_PAGES = 300
_EDGE = 0.12
"""The share of a page, at its top and bottom, in which headers and footers stand."""
_HYPHEN = re.compile(r"(\w+)-$")
_NOT_PROSE = re.compile(r"(?:[-*•●▪◦–·]|\(?[a-z0-9]{1,3}[.)])\s", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """A line of a page: its words, how large and heavy they are, and where they stand (points from the bottom left)."""

    text: str
    size: float
    bold: bool
    left: float
    right: float
    bottom: float
    top: float
    page: int
    height: float
    cells: tuple[str, ...] = ()


def read_pdf(data: bytes, name: str) -> Document:
    """The document in a PDF file."""
    notes: list[Note] = []
    pages = list(_pages(data, name, notes))
    lines = _without_edges([line for page in pages for line in page], len(pages), notes)
    if not lines:
        message = f"{name} holds no text: it may be a scan. Have its text recognised first, or type it."
        raise PlainlyError("no_text", message, {"file": name})
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = max(sizes, key=lambda size: (sizes[size], -size))
    reader = _Reader(lines, body, notes)
    blocks = tuple(reader.read())
    return Document("", blocks, tuple(notes))


def _pages(data: bytes, name: str, notes: list[Note]) -> Iterator[list[Line]]:
    try:
        for number, page in enumerate(
            extract_pages(io.BytesIO(data), laparams=LAParams(char_margin=2.5), maxpages=_MOST_PAGES + 1)
        ):
            if number == _MOST_PAGES:
                message = f"{name} has more than {_MOST_PAGES} pages. Part it into its policies first."
                raise PlainlyError("too_large", message, {"file": name})
            notes += [Note("image", {"words": "-"}) for _ in _found(page, LTImage)]
            yield _in_order(list(_lines(page, number)))
    except (PDFPasswordIncorrect, PDFEncryptionError) as wrong:
        message = f"{name} is locked with a password. Save a copy without one."
        raise PlainlyError("locked_file", message, {"file": name}) from wrong
    except PlainlyError:
        raise
    except Exception as wrong:  # whatever a broken file makes the library raise
        message = f"{name} cannot be read as a PDF. Print it to a new PDF and try that."
        raise PlainlyError("unreadable_file", message, {"file": name}) from wrong


def _found[T](container: LTContainer, kind: type[T]) -> Iterator[T]:  # type: ignore[type-arg]
    for one in container:
        if isinstance(one, kind):
            yield one
        elif isinstance(one, LTContainer):
            yield from _found(one, kind)


def _lines(page: LTPage, number: int) -> Iterator[Line]:
    for found in _found(page, LTTextLine):
        letters = [one for one in found if isinstance(one, LTChar)]
        text = " ".join(literal(found.get_text().replace("\u00ad\n", "-\n")).split())
        if text and letters:
            size = round(median(letter.size for letter in letters) * 2) / 2
            heavy = sum(bool(re.search("bold|black|heavy|semib", letter.fontname, re.IGNORECASE)) for letter in letters)
            yield Line(
                text, size, heavy * 2 > len(letters), found.x0, found.x1, found.y0, found.y1, number, page.height
            )


def _in_order(lines: list[Line]) -> list[Line]:
    """Lines that share a height are one row of a table or a number with its words, unless the page has columns."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (-(line.bottom + line.top), line.left)):
        middle = (line.bottom + line.top) / 2
        if rows and abs((rows[-1][0].bottom + rows[-1][0].top) / 2 - middle) < line.size * 0.4:
            rows[-1].append(line)
        else:
            rows.append([line])
    pairs = [row for row in rows if len(row) > 1]
    if len(pairs) > 4 and median(len(line.text) for row in pairs for line in row) >= 30:
        return lines
    return [_joined(sorted(row, key=lambda line: line.left)) for row in rows]


def _joined(row: list[Line]) -> Line:
    text = " ".join(line.text for line in row)
    cells = tuple(line.text for line in row)
    if len(row) == 2 and re.fullmatch(r"(?:[-*•●▪◦–·]|\(?[a-zA-Z0-9]{1,4}[.)]|\d+(?:\.\d+)*\.?)", cells[0]):
        cells = ()
    right = max(line.right for line in row)
    return replace(
        row[0], text=text, right=right, bold=all(line.bold for line in row), cells=cells if len(row) > 1 else ()
    )


def _without_edges(lines: list[Line], pages: int, notes: list[Note]) -> list[Line]:
    """Leaves out page numbers, and what stands at the edge of most pages."""
    seen: dict[str, set[int]] = {}
    edge = {id(line) for line in lines if line.bottom > line.height * (1 - _EDGE) or line.top < line.height * _EDGE}
    for line in lines:
        if id(line) in edge:
            seen.setdefault(_alike(line), set()).add(line.page)
    repeated = {text for text, on in seen.items() if len(on) >= 2 and len(on) * 2 >= pages}
    kept: list[Line] = []
    dropped: dict[str, str] = {}
    for line in lines:
        if id(line) in edge and (_alike(line) in repeated or sign("page_number").search(line.text)):
            dropped.setdefault(_alike(line), line.text)
        else:
            kept.append(line)
    notes += [Note("page_edge", {"words": text}) for text in dropped.values()]
    return kept


def _alike(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.casefold())


class _Reader:
    """Puts lines together to paragraphs, headings, lists and tables."""

    def __init__(self, lines: list[Line], body: float, notes: list[Note]) -> None:
        self.lines = lines
        self.body = body
        self.notes = notes
        self.right = sorted(line.right for line in lines)[int(len(lines) * 0.9)]
        self.words = {word.casefold() for line in lines for word in re.findall(r"[\w-]+", line.text)}
        self.larger = sorted({line.size for line in lines if self._is_large(line)}, reverse=True)
        gaps = [
            a.bottom - b.bottom
            for a, b in pairwise(lines)
            if a.page == b.page and 0 < a.bottom - b.bottom < body * 1.7 and a.size == b.size == body
        ]
        self.gap = _usual(gaps) or body * 1.3

    def read(self) -> Iterator[Block]:
        waiting: list[Line] = []
        rows: list[Line] = []
        for line in self.lines:
            before = waiting[-1] if waiting else None
            if line.cells and not self._is_large(line):
                yield from self._paragraph(waiting)
                waiting = []
                rows.append(line)
                continue
            yield from _table(rows)
            rows = []
            if before and self._parts(before, line):
                yield from self._paragraph(waiting)
                waiting = []
            waiting.append(line)
        yield from self._paragraph(waiting)
        yield from _table(rows)

    def _is_large(self, line: Line) -> bool:
        return line.size >= self.body * 1.12 and len(line.text.split()) <= 14

    def _is_heading(self, line: Line) -> bool:
        return self._is_large(line) or (line.bold and is_heading(line.text))

    def _parts(self, before: Line, line: Line) -> bool:
        """Whether a new block begins: another look, a larger gap, a bullet, or a short line that ended a sentence."""
        if (
            before.size != line.size
            or self._is_heading(before) != self._is_heading(line)
            or _NOT_PROSE.match(line.text)
        ):
            return True
        if before.page != line.page:
            return before.text[-1] in ".!?:;" or line.text[:1].isupper()
        step = before.bottom - line.bottom
        if step > max(self.gap * 1.35, line.size * 1.5) or (step < 0 and before.text[-1] in ".!?"):
            return True
        entry = _NOT_PROSE.match(before.text) is not None and line.text[:1].isupper()
        ends = (entry or before.text[-1] in ".!?:") and before.right < self.right - self.body * 6
        numbered = re.match(r"(?:§\s*)?\d{1,2}(?:\.\d{1,2}){1,3}\.?\s", line.text) is not None
        return (
            ends
            or numbered
            or (
                self._is_heading(line)
                and self._is_heading(before)
                and is_heading(before.text)
                and step > line.size * 1.6
            )
        )

    def _paragraph(self, lines: list[Line]) -> Iterator[Block]:
        if not lines:
            return
        text = self._join(lines)
        if self._is_large(lines[0]):
            yield Heading(text, min(self.larger.index(lines[0].size) + 1, 6), guessed=True)
            return
        for block in blocks_of_lines([text]):
            bold = isinstance(block, Paragraph) and all(line.bold for line in lines)
            # Prose that only begins a line is no heading: here a line has a look of its own.
            alone = isinstance(block, Paragraph) and block.strong and len(lines) == 1
            yield replace(block, strong=bold or alone) if isinstance(block, Paragraph) else block

    def _join(self, lines: list[Line]) -> str:
        text = lines[0].text
        for line in lines[1:]:
            parted = _HYPHEN.search(text)
            if parted and line.text[:1].islower():
                rest = re.match(r"\w+", line.text)
                whole = f"{parted[1]}{rest[0] if rest else ''}"
                hyphened = f"{parted[1]}-{rest[0] if rest else ''}"
                if whole.casefold() not in self.words and hyphened.casefold() in self.words:
                    text += line.text
                    continue
                if whole.casefold() not in self.words:
                    self.notes.append(Note("hyphen", {"words": whole}))
                text = text[:-1] + line.text
            else:
                text += f" {line.text}"
        return text


def _usual(gaps: list[float]) -> float:
    """The step from line to line that is most common."""
    found = Counter(round(gap) for gap in gaps)
    return float(max(found, key=lambda gap: (found[gap], -gap))) if found else 0.0


def _table(rows: list[Line]) -> Iterator[Block]:
    """Rows that follow each other; a single row is a line of words."""
    if len(rows) == 1:
        yield Paragraph(rows[0].text, strong=rows[0].bold)
    elif rows:
        yield Table(tuple(row.cells for row in rows), headed=rows[0].bold and not rows[1].bold)
