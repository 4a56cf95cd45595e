"""The one error a decision can end in."""

from __future__ import annotations

from plainly.errors import PlainlyError


class DecideError(PlainlyError):
    """The rules cannot decide this case: a person must, or the folder needs mending.

    Codes: `no_value_at_date`, `rules_overlap`, `no_rule_matches`, `unknown_fact`, `wrong_value`,
    `unknown_policy`, `unknown_decision`, `cannot_compare`.
    """
