"""Warnings before a reply is sent: it tells another verdict than the rules, an unknown figure, or an open promise.

Conservative: a warning that is wrong teaches people to click warnings away. What is a question, a condition, a next
step, or something staff see in an order is left alone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from plainly.suggest.cautions import Caution
from plainly.suggest.claims import sentences
from plainly.suggest.ground import Ground
from plainly.suggest.promises import promises
from plainly.suggest.terms import terms
from plainly.suggest.verdicts import verdicts
from plainly.wording.outcome import outcome_parts, say_lever
from plainly.wording.templates import fill

_SOURCE = re.compile(r"\(([^()\n]{1,80}?) \d+(?:\.\d+)*\)")

_WORD = re.compile(r"[^\W_]+")
_ROLES = ("verdict", "rule", "why", "next", "more")


def check_reply(text: str, ground: Ground, role: str = "agent") -> tuple[Caution, ...]:
    """What contradicts the engine in words that are about to be sent, each place once.

    `role` is the sender's: it decides which levers they are pointed to.
    """
    ground = replace(ground, cited=ground.cited | cited_in(text, ground))
    text = own_words(text, ground)
    found = [*verdicts(text, ground), *promises(text, ground, role)]
    promised = [caution.text for caution in found if caution.kind == "promise"]
    found += [caution for caution in terms(text, ground) if not any(caution.text in one for one in promised)]
    return tuple(dict.fromkeys(found))


def own_words(text: str, ground: Ground) -> str:
    """A text without its sources and without the sentences that are the folder's own for this case."""
    told = _told_by_the_folder(ground)
    return "\n".join(one for one in sentences(_SOURCE.sub("", text)) if _normal(one) not in told)


def _told_by_the_folder(ground: Ground) -> frozenset[str]:
    """This outcome's words, its alternatives, the levers, and the clauses of the policies at hand."""
    policies = [ground.kb.policies[id_] for id_ in sorted(ground.cited) if id_ in ground.kb.policies]
    policies += [ground.policy] if ground.policy else []
    texts = [text for policy in policies for text in (policy.summary, *(one.text for one in policy.clauses.values()))]
    return _sentences_in(tuple(texts)) | _sentences_in(tuple(_of_this_case(ground)))


def _of_this_case(ground: Ground) -> list[str]:
    if ground.policy is None:
        return []
    telling = ground.telling(ground.policy)
    lookup = telling.lookup()
    texts = [say_lever(telling, lever) for lever in ground.policy.levers.values()]
    texts += [fill(item.say, lookup) for item in ground.policy.alternatives.values()]
    if ground.settled is not None:
        texts += [part.text for part in outcome_parts(telling, ground.settled, _ROLES)]
    return texts


@lru_cache(maxsize=512)
def _sentences_in(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_normal(one) for text in texts for one in sentences(text))


def _normal(sentence: str) -> str:
    return " ".join(_WORD.findall(sentence.casefold()))


def cited_in(text: str, ground: Ground) -> frozenset[str]:
    """The policies whose clauses a text cites, as in *(Returns 2.1)*."""
    named = {title.lower() for title in _SOURCE.findall(text)}
    return frozenset(policy.id for policy in ground.kb.policies.values() if policy.title.lower() in named)
