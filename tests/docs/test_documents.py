"""The documents name only what there is: commands, targets, paths, links, rooms and their functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer.main
import yaml

from plainly.cli import app
from plainly.run import ROOT
from tests.test_rooms import MAY_IMPORT

PLANS = {"PLAN.md"}
"""They also name what is still to come."""
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "policies_kb/README.md",
]
MADE = ("var", "models", ".venv", ".venv-rasa", ".tools", ".ci")
"""Folders that a fresh clone lacks."""
TOPS = {path.name for path in ROOT.iterdir() if path.name not in MADE}


def told(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def codes(page: Path) -> Iterator[str]:
    """Every piece of code: the lines of fenced blocks, and what stands between backticks."""
    fence = re.compile(r"^```.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
    for block in fence.findall(told(page)):
        yield from block.splitlines()
    yield from re.findall(r"`([^`\n]+)`", fence.sub("", told(page)))


def pages(*left_out: str) -> list[Path]:
    return [page for page in PAGES if page.name not in left_out]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", pages(*PLANS), ids=name)
def test_that_every_command_named_can_be_run(page: Path) -> None:
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    targets = set(re.findall(r"^(\w+):", told(ROOT / "Makefile"), re.MULTILINE))
    for code in codes(page):
        found = re.match(r"(?:\$ )?(?:\.venv/bin/)?(plainly|make) ([a-z_]+)", code)
        if found:
            assert found[2] in (commands if found[1] == "plainly" else targets), code


@pytest.mark.parametrize("page", pages(*PLANS), ids=name)
def test_that_every_path_named_is_there(page: Path) -> None:
    for code in codes(page):
        path = code.rstrip("/").split(":")[0]
        if re.fullmatch(r"[\w.*-]+(/[\w.*-]+)+", path) and path.split("/")[0] in TOPS:
            assert list(ROOT.glob(path)), f"{name(page)} names {path}"


@pytest.mark.parametrize("page", pages(), ids=name)
def test_that_every_link_leads_to_a_page_and_a_heading(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:|/)([^)#\s]*)(?:#([^)\s]+))?\)", told(page)):
        linked = (page.parent / target).resolve() if target else page
        assert linked.exists(), f"{name(page)} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", told(linked), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}, anchor


def test_that_the_way_in_shows_every_command() -> None:
    shown = {found[1] for code in codes(ROOT / "README.md") if (found := re.match(r"\.venv/bin/plainly (\w+)", code))}
    assert shown == set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_that_the_map_lists_the_speech_acts_and_statuses_there_are() -> None:
    lists = [set(code.split()) for code in codes(ROOT / "docs/architecture.md") if len(code.split()) > 10]
    intents = yaml.safe_load(told(ROOT / "domain.yml"))["intents"]
    acts = {one if isinstance(one, str) else next(iter(one)) for one in intents}
    assert acts - {"nlu_fallback"} in lists
    assert set(yaml.safe_load(told(ROOT / "plainly/statuses.yml"))) in lists


def rooms() -> dict[str, list[str]]:
    """The rows of the table of rooms: a room's path, and the functions it is said to offer."""
    rows = re.findall(
        r"^\| `(plainly/\w+|encoder)/?` \| [^|]* \|(.*)\|$", told(ROOT / "docs/architecture.md"), re.MULTILINE
    )
    return {room: re.findall(r"([A-Za-z_.]+\([\w .,=\"/]*\))", functions) for room, functions in rows}


@cache
def offered(room: str) -> dict[str, set[str]]:
    """Every function, method and class of a room by name, with the names of what it takes."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(told(path))):
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, set()).update(_taken(node))
            elif isinstance(node, ast.ClassDef):
                makers = [
                    _taken(one) for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"
                ]
                fields = {
                    one.target.id
                    for one in node.body
                    if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
                }
                found.setdefault(node.name, set()).update(fields, *makers)
    return found


def _taken(node: ast.FunctionDef) -> set[str]:
    return {argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}


def test_that_the_map_shows_all_rooms_and_no_other() -> None:
    page = told(ROOT / "docs/architecture.md")
    shown = set(rooms()) - {"encoder"}
    there = {f"plainly/{path.parent.name}" for path in (ROOT / "plainly").glob("*/*.py")}
    assert shown == there
    arrows = " ".join(re.findall(r"`([^`]*<-[^`]*)`", page)) + " outcomes"
    assert set(re.findall(r"\w+", arrows)) == {*MAY_IMPORT, "gateway", "commands", "cli"}


@pytest.mark.parametrize("room", rooms())
def test_that_a_room_offers_the_functions_the_map_tells(room: str) -> None:
    for call in rooms()[room]:
        function, arguments = call.rstrip(")").split("(", 1)
        named = {argument.split("=")[0].strip(' "') for argument in arguments.split(",") if argument.strip()}
        last = function.split(".")[-1]
        assert last in offered(room), call
        literal = {argument for argument in named if not argument.isidentifier() or argument == "..."}
        assert named - literal <= offered(room)[last] | {""}, call
