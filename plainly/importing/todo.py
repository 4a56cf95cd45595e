"""The to-do list of a policy that was read from a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import Template
from typing import Any

from plainly.importing.content import content
from plainly.importing.document import Note
from plainly.importing.drafting import Draft
from plainly.kb.problems import Problem

_WORDS = {"hard_text", "hard_reply", "long_sentence", "passive", "jargon"}
"""The problems of the checker that are about how words read."""
_WORDS_NAMED = {"hard_text", "jargon"}


def todo_text(draft: Draft, file: str, problems: Sequence[Problem] = ()) -> str:
    """The to-do list as Markdown. `problems` are the checker's about this policy."""
    told = content("todo")
    notes = _all_notes(draft, problems)
    parts = [Template(told["head"]).substitute(title=draft.title, file=file).strip()]
    for group, heading in told["groups"].items():
        lines = [
            line for kind in told["kinds"] if told["kinds"][kind]["group"] == group for line in _lines(kind, notes)
        ]
        if lines:
            parts.append("\n".join([f"## {heading}", "", *(f"- [ ] {line}" for line in lines)]))
    return "\n\n".join(parts) + "\n"


def summary(draft: Draft, problems: Sequence[Problem] = ()) -> list[tuple[str, int]]:
    """What there is to do, in a few words each, with how often."""
    notes = _all_notes(draft, problems)
    kinds = content("todo")["kinds"]
    counted = ((kinds[kind]["short"], len(_distinct(kind, notes))) for kind in kinds if kinds[kind]["short"])
    return [(words, count) for words, count in counted if count]


def begun_text() -> str:
    """The to-do list of a business that was begun with defaults."""
    return str(content("todo")["begun"])


def _all_notes(draft: Draft, problems: Sequence[Problem]) -> list[Note]:
    words = [Note("read_hard", {"message": _told(one)}) for one in problems if one.code in _WORDS]
    missing = [Note("missing", {"field": field, "why": why}) for field, why in content("todo")["fields"].items()]
    noted = [Note("grade_note")] if draft.is_hard else []
    return [*draft.notes, *noted, *words, *missing]


def _told(problem: Problem) -> str:
    """A problem in a line. Fixes that quote a sentence do so with its figures changed, and are left out."""
    return f"{problem.message} {problem.fix}" if problem.code in _WORDS_NAMED else problem.message


def _distinct(kind: str, notes: Sequence[Note]) -> list[Mapping[str, str]]:
    """What the notes of a kind are about, each once; an amount has the clauses it stands in."""
    found: list[Mapping[str, str]] = []
    for about in (note.about for note in notes if note.kind == kind):
        if about not in found:
            found.append(about)
    return list(_amounts(found)) if kind == "amount" else found


def _amounts(found: Sequence[Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    clauses: dict[str, list[str]] = {}
    shown: dict[str, str] = {}
    for about in found:
        words = " ".join(about["words"].split())
        shown.setdefault(words.casefold(), words)
        clauses.setdefault(words.casefold(), []).append(about["clause"])
    for words, places in clauses.items():
        numbers = list(dict.fromkeys(places))
        noun = "clause" if len(numbers) == 1 else "clauses"
        yield {"words": shown[words], "clauses": f"{noun} {', '.join(numbers)}"}


def _lines(kind: str, notes: Sequence[Note]) -> Iterator[str]:
    told: dict[str, Any] = content("todo")["kinds"][kind]
    found = _distinct(kind, notes)
    if "each" in told and found:
        each = [Template(told["each"]).substitute(about) for about in found]
        yield Template(told["say"]).substitute(all="; ".join(dict.fromkeys(each)) + ".")
    elif found:
        yield from (Template(told["say"]).substitute(about) for about in found)
