"""The texts a clause is found by: its own words, and what the policy says about it elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from plainly.model import Clause, KnowledgeBase, Policy

Kind = Literal["clause", "title", "question", "policy", "procedure", "support"]


@dataclass(frozen=True)
class Text:
    """One text and the clauses it speaks for; none named means: whichever of its policy fits best."""

    policy: str
    kind: Kind
    words: str
    clauses: tuple[str, ...] = ()


def texts_of(kb: KnowledgeBase) -> tuple[Text, ...]:
    """All texts of the folder, policy by policy."""
    return tuple(text for policy in kb.policies.values() for text in _of_policy(policy))


def _of_policy(policy: Policy) -> Iterator[Text]:
    for clause in policy.clauses.values():
        yield Text(policy.id, "clause", f"{_path(policy, clause)}. {clause.text}", (clause.number,))
        yield Text(policy.id, "title", _path(policy, clause), (clause.number,))
    yield Text(policy.id, "policy", f"{policy.title}. {policy.summary}")
    for word in policy.words:
        yield Text(policy.id, "policy", word)
    yield from _questions(policy)
    yield from _support(policy)


def _path(policy: Policy, clause: Clause) -> str:
    names = dict.fromkeys(name for name in (policy.title, clause.section, clause.title) if name)
    return ": ".join(names)


def _questions(policy: Policy) -> Iterator[Text]:
    decisions = (question for table in policy.decisions.values() for question in (table.title, *table.questions))
    for question in dict.fromkeys((*policy.questions, *decisions)):
        yield Text(policy.id, "question", question)


def _support(policy: Policy) -> Iterator[Text]:
    for procedure in policy.procedures:
        yield Text(policy.id, "procedure", f"{procedure.title}. {' '.join(procedure.steps)}")
    told: list[tuple[str, Iterable[str | None]]] = [
        *((reason.say, ()) for reason in policy.reasons),
        *((f"{one.label}. {one.say}", () if one.policy else (one.clause,)) for one in policy.alternatives.values()),
        *((f"{one.label}. {one.say}", (one.clause,)) for one in policy.levers.values()),
        *((one.say, (one.clause,)) for one in policy.standards),
        *((f"{one.title}. {one.say}", ()) for one in policy.resources),
        *((one.description, [dated.clause for dated in one.values]) for one in policy.parameters.values()),
    ]
    for words, clauses in told:
        named = tuple(dict.fromkeys(clause for clause in clauses if clause in policy.clauses))
        yield Text(policy.id, "support", words, tuple(str(clause) for clause in named))


def customer_words(kb: KnowledgeBase) -> Mapping[str, tuple[str, ...]]:
    """What customers say -> what the policies say: the glossary, and the names of choices."""
    found: dict[str, tuple[str, ...]] = dict(kb.glossary)
    for fact in kb.facts.values():
        for option in fact.options:
            for heard in option.heard:
                found[heard] = (*found.get(heard, ()), option.say)
    return found
