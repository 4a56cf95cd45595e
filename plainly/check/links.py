"""Internal links lead somewhere. Nothing is fetched: other sites are not checked."""

from __future__ import annotations

from collections.abc import Iterator

from plainly.check.room import Room
from plainly.kb.linked import Link, business_links, policy_links
from plainly.kb.problems import did_you_mean
from plainly.model import Place

POLICIES = "/policies"


def check_links(room: Room) -> None:
    """Notes every link to a page of the website that does not exist."""
    for link, place in _links(room):
        if link.target.startswith("/"):
            _check(link, place, room)


def _check(link: Link, place: Place, room: Room) -> None:
    path, anchor = link.page, link.target.partition("#")[2]
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


def _links(room: Room) -> Iterator[tuple[Link, Place]]:
    written = [*business_links(room.kb.business)]
    written += [link for policy in room.kb.policies.values() for link in policy_links(policy)]
    for link in written:
        yield link, room.place(link.path, link.written)
