"""What customers told us beside their case: questions no policy covers, complaints, feedback, answers (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from plainly.outcomes.figures import Case

KINDS = ("gap", "complaint", "feedback", "open_question")
"""What is listed, in this order. Ways to reach a customer are kept as records too, and are nobody's to list."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Remark(Case):
    """One thing a customer told us. `policy` is the one it is about; of a gap the nearest one, empty when none is."""

    kind: str
    words: str
    policy: str = ""


@dataclass(frozen=True)
class Asked:
    """One question no policy covers, however often it was asked: its newest words, one remark per conversation."""

    words: str
    remarks: tuple[Remark, ...]

    @property
    def count(self) -> int:
        """How many conversations asked it."""
        return len(self.remarks)


@dataclass(frozen=True)
class Gap:
    """The questions whose nearest policy is the same, the most asked first."""

    policy: str
    questions: tuple[Asked, ...]

    @property
    def count(self) -> int:
        """How often they were asked."""
        return sum(question.count for question in self.questions)


def gaps(remarks: Iterable[Remark]) -> list[Gap]:
    """The gaps among remarks, the most asked first. A conversation counts once for each of its questions."""
    found: dict[str, dict[str, dict[str, Remark]]] = {}
    for one in sorted(remarks, key=lambda remark: remark.at, reverse=True):
        if one.kind == "gap":
            found.setdefault(one.policy, {}).setdefault(_same(one.words), {}).setdefault(one.conversation, one)
    grouped = [Gap(policy, _ordered(questions.values())) for policy, questions in found.items()]
    return sorted(grouped, key=lambda gap: -gap.count)


def _ordered(questions: Iterable[dict[str, Remark]]) -> tuple[Asked, ...]:
    """The newest come first by themselves, so of equals the one asked last stays in front."""
    asked = [Asked(next(iter(one.values())).words, tuple(one.values())) for one in questions]
    return tuple(sorted(asked, key=lambda question: -question.count))


def _same(words: str) -> str:
    """Two questions are one when they differ in case, spaces and marks alone."""
    return " ".join(_WORD.findall(words.casefold())) or words
