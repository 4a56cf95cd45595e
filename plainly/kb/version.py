"""Versions: hashes of content, so that the same words always have the same version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from plainly.kb.conditions import leaves
from plainly.kb.files import FolderFiles, PolicyFiles, Source
from plainly.model import Fact, Policy

LENGTH = 16
"""Hexadecimal characters of a version."""


def policy_version(files: PolicyFiles, policy: Policy, facts: Mapping[str, Fact]) -> str:
    """The hash of a policy's files, and of the shared facts that its rules use."""
    used = {test.fact for table in policy.decisions.values() for rule in table.rules for test in leaves(rule.when)}
    used |= {table.counts_from for table in policy.decisions.values() if table.counts_from}
    shared = [_declared(facts[name]) for name in sorted(used) if name in facts and not facts[name].policy]
    return _hash([*_parts(files.all()), *shared])


def folder_version(files: FolderFiles) -> str:
    """The hash of every file of the folder."""
    root = [files.root[name] for name in sorted(files.root)]
    return _hash(_parts([*root, *(source for policy in files.policies for source in policy.all())]))


def _parts(sources: Iterable[Source]) -> list[str]:
    return [part for source in sources for part in (source.path, source.text)]


def _declared(fact: Fact) -> str:
    """A fact as it is declared, without the place it stands at."""
    return repr({name: value for name, value in vars(fact).items() if name != "place"})


def _hash(parts: Iterable[str]) -> str:
    """A hash that tells ["ab", "c"] from ["a", "bc"]."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:LENGTH]
