"""Gives every clause its number: the document's own where it fits the format, else the next that is free."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from plainly.importing.content import sign

DEEPEST = 4
_LETTERED = re.compile(
    r"(?P<raw>\(?(?:[A-Z]|[IVX]{1,5}|[a-z]|[ivx]{1,5})[.)]|\d{1,3}(?:\.\d{1,3}){4,}\.?)\s+(?P<rest>\S.*)", re.DOTALL
)


@dataclass(frozen=True)
class Label:
    """The number a heading starts with: as written, as the format can hold it ("" when it cannot), and the rest."""

    written: str
    number: str
    rest: str
    sure: bool = True


@dataclass
class Place:
    """Where a heading stands: its level, its own number or "", and the number it gets."""

    level: int
    own: str
    number: str = ""


@cache
def _numbered() -> re.Pattern[str]:
    words = sign("numbered").pattern
    return re.compile(
        rf"(?P<raw>(?P<word>(?:{words})\s*)?(?P<number>\d{{1,3}}(?:\.\d{{1,3}}){{0,3}})(?P<end>\s?[.):]|\s+[-–—](?=\s))?)(?=\s|$)\s*(?P<rest>.*)",
        re.IGNORECASE | re.DOTALL,
    )


@cache
def _roman() -> re.Pattern[str]:
    words = sign("numbered").pattern
    return re.compile(
        rf"(?P<raw>(?i:{words})\s+[IVXLC]{{1,6}}(?:\s*[.):–—-]|(?=\s+[A-Z])))\s*(?P<rest>\S.*)", re.DOTALL
    )


def label_of(text: str) -> Label | None:
    """The number at the start of a text; `sure` when it cannot be a figure of the sentence ("30 days").

    >>> label_of("§ 4 Refunds"), label_of("We refund you")
    (Label(written='§ 4', number='4', rest='Refunds', sure=True), None)
    """
    found = _numbered().match(text)
    if found and not re.match(r"(?:[%€]|[a-z])", found["rest"]):
        sure = bool(found["word"] or (found["end"] or "").strip() or "." in found["number"])
        return Label(_bare(found["raw"]), found["number"], found["rest"].strip(), sure)
    if found and (found["end"] or "").strip():
        return Label(_bare(found["raw"]), found["number"], found["rest"].strip())
    lettered = _LETTERED.match(text) or _roman().match(text)
    return Label(_bare(lettered["raw"]), "", lettered["rest"].strip()) if lettered else None


def _bare(written: str) -> str:
    """A number as a sentence names it: "3." is 3, and "(a)" keeps both of its brackets."""
    return written.strip(" :-–—") if written.startswith("(") else written.strip(" .:)-–—")


def number_all(places: Sequence[Place]) -> None:
    """Fills in `number`: a document's own number stays where it is used for the first time."""
    claimed: set[str] = set()
    for place in places:
        if place.own and place.own not in claimed:
            place.number = place.own
            claimed.add(place.own)
    stack: list[Place] = []
    for place in places:
        while stack and stack[-1].level >= place.level:
            stack.pop()
        if not place.number:
            parent = ".".join(stack[-1].number.split(".")[: DEEPEST - 1]) if stack else ""
            place.number = next_free(parent, claimed)
            claimed.add(place.number)
        stack.append(place)


def next_free(parent: str, claimed: Collection[str]) -> str:
    """The first number below a parent that is neither used nor has clauses below it."""
    start = f"{parent}." if parent else ""
    used = {number[len(start) :].split(".")[0] for number in claimed if number.startswith(start)}
    last = max((int(one) for one in used), default=0)
    return f"{start}{last + 1}"
