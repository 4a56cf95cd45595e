"""The assistant's files, read without Rasa."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from plainly.run import ROOT

FALLBACK = "nlu_fallback"
HELD_OUT = ROOT / "tests" / "assistant" / "heldout.yml"
FRESH = ROOT / "tests" / "assistant" / "fresh.yml"


class Strict(yaml.SafeLoader):
    """YAML that refuses a key said twice; Rasa would let the last one win."""


def _mapping(loader: Strict, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    twice = {key for key in keys if keys.count(key) > 1}
    assert not twice, f"{node.start_mark}: said twice: {twice}"
    return loader.construct_mapping(node, deep=True)


Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(path: Path) -> dict[str, Any]:
    """A YAML file, strictly."""
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Strict)
    return found


@dataclass(frozen=True)
class SpokenRule:
    """One rule: the acts it is for, what must be awaited (None: anything), and its action."""

    name: str
    file: str
    acts: tuple[str, ...]
    awaiting: str | None
    actions: tuple[str, ...]


def domain() -> dict[str, Any]:
    """domain.yml."""
    return read(ROOT / "domain.yml")


def rules() -> list[SpokenRule]:
    """All rules of data/rules."""
    return [
        _rule(rule, path.name)
        for path in sorted((ROOT / "data" / "rules").glob("*.yml"))
        for rule in read(path)["rules"]
    ]


def _rule(rule: dict[str, Any], file: str) -> SpokenRule:
    first, *rest = rule["steps"]
    acts = tuple(step["intent"] for step in first.get("or", [first]))
    conditions = [slot for one in rule.get("condition", []) for slot in one["slot_was_set"]]
    assert all(list(slot) == ["awaiting"] for slot in conditions), rule["rule"]
    awaiting = [slot["awaiting"] for slot in conditions]
    assert len(awaiting) <= 1, rule["rule"]
    actions = tuple(step["action"] for step in rest)
    return SpokenRule(rule["rule"], file, acts, awaiting[0] if awaiting else None, actions)


def examples(*paths: Path) -> list[tuple[str, str]]:
    """(intent, example) pairs, in order."""
    pairs = []
    for path in paths or sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in read(path)["nlu"]:
            lines = block["examples"].strip().splitlines()
            assert all(line.startswith("- ") for line in lines), f"{path.name}: {block['intent']}"
            pairs += [(block["intent"], line[2:].strip()) for line in lines]
    return pairs


def plain(text: str) -> str:
    """The words alone, so that two ways of typing one sentence count as one."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip() or text


def expected_action(act: str, awaiting: str) -> str:
    """What the rules say follows: the rule for what is awaited, else the rule for any time."""
    found = [rule for rule in rules() if act in rule.acts and rule.awaiting in (awaiting, None)]
    found.sort(key=lambda rule: rule.awaiting is None)
    return found[0].actions[0]
