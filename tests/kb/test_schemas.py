"""The editors' schemas and the loader say the same about the shape of every file."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from plainly.kb import load
from plainly.kb.yaml_reader import Items, Node, Table, Text, read_yaml
from tests.kb.folders import BASE, copy_of_base

ROOT = Path(__file__).parents[2]
FILES = {
    "business.yml": "business",
    "facts.yml": "facts",
    "glossary.yml": "glossary",
    "pages.yml": "pages",
    "lending/rules.yml": "rules",
    "lending/examples.yml": "examples",
    "lending/history.yml": "history",
    "lending/asked.yml": "asked",
    "lending/policy.md": "policy",
}
SHAPE = {"missing_key", "unknown_key", "wrong_type", "unknown_word", "undated_number", "no_cap", "no_needs_agent",
         "bad_derived", "empty_value", "no_replacement", "too_long"}  # fmt: skip
"""Problems of shape; a schema cannot see whether names exist."""

REPLACED: dict[str, Any] = {"mapping": {"zz zz": {"zz": {"zz": "zz"}}}, "list": [["zz"]], "text": "zz zz"}

At = tuple[str | int, ...]


def schema(name: str) -> Any:
    return json.loads((ROOT / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))


def plain(node: Node | None) -> Any:
    """A tree as JSON: every value a text."""
    if isinstance(node, Table):
        return {entry.key.value: plain(entry.value) for entry in node.entries}
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return node.value if isinstance(node, Text) else None


def data_of(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        text = text.split("---\n")[1]
    return plain(read_yaml(text, path.name)[0])


def write(path: Path, data: Any) -> None:
    """Writes the data back with every text in quotes, and keeps the clauses of policy.md."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.width = 10_000
    with path.with_suffix(".tmp").open("w", encoding="utf-8") as file:
        yaml.dump(data, file)
    text = path.with_suffix(".tmp").read_text(encoding="utf-8")
    path.with_suffix(".tmp").unlink()
    if path.suffix == ".md":
        text = "---\n" + text + "---\n" + path.read_text(encoding="utf-8").split("---\n", 2)[2]
    path.write_text(text, encoding="utf-8")


def nodes(data: Any, at: At = ()) -> Iterator[tuple[At, Any]]:
    yield at, data
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, child in children:
        yield from nodes(child, (*at, key))


def changed(data: Any, at: At, change: str) -> Any:
    """A copy with one node dropped, replaced, or given a key that does not exist."""
    copied = copy.deepcopy(data)
    if not at:
        return REPLACED[change]
    parent = copied
    for key in at[:-1]:
        parent = parent[key]
    if change == "drop":
        del parent[at[-1]]
    elif change == "add":
        parent[at[-1]]["zz zz"] = "zz"
    else:
        parent[at[-1]] = (
            {"zz zz": {"zz": {"zz": "zz"}}} if change == "mapping" else [["zz"]] if change == "list" else "zz zz"
        )
    return copied


def mutations(data: Any) -> Iterator[tuple[str, Any]]:
    seen: set[At] = set()
    for at, node in nodes(data):
        kind = tuple("*" if isinstance(step, int) else step for step in at)
        if kind in seen:
            continue  # one entry of a list is like the next
        seen.add(kind)
        for change in ("mapping", "list", "text", "drop", "add"):
            if (change == "add" and (not at or not isinstance(node, dict))) or (change == "drop" and not at):
                continue
            if change == "text" and isinstance(node, str):
                continue
            yield f"{change} at {'/'.join(map(str, at))}", changed(data, at, change)


@pytest.mark.parametrize("name", sorted({*FILES.values()}))
def test_that_a_schema_is_itself_valid(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("folder", [BASE, ROOT / "policies_kb"], ids=lambda path: path.name)
def test_that_every_valid_file_fits_its_schema(folder: Path) -> None:
    checked = 0
    for path in sorted(folder.rglob("*")):
        name = "policy" if path.name == "policy.md" else path.stem
        if path.is_file() and (path.suffix == ".yml" or path.name == "policy.md"):
            errors = [
                error.message for error in jsonschema.Draft202012Validator(schema(name)).iter_errors(data_of(path))
            ]
            assert errors == [], path
            checked += 1
    assert checked >= len(FILES)


@pytest.mark.parametrize("file", FILES)
def test_that_schema_and_loader_agree_on_every_changed_file(file: str, tmp_path: Path) -> None:
    """What the loader takes fits the schema; where the loader finds a wrong shape, the schema does too."""
    folder = copy_of_base(tmp_path)
    original = (folder / file).read_text(encoding="utf-8")
    validator = jsonschema.Draft202012Validator(schema(FILES[file]))
    differing, seen = [], 0
    for what, data in mutations(data_of(folder / file)):
        write(folder / file, data)
        codes = {problem.code for problem in load(folder).problems if problem.place.path == file}
        fits = validator.is_valid(data)
        if (fits and codes & SHAPE) or not (fits or codes):
            differing.append((what, "fits the schema" if fits else "does not fit the schema", sorted(codes)))
        seen += 1
        (folder / file).write_text(original, encoding="utf-8")
    assert seen >= 4
    assert differing == [], "\n".join(map(str, differing))
