"""Warnings before a reply is sent: it tells another verdict than the rules, an unknown figure, or an open promise.

Conservative: a warning that is wrong teaches people to click warnings away. What is a question, a condition, a next
step, or something staff see in an order is left alone.
"""

from __future__ import annotations

import re
from dataclasses import replace

from plainly.suggest.cautions import Caution
from plainly.suggest.ground import Ground
from plainly.suggest.promises import promises
from plainly.suggest.terms import terms
from plainly.suggest.verdicts import verdicts

_SOURCE = re.compile(r"\(([^()\n]{1,80}?) \d+(?:\.\d+)*\)")


def check_reply(text: str, ground: Ground, role: str = "agent") -> tuple[Caution, ...]:
    """What contradicts the engine in words that are about to be sent, each place once.

    `role` is the sender's: it decides which levers they are pointed to.
    """
    ground = replace(ground, cited=ground.cited | cited_in(text, ground))
    found = [*verdicts(text, ground), *promises(text, ground, role)]
    promised = [caution.text for caution in found if caution.kind == "promise"]
    found += [caution for caution in terms(text, ground) if not any(caution.text in one for one in promised)]
    return tuple(dict.fromkeys(found))


def cited_in(text: str, ground: Ground) -> frozenset[str]:
    """The policies whose clauses a text cites, as in *(Returns 2.1)*."""
    named = {title.lower() for title in _SOURCE.findall(text)}
    return frozenset(policy.id for policy in ground.kb.policies.values() if policy.title.lower() in named)
