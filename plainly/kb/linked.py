"""Every link that a policy folder shows: where it leads, and where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plainly.kb.links import markdown_links
from plainly.model import Business, Policy, Resource


@dataclass(frozen=True)
class Link:
    """A link with the words it is shown by. `written` is how it starts in the file at `path`."""

    target: str
    title: str
    path: str
    written: str
    say: str = ""

    @property
    def page(self) -> str:
        """The page it leads to, without query and anchor: as it is served, so "/returns/" is not "/returns".

        >>> Link("/policies/returns?from=chat#2.1", "Returns", "", "").page
        '/policies/returns'
        """
        return self.target.partition("#")[0].partition("?")[0]


def business_links(business: Business) -> Iterator[Link]:
    """Where the channels of the business lead."""
    for channel in business.channels:
        yield Link(channel.target, channel.title, "business.yml", f"target: {channel.target}", channel.say)


def policy_links(policy: Policy) -> Iterator[Link]:
    """The links of a policy: resources, sources, texts, clauses, wordings, and what replaces something."""
    front = f"{policy.id}/policy.md"
    for resource in policy.resources:
        yield _to_resource(resource, front, f"target: {resource.target}")
    for reason in policy.reasons:
        if reason.link:
            yield Link(reason.link, reason.source, front, reason.link)
    for text in (policy.summary, policy.helps_you, *(step for one in policy.procedures for step in one.steps)):
        yield from _in_text(text, front)
    for clause in policy.clauses.values():
        yield from _in_text(clause.text, front)
    for wording in policy.wordings.values():
        for variant in (variant for variants in wording.parts.values() for variant in variants):
            yield from _in_text(variant.text, wording.place.path)
    for resource in (resource for version in policy.history for resource in version.replacements):
        yield _to_resource(resource, f"{policy.id}/history.yml", resource.target)


def _to_resource(resource: Resource, path: str, written: str) -> Link:
    return Link(resource.target, resource.title, path, written, resource.say)


def _in_text(text: str, path: str) -> Iterator[Link]:
    for title, target in markdown_links(text):
        yield Link(target, title, path, f"({target}")
