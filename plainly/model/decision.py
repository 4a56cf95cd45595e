"""A decision, how it came about, and its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from plainly.model.texts import Citation
from plainly.model.values import Duration, Value, Verdict


@dataclass(frozen=True)
class Used:
    """A parameter value a decision used, with the date it holds from and the clause it rests on."""

    parameter: str
    value: Decimal | Duration
    start: date
    clause: str | None


@dataclass(frozen=True)
class RowTried:
    """One row of the table and how it went: yes, no, or unknown for want of facts."""

    rule: str
    result: Literal["yes", "no", "unknown"]
    missing: tuple[str, ...] = ()
    overridden_by: str | None = None


@dataclass(frozen=True)
class Trace:
    """How a decision came about: rows tried, facts used, dated values used."""

    rows: tuple[RowTried, ...]
    facts: tuple[str, ...]
    parameters: tuple[Used, ...]
    counts_from: date


@dataclass(frozen=True)
class NearestYes:
    """The smallest change of changeable facts that would make it a yes (or partly)."""

    changes: Mapping[str, Value]
    outcome: str
    rule: str


@dataclass(frozen=True)
class Receipt:
    """What staff need to verify a decision later. `id` is a hash over the rest."""

    id: str
    policy: str
    version: str
    decision: str
    clauses: tuple[str, ...]
    facts: Mapping[str, str]
    outcome: str
    as_of: date


@dataclass(frozen=True)
class Decision:
    """What the rules say about a case. `outcome` is None while facts are missing.

    `asks` is the next fact to ask for; `missing` are all facts that can still change the outcome.
    """

    table: str
    outcome: str | None
    verdict: Verdict | None
    missing: tuple[str, ...]
    asks: str | None
    rule: str | None
    trace: Trace
    nearest_yes: NearestYes | None
    citations: tuple[Citation, ...]
    receipt: Receipt | None

    @property
    def policy(self) -> str:
        """The id of its policy."""
        return self.table.partition(".")[0]

    @property
    def named_outcome(self) -> str:
        """The outcome as levers and wordings of the policy name it: "can_return.too_late"."""
        return f"{self.table.partition('.')[2]}.{self.outcome}"
