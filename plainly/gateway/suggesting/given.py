"""Facts as programs and people give them over HTTP."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from plainly.decide.values import checked
from plainly.errors import PlainlyError
from plainly.model import Facts, KnowledgeBase
from plainly.suggest.deciding import read_facts

_BAD = "bad_"


@contextlib.contextmanager
def values_checked() -> Iterator[None]:
    """Gives every value that cannot be read the one code `wrong_value`; its message says what is wrong."""
    try:
        yield
    except PlainlyError as wrong:
        if not wrong.code.startswith(_BAD):
            raise
        raise PlainlyError("wrong_value", wrong.message, wrong.data) from wrong


def given_facts(kb: KnowledgeBase, given: Mapping[str, Any]) -> Facts:
    """The facts. Raises PlainlyError `unknown_fact` or `wrong_value`."""
    with values_checked():
        facts = read_facts(kb, given)
        for name, fact in facts.items():
            checked(kb.facts[name], fact.value)
        return facts
