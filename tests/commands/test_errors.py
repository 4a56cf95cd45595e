"""What a command that cannot do its work says: one sentence for people, one shape for programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from plainly.run import ROOT

ONE_LINE = '{"id": 7, "text": "Hello?"}\n'


def plainly(*arguments: str, lines: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plainly.cli", *arguments]
    return subprocess.run(
        command,
        cwd=ROOT,
        input=lines,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
        env={**os.environ, **env},
    )


def error_of(text: str) -> dict[str, Any]:
    whole = json.loads(text)
    error: dict[str, Any] = whole["error"]
    assert set(error) == {"code", "message", "details"}
    assert error["message"].endswith(".")
    return error


@pytest.mark.parametrize(
    ("arguments", "code", "details"),
    [
        (("ask", "hello", "--kb", "/nowhere"), "no_folder", {"path": "/nowhere"}),
        (("understand", "hello", "--as-of", "soon"), "bad_date", {"as_of": "soon"}),
        (("decide", "returns.can_return", "colour=red"), "unknown_fact", {"fact": "colour"}),
        (("decide", "returns.can_return", "condition"), "bad_fact", {"fact": "condition"}),
    ],
)
def test_that_every_command_tells_programs_what_is_wrong_in_one_shape(
    arguments: tuple[str, ...], code: str, details: dict[str, str]
) -> None:
    done = plainly(*arguments, "--json")
    error = error_of(done.stdout)
    assert (done.returncode, done.stderr) == (2, "")
    assert (error["code"], error["details"]) == (code, details)


def test_that_a_bad_line_has_the_same_shape_and_the_next_goes_on() -> None:
    bad = '{"id": 1, "decision": "returns.can_return", "facts": {"colour": "red"}}\nnot json\n'
    good = '{"id": 3, "decision": "returns.can_return", "facts": {"condition": "used", "category": "general"}}\n'
    done = plainly("decide", "--jsonl", lines=bad + good)
    unknown, unread, decided = done.stdout.splitlines()
    assert (error_of(unknown)["code"], json.loads(unknown)["id"]) == ("unknown_fact", 1)
    assert (error_of(unread)["code"], error_of(unread)["details"]) == ("bad_line", {"line": "not json"})
    assert (done.returncode, json.loads(decided)["outcome"]) == (0, "used")


def test_that_the_chosen_sentence_model_is_the_one_that_is_read(tmp_path: Path) -> None:
    done = plainly("ask", "Can I return it?", PLAINLY_MODEL_DIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"plainly: The sentence model folder {tmp_path} has no config.json.")
    program = "from actions.live import engine; engine()"
    env = {**os.environ, "PLAINLY_MODEL_DIR": str(tmp_path)}
    served = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=110
    )
    assert f"The sentence model folder {tmp_path} has no config.json." in served.stderr
