"""Rooms import in one direction only, and the core knows no web, no database and no Rasa."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLAINLY = ROOT / "plainly"

MAY_IMPORT = {
    "errors": set(),
    "model": {"errors"},
    "clock": {"settings", "errors"},
    "settings": {"errors"},
    "kb": {"model", "errors"},
    "decide": {"model", "errors", "kb"},
    "importing": {"model", "errors", "kb"},
    "understand": {"model", "errors", "kb"},
    "retrieve": {"model", "errors", "kb"},
    "wording": {"model", "errors", "kb", "decide"},
    "turn": {"model", "errors", "kb", "decide", "understand", "retrieve", "wording"},
    "check": {"model", "errors", "kb", "decide", "understand", "retrieve", "wording", "turn"},
    "suggest": {"model", "errors", "kb", "decide", "wording", "turn"},
    "desk": {"model", "errors", "kb", "wording", "turn"},
    "outcomes": {"model", "errors"},
    "store": {"outcomes", "model", "errors", "kb", "wording", "turn", "desk", "clock", "settings"},
    "run": {"errors", "settings", "clock"},
}
"""What each room may import of the others. `gateway`, `commands` and `cli` are edges: they may import all."""

PURE = (
    *("model", "errors", "kb", "decide", "understand", "retrieve", "importing", "wording", "turn", "check", "desk"),
    "outcomes",
)
OUTSIDE = {"rasa", "rasa_sdk", "fastapi", "starlette", "uvicorn", "httpx", "sqlalchemy", "alembic", "psycopg"}
CLOCKS = {"now", "today", "utcnow"}


def files(room: str) -> list[Path]:
    single = PLAINLY / f"{room}.py"
    return [single] if single.exists() else sorted((PLAINLY / room).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """The dotted names a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_that_a_room_imports_only_the_rooms_below_it(room: str) -> None:
    paths = files(room)
    assert paths, f"the room {room} has gone: mend the map in this test"
    for path in paths:
        rooms = {name.split(".")[1] for name in imports(path) if name.startswith("plainly.")}
        assert rooms <= MAY_IMPORT[room] | {room}, (
            f"{path.relative_to(ROOT)} reaches up to {rooms - MAY_IMPORT[room] - {room}}"
        )


def test_that_the_gateway_imports_no_command() -> None:
    for path in files("gateway"):
        assert not [name for name in imports(path) if name.startswith("plainly.commands")], path.relative_to(ROOT)


@pytest.mark.parametrize("room", PURE)
def test_that_the_core_knows_no_web_database_or_rasa(room: str) -> None:
    for path in files(room):
        assert not {name.split(".")[0] for name in imports(path)} & OUTSIDE, path.relative_to(ROOT)


@pytest.mark.parametrize("room", PURE)
def test_that_the_core_reads_no_clock_and_no_environment(room: str) -> None:
    for path in files(room):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
                owner = ast.unparse(node.func.value)
                assert owner.split(".")[-1] not in ("date", "datetime"), (
                    f"{path.relative_to(ROOT)}:{node.lineno} reads the clock"
                )
            if isinstance(node, ast.Attribute):
                assert ast.unparse(node) not in ("os.environ", "os.getenv"), (
                    f"{path.relative_to(ROOT)}:{node.lineno} reads the environment"
                )


def test_that_actions_import_only_rasa_sdk_and_the_library() -> None:
    for path in sorted((ROOT / "actions").rglob("*.py")):
        foreign = {name.split(".")[0] for name in imports(path)} & (OUTSIDE - {"rasa_sdk"})
        assert not foreign, f"{path.relative_to(ROOT)} imports {foreign}"


def test_that_only_the_settings_room_reads_the_environment() -> None:
    rooms = (PLAINLY, ROOT / "rasa_parts", ROOT / "actions", ROOT / "encoder")
    for path in sorted(found for room in rooms for found in room.rglob("*.py")):
        if path.name == "settings.py" or "run" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        assert not [word for word in ("os.environ", "getenv") if word in text], path.relative_to(ROOT)
