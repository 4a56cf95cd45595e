"""Gaps in a reply that somebody meant to fill: {name}, [order number], <date>."""

from __future__ import annotations

import re

_GAP = re.compile(
    r"\{\{?[^{}\n]{1,60}\}?\}"  # {name}, {{ customer.name }}
    r"|\[[^\[\]\n]{1,60}\](?!\()"  # [order number], but not [a link](/to/it)
    r"|<[A-Za-z][\w .'-]{0,58}>"  # <date>, but no address
    r"|_{3,}"  # ____
    r"|\b[Xx]{3,}\b(?!\s+\d)"  # XXX
)


def unfilled(text: str) -> list[str]:
    """The placeholders still in a text, in order, each once.

    >>> unfilled("Dear {name}, your parcel [order number] is here. See [how](/help) and *(Returns 2.1)*.")
    ['{name}', '[order number]']
    """
    return list(dict.fromkeys(found.group() for found in _GAP.finditer(text)))
