"""Runs inside.py with Rasa's own Python, once, and tells each result under its own name."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from pathlib import Path

import pytest

from plainly.run import ROOT
from plainly.run.training import rasa_environment

INSIDE = Path(__file__).with_name("inside.py")
NAMES = [
    node.name
    for node in ast.parse(INSIDE.read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef) and node.name.startswith("that_")
]


@pytest.fixture(scope="module")
def results() -> dict[str, str]:
    command = [ROOT / ".venv-rasa" / "bin" / "python", INSIDE]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **rasa_environment(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.xdist_group("inside_rasa")
@pytest.mark.parametrize("name", NAMES)
def test_inside_rasa(results: dict[str, str], name: str) -> None:
    assert results[name] == "", results[name]
