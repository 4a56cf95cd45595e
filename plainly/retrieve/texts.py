"""The texts a clause is found by: its own words, and what the folder says about it elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from plainly.model import Clause, Example, KnowledgeBase, Policy

Kind = Literal["path", "words", "asked", "example", "question", "support", "policy"]


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


def is_untaught(policy: Policy) -> bool:
    """True when a policy is known by its own words alone: nobody has noted yet what customers ask about it."""
    return not (policy.asked or policy.examples or policy.questions or policy.decisions)


def _of_policy(policy: Policy) -> Iterator[Text]:
    for clause in policy.clauses.values():
        yield from _of_clause(policy, clause)
    for question in _asks_in_general() if policy.clauses else ():
        yield Text(policy.id, "asked", question.format(title=policy.title.lower()), (next(iter(policy.clauses)),))
    yield Text(policy.id, "policy", f"{policy.title}. {policy.summary}")
    for word in policy.words:
        yield Text(policy.id, "policy", word)
    for example in policy.examples:
        clauses = _cited(policy, example)
        if clauses:
            yield Text(policy.id, "example", example.message or example.name, clauses)
    decisions = (question for table in policy.decisions.values() for question in (table.title, *table.questions))
    for question in dict.fromkeys((*policy.questions, *decisions)):
        yield Text(policy.id, "question", question)
    yield from _support(policy)


def _of_clause(policy: Policy, clause: Clause) -> Iterator[Text]:
    names = dict.fromkeys(name for name in (policy.title, clause.section, clause.title) if name)
    yield Text(policy.id, "path", f"{': '.join(names)}. {clause.text}", (clause.number,))
    yield Text(policy.id, "words", f"{clause.title}. {clause.text}", (clause.number,))
    for question in policy.asked.get(clause.number, ()):
        yield Text(policy.id, "asked", question, (clause.number,))


def _cited(policy: Policy, example: Example) -> tuple[str, ...]:
    """The clauses a worked case rests on: those it cites, else those of the row that decides it."""
    rows = (rule for table in policy.decisions.values() for rule in table.rules if rule.id == example.by)
    cited = example.cites or tuple(clause for rule in rows for clause in rule.clauses)
    return tuple(clause for clause in cited if clause in policy.clauses)


def _support(policy: Policy) -> Iterator[Text]:
    for procedure in policy.procedures:
        yield Text(policy.id, "support", f"{procedure.title}. {' '.join(procedure.steps)}")
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


@cache
def _asks_in_general(language: str = "en") -> tuple[str, ...]:
    """How customers ask for a policy as a whole, from the language's content file."""
    data = yaml.safe_load((Path(__file__).parent / language / "general.yml").read_text("utf-8"))
    return tuple(data["asks"])


@cache
def elsewhere(language: str = "en") -> tuple[str, ...]:
    """Questions that folders seldom answer, from the language's content file."""
    data = yaml.safe_load((Path(__file__).parent / language / "elsewhere.yml").read_text("utf-8"))
    return tuple(question for questions in data.values() for question in questions)


def customer_words(kb: KnowledgeBase) -> Mapping[str, tuple[str, ...]]:
    """What customers say -> what the policies say: the glossary, and the names of choices."""
    found: dict[str, tuple[str, ...]] = dict(kb.glossary)
    for fact in kb.facts.values():
        for option in (option for option in fact.options if option.say):
            for heard in option.heard:
                found[heard] = (*found.get(heard, ()), option.say)
    return found
