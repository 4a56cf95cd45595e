"""What every check needs: the knowledge base, where things are written, and a place for problems."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from plainly.kb.problems import Problems
from plainly.model import KnowledgeBase, Place, Policy

_ENOUGH = 24
"""Characters that are enough to find a text by."""


@dataclass(frozen=True)
class Room:
    """One folder being checked. `only` names the policies to look at closely; None stands for all."""

    kb: KnowledgeBase
    problems: Problems
    today: date
    pages: tuple[str, ...] = ()
    only: Collection[str] | None = None

    @property
    def policies(self) -> Iterator[Policy]:
        """The policies to look at closely."""
        return (one for one in self.kb.policies.values() if self.only is None or one.id in self.only)

    @property
    def lines(self) -> Mapping[str, tuple[str, ...]]:
        """The lines of each file."""
        return self.problems.lines

    def place(self, path: str, text: str) -> Place:
        """Where a text starts in a file; the file's first line when it is folded or not found."""
        start = text.strip()[:_ENOUGH]
        for needle in (text.strip(), start):
            for number, line in enumerate(self.lines.get(path, ()), 1):
                at = line.find(needle) if needle else -1
                if at >= 0:
                    return Place(path, number, at + 1)
        return Place(path)

    def policy_place(self, policy: Policy, text: str) -> Place:
        """Where a text of policy.md starts."""
        return self.place(f"{policy.id}/policy.md", text)
