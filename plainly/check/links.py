"""Internal links lead somewhere. Nothing is fetched: other sites are not checked."""

from __future__ import annotations

from collections.abc import Iterator

from plainly.check.room import Room
from plainly.kb.links import markdown_targets
from plainly.kb.problems import did_you_mean
from plainly.model import Place, Policy

POLICIES = "/policies"


def check_links(room: Room) -> None:
    """Notes every link to a page of the website that does not exist."""
    for target, place in _targets(room):
        if target.startswith("/"):
            _check(target, place, room)


def _check(target: str, place: Place, room: Room) -> None:
    path, _, anchor = target.partition("#")
    path = path.partition("?")[0].rstrip("/") or "/"
    if path.startswith(f"{POLICIES}/"):
        _check_policy(path.removeprefix(f"{POLICIES}/"), anchor, place, room)
    elif path not in room.pages and path != POLICIES:
        message = f'The website has no page "{path}".'
        fix = did_you_mean(path, room.pages, "List it in pages.yml when it is there, or mend the link.")
        room.problems.error(place, "dead_link", message, fix)


def _check_policy(name: str, anchor: str, place: Place, room: Room) -> None:
    policy = room.kb.policies.get(name)
    if policy is None:
        fix = did_you_mean(name, room.kb.policies)
        room.problems.error(place, "dead_link", f'There is no policy page "{name}".', fix)
    elif anchor and anchor.replace("-", ".") not in policy.clauses:
        message = f'The policy "{name}" has no clause "{anchor}".'
        room.problems.error(place, "dead_link", message, did_you_mean(anchor, policy.clauses))


def _targets(room: Room) -> Iterator[tuple[str, Place]]:
    for channel in room.kb.business.channels:
        yield channel.target, room.place("business.yml", f"target: {channel.target}")
    for policy in room.kb.policies.values():
        yield from _front_matter(policy, room)
        for clause in policy.clauses.values():
            yield from _in_text(clause.text, f"{policy.id}/policy.md", room)
        for wording in policy.wordings.values():
            for variants in wording.parts.values():
                for variant in variants:
                    yield from _in_text(variant.text, wording.place.path, room)
        for version in policy.history:
            for resource in version.replacements:
                yield resource.target, room.place(f"{policy.id}/history.yml", resource.target)


def _front_matter(policy: Policy, room: Room) -> Iterator[tuple[str, Place]]:
    for resource in policy.resources:
        yield resource.target, room.policy_place(policy, f"target: {resource.target}")
    for reason in policy.reasons:
        if reason.link:
            yield reason.link, room.policy_place(policy, reason.link)
    for text in (policy.summary, policy.helps_you, *(step for one in policy.procedures for step in one.steps)):
        yield from _in_text(text, f"{policy.id}/policy.md", room)


def _in_text(text: str, path: str, room: Room) -> Iterator[tuple[str, Place]]:
    for target, _ in markdown_targets(text):
        yield target, room.place(path, f"({target}")
