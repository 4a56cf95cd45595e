"""`plainly check` on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.kb.folders import BASE, copy_of_base

ROOT = Path(__file__).parents[2]


def plainly(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plainly.cli", "check", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=110)


def broken(tmp_path: Path) -> Path:
    folder = copy_of_base(tmp_path)
    path = folder / "lending" / "rules.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("when: {kind: map}", "when: {knd: map}"), encoding="utf-8")
    return folder


def test_that_a_valid_folder_exits_0_and_says_what_was_checked() -> None:
    done = plainly("--kb", str(BASE))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("2 policies, 1 decisions, 8 examples, ")


def test_that_a_broken_folder_exits_1_with_file_and_line(tmp_path: Path) -> None:
    folder = broken(tmp_path)
    done = plainly("--kb", str(folder))
    assert done.returncode == 1
    assert f"{folder}/lending/rules.yml:67:16: error: There is no fact called" in done.stdout
    assert 'Did you mean "kind"?' in done.stdout
    assert done.stdout.rstrip().endswith("1 error, no warnings.")


def test_that_json_is_one_object(tmp_path: Path) -> None:
    done = plainly("--json", "--kb", str(broken(tmp_path)))
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"], report["errors"]) == (1, False, 1)
    problem = report["problems"][0]
    assert (problem["file"], problem["line"], problem["code"]) == ("lending/rules.yml", 67, "unknown_fact")


def test_that_a_missing_folder_is_one_sentence() -> None:
    done = plainly("--kb", "/nowhere/at/all")
    assert done.returncode == 1
    assert "is not there" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
