"""Reads the binding words of a policy: numbered headings with text below them."""

from __future__ import annotations

import re

from plainly.kb.files import Source
from plainly.kb.problems import Problems
from plainly.model import Clause, Place

_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s+(.*?))?\s*#*\s*")
_NUMBERED = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,3})\.?\s*(.*)", re.ASCII)
_NOT_ALLOWED = re.compile(r"<[a-zA-Z/!][^>]*>?|^\s*```|^\s*~~~|!\[|^\s*\|.*\|\s*$|^\s*>", re.MULTILINE)
PARTS = 2


def split_front_matter(source: Source, problems: Problems) -> tuple[str, str, int]:
    """The front matter, the body, and the line the body starts on."""
    lines = source.text.split("\n")
    ends = [number for number, line in enumerate(lines) if line.rstrip() == "---"]
    if len(ends) < PARTS or ends[0] != 0:
        message = "policy.md must start with its front matter."
        fix = "Begin with a line ---, then title: ..., then a line ---, then the clauses."
        problems.error(Place(source.path), "no_front_matter", message, fix)
        return "", "", 1
    body = "\n".join(lines[ends[1] + 1 :])
    return "\n".join(lines[1 : ends[1]]), body, ends[1] + 2


def read_clauses(body: str, first_line: int, *, policy: str, path: str, problems: Problems) -> dict[str, Clause]:
    """The clauses by number, in the order they are written."""
    check_markup(body, Place(path, first_line), problems)
    blocks = _blocks(body, Place(path, first_line), problems)
    clauses: dict[str, Clause] = {}
    sections: dict[str, str] = {}
    seen: dict[str, int] = {}
    for number, title, words, place in blocks:
        if number in seen:
            message = f"The clause number {number} is used twice; the first is on line {seen[number]}."
            problems.error(place, "duplicate_clause", message, "Give it the next free number.")
            continue
        seen[number] = place.line
        text = "\n".join(words).strip()
        if text:
            section = sections.get(number.rpartition(".")[0], "")
            clauses[number] = Clause(policy, number, title, text, section, place)
        elif any(other.startswith(f"{number}.") for other, *_ in blocks):
            sections[number] = title
        else:
            message = f"Clause {number} has no words."
            problems.error(place, "empty_clause", message, "Write the clause below its heading, or remove the heading.")
    if not clauses and not problems.any_error:
        fix = "Write the binding words below headings that start with a number, such as # 1 What this covers."
        problems.error(Place(path, first_line), "no_clauses", "The policy has no clauses.", fix)
    return clauses


def _blocks(body: str, start: Place, problems: Problems) -> list[tuple[str, str, list[str], Place]]:
    """Every numbered heading with its number, title, the lines below it and its place."""
    blocks: list[tuple[str, str, list[str], Place]] = []
    complained = False
    for offset, line in enumerate(body.split("\n")):
        place = Place(start.path, start.line + offset)
        heading = _HEADING.fullmatch(line)
        numbered = _NUMBERED.fullmatch(heading[2] or "") if heading else None
        if heading and numbered:
            blocks.append((numbered[1], numbered[2], [], place))
        elif heading:
            message = f'The heading "{(heading[2] or "").strip()}" has no number.'
            problems.error(place, "unnumbered_heading", message, "Start it with one, such as ## 2.1 Thirty days.")
        elif blocks:
            blocks[-1][2].append(line.rstrip())
        elif line.strip() and not complained:
            complained = True
            message = "There are words before the first numbered heading."
            problems.error(
                place, "text_before_clause", message, "Put a heading such as # 1 What this covers above them."
            )
    return blocks


def check_markup(text: str, start: Place, problems: Problems) -> None:
    """Notes markup beyond bold, italics, links and lists."""
    for match in _NOT_ALLOWED.finditer(text):
        offset = match.start() + len(match[0]) - len(match[0].lstrip())
        line = start.line + text.count("\n", 0, offset)
        column = offset - text.rfind("\n", 0, offset)
        message = f'"{match[0].strip()[:20]}" is markup that is not shown here.'
        fix = "Only **bold**, *italics*, links and lists are."
        problems.error(Place(start.path, line, column), "bad_markup", message, fix)
