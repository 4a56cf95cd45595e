"""The word lists of this room, by language."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import cast

from plainly.kb.yaml_reader import Items, Node, Table, Text, read_yaml


@lru_cache(maxsize=16)
def word_list(name: str, key: str) -> tuple[str, ...]:
    """The words under a key of a content file, such as "en/passive.yml"."""
    found = _under(name, key)
    return tuple(item.value for item in found.items if isinstance(item, Text)) if isinstance(found, Items) else ()


@lru_cache(maxsize=16)
def word_map(name: str, key: str) -> dict[str, str]:
    """The pairs under a key of a content file."""
    found = _under(name, key)
    entries = found.entries if isinstance(found, Table) else ()
    return {entry.key.value: entry.value.value for entry in entries if isinstance(entry.value, Text)}


def _under(name: str, key: str) -> Node:
    text = files("plainly.check").joinpath(name).read_text(encoding="utf-8")
    table = cast(Table, read_yaml(text, name)[0])
    return next(entry.value for entry in table.entries if entry.key.value == key)
