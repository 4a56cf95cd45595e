"""Clauses and policy pages in a reply: what is quoted, how it is cited and linked."""

from __future__ import annotations

import re

from plainly.model import Channel, Citation, Clause, KnowledgeBase, Procedure, Resource
from plainly.wording.phrases import phrases

LONGEST = 70
"""Words of a clause that fit into one reply; the rest waits for "tell me more"."""


def cite(kb: KnowledgeBase, citation: Citation) -> str:
    """The source as the customer sees it: *(Returns 2.1)*."""
    return f"*({kb.policies[citation.policy].title} {citation.clause})*"


def quote(clause: Clause, longest: int = LONGEST) -> str:
    """The clause's own words, cut after a whole sentence when they are many."""
    taken: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+", " ".join(clause.text.split())):
        if taken and len(" ".join([*taken, sentence]).split()) > longest:
            break
        taken.append(sentence)
    return " ".join(taken)


def link(resource: Resource) -> str:
    """A resource as Markdown: a link where there is one to follow, otherwise its title and number."""
    if resource.target.startswith(("/", "https://", "http://")):
        shown = f"[{resource.title}]({resource.target})"
    else:
        shown = f"{resource.title}: {resource.target}"
    return f"{shown}. {resource.say}".strip() if resource.say else shown


def way_to_reach(channel: Channel) -> str:
    """A channel in a sentence: a link to follow, or its name with the address."""
    name = channel.title.lower()
    return f"[{name}]({channel.target})" if channel.target.startswith("/") else f"{name} ({channel.target})"


def say_steps(procedure: Procedure) -> str:
    """A procedure as its title and numbered steps."""
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(procedure.steps, 1))
    return f"{phrases().line('answer.how_lead', title=procedure.title)}\n\n{steps}"
