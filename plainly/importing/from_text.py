"""Reads plain text: blank lines part paragraphs, short lines of their own may be headings."""

from __future__ import annotations

import re

from plainly.importing.document import Block, Document, Heading, Item, Paragraph
from plainly.importing.numbering import label_of
from plainly.importing.words import literal

_BULLET = re.compile(r"(\s*)(?:[-*•●▪◦–·]|o(?= {2}))\s+(?=\S)")
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,}|_{3,}|\*{3,})\s*")
_NUMBERED = re.compile(r"\s*(?:\d{1,3}(?:\.\d{1,3}){0,4}[.):]?|§+\s*\d+|\(?[a-z]\)|[ivx]{1,4}\))\s+\S", re.IGNORECASE)


def read_text(text: str) -> Document:
    """The document in a plain text."""
    lines = [line.rstrip() for line in literal(text).expandtabs(4).split("\n")]
    return Document("", blocks_of_lines(lines))


def blocks_of_lines(lines: list[str]) -> tuple[Block, ...]:
    """The blocks in lines of text: wrapped lines are joined, bullets and numbers begin a block of their own."""
    blocks: list[Block] = []
    current: list[str] = []
    for line in [*lines, ""]:
        underline = _UNDERLINE.fullmatch(line)
        if underline and len(current) == 1:
            blocks.append(Heading(current[0].strip(), 1 if underline[1][0] == "=" else 2))
            current = []
        elif not line.strip() or underline:
            blocks += _block(current)
            current = []
        elif current and (
            _BULLET.match(line) or _NUMBERED.match(line) or _is_numbered_heading(line) or _stands_alone(current, line)
        ):
            blocks += _block(current)
            current = [line]
        else:
            current.append(line)
    return tuple(blocks)


def is_entry(line: str) -> bool:
    """True for a line that begins with a bullet.

    >>> is_entry("- a box"), is_entry("a box")
    (True, False)
    """
    return _BULLET.match(line) is not None


def _stands_alone(current: list[str], line: str) -> bool:
    """A numbered heading is one line; what follows it is its text."""
    return len(current) == 1 and line.strip()[:1].isupper() and _is_numbered_heading(current[0])


def _is_numbered_heading(line: str) -> bool:
    label = label_of(line.strip())
    return label is not None and label.sure and is_heading(label.rest)


def _block(lines: list[str]) -> list[Block]:
    if not lines:
        return []
    bullet = _BULLET.match(lines[0])
    words = " ".join(line.strip() for line in lines)
    if not re.search(r"\w", words):
        return []
    if bullet:
        depth = min(len(bullet[1]) // 3, 3)
        return [Item(_BULLET.sub("", words, count=1).strip(), depth)]
    if len(lines) > 1 and is_heading(lines[0]) and lines[0].isupper():
        return [Heading(lines[0].strip(), 7, guessed=True), *_block(lines[1:])]
    return [Paragraph(" ".join(words.split()), strong=len(lines) == 1 and is_heading(lines[0]))]


def is_heading(line: str) -> bool:
    """True for a short line that is no sentence: "Time limits", "How do I return it?".

    >>> is_heading("Time limits"), is_heading("We refund you within five days.")
    (True, False)
    """
    words = line.split()
    start = line.strip()[:1]
    if not words:
        return False
    named = sum(bool(word[0].isupper() or not word[0].isalpha()) for word in words)
    fits = 0 < len(words) <= 10 and len(line.strip()) <= 80 and line.strip()[-1] not in ".,;!"
    return bool(
        fits
        and (start.isupper() or start.isdigit())
        and (len(words) <= 6 or named * 2 >= len(words) or line.strip()[-1] == "?")
    )
