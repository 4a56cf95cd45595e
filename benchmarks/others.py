"""Benchmarks that are programs of their own: run as they are, their words taken into the report."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from benchmarks.report import Options, Section
from plainly.run import ROOT

HERE = Path(__file__).parent
APP, RASA = ROOT / ".venv/bin/python", ROOT / ".venv-rasa/bin/python"
MOST_LINES = 60


def program(
    name: str, title: str, python: Path = APP, *, data: str = "", flag: str = ""
) -> Callable[[Options], Section]:
    """A benchmark that runs benchmarks/NAME.py.

    `data` is the open data it measures on, given after `flag`; with a flag it can also do without.
    """

    def run(options: Options) -> Section:
        section = Section(title)
        if not (HERE / f"{name}.py").is_file():
            return section.add(f"There is no benchmarks/{name}.py.")
        arguments = []
        path = options.data / data if data and options.data else None
        if path is not None and path.exists():
            arguments = [flag, str(path)] if flag else [str(path)]
        elif data:
            section.add(f"Not measured on {data}: name the folder of open data with --data or PLAINLY_BENCH_DATA.", "")
            if not flag:
                return section
        return section.add("```", *_words_of(python, name, arguments), "```")

    return run


def _words_of(python: Path, name: str, arguments: list[str]) -> list[str]:
    command = [str(python), "-m", f"benchmarks.{name}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = done.stdout.strip().splitlines()[-MOST_LINES:]
    if done.returncode:
        said += [f"It ended with {done.returncode}:", *done.stderr.strip().splitlines()[-5:]]
    return said
