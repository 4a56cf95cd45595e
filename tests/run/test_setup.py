"""Setting up says in one sentence what a machine lacks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plainly.run import ROOT

PYTHON312 = Path(sys.executable).resolve()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files `make setup` reads, on a machine with a PATH and a home of our own."""
    for name in ("scripts", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / "clone" / name)
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / "clone" / name)
    (tmp_path / "bin").mkdir()
    for tool in ("make", "sh", "awk", "env"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    return tmp_path / "clone"


def give_python(clone: Path, script: str, name: str = "python3") -> None:
    """Put a python of our own making on the PATH."""
    path = clone.parent / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def make_setup(clone: Path) -> subprocess.CompletedProcess[str]:
    env = {"PATH": str(clone.parent / "bin"), "HOME": str(clone.parent), "PYENV_ROOT": str(clone.parent)}
    make = [str(clone.parent / "bin" / "make"), "setup"]
    return subprocess.run(make, cwd=clone, env=env, capture_output=True, text=True, timeout=100, check=False)


def sentences(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What was said, without make's own last word."""
    return [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("make: ***")]


def test_that_a_missing_python_310_is_one_sentence(clone: Path) -> None:
    give_python(clone, f'exec {PYTHON312} "$@"')
    done = make_setup(clone)
    if (shutil.which("python3.10", path="/usr/bin:/usr/local/bin")) is not None:
        pytest.skip("this machine has a Python 3.10 in /usr, which setup finds whatever the PATH")
    assert done.returncode != 0
    assert len(sentences(done)) == 1
    assert sentences(done)[0].startswith("Python 3.10 is needed for Rasa 3.6")


def test_that_a_pyenv_shim_that_refuses_to_run_is_passed_over(clone: Path) -> None:
    give_python(clone, "echo \"pyenv: version '3.10' is not installed\" >&2; exit 1")
    python = clone.parent / "versions" / "3.12.9" / "bin" / "python3"
    python.parent.mkdir(parents=True)
    python.symlink_to(PYTHON312)
    done = make_setup(clone)
    assert "pyenv: version" not in done.stdout + done.stderr
    assert len(sentences(done)) == 1
    assert sentences(done)[0].startswith(("Python 3.10 is needed", "Python 3.12 is needed"))


def test_that_a_python_without_ensurepip_is_one_sentence(clone: Path) -> None:
    give_python(clone, f'case "$*" in *ensurepip*) exit 1;; esac; exec {PYTHON312} "$@"')
    code = (
        "import sys; sys.path.insert(0, 'scripts'); import setup\n"
        "sys.executable = sys.argv[1]\n"
        "try: setup.fetch_uv()\n"
        "except setup.Trouble as trouble: print(trouble)"
    )
    python = str(clone.parent / "bin" / "python3")
    done = subprocess.run([str(PYTHON312), "-c", code, python], cwd=clone, capture_output=True, text=True, check=True)
    assert "its ensurepip is missing" in done.stdout
    assert "apt-get install python3-venv" in done.stdout


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("error: No space left on device (os error 28)", "not enough disk space"),
        (
            "error: Request failed after 3 retries\n dns error: failed to lookup",
            "the package index could not be reached",
        ),
        ("error: Hash mismatch for `numpy==2.5.5`", "wrong hash"),
        ("error: something nobody foresaw", "Installing failed. Details are in var/log/setup.log."),
    ],
)
def test_that_a_failed_step_is_one_sentence(clone: Path, output: str, words: str) -> None:
    code = "import sys; sys.path.insert(0, 'scripts'); import setup; print(setup.explain('Installing', sys.argv[1]))"
    done = subprocess.run([str(PYTHON312), "-c", code, output], cwd=clone, capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 1
    assert words in done.stdout


def test_that_a_disk_that_is_too_small_is_said_before_anything_is_fetched(clone: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, 'scripts'); import setup, collections\n"
        "setup.shutil.disk_usage = lambda path: collections.namedtuple('Usage', 'free')(1_200_000_000)\n"
        "try: setup.check_space(list(setup.ENVIRONMENTS))\n"
        "except setup.Trouble as trouble: print(trouble)"
    )
    done = subprocess.run([str(PYTHON312), "-c", code], cwd=clone, capture_output=True, text=True, check=True)
    assert "5.5 GB are needed and 1.2 GB are free" in done.stdout


def test_that_every_target_is_explained_by_make_help() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True, env=os.environ)
    shown = {line.split()[1] for line in done.stdout.splitlines()}
    assert shown == {"help", "setup", "run", "test", "check", "lint", "train", "bench", "lock", "clean"}
