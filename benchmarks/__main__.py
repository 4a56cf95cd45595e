"""Runs the benchmarks and writes one report: `python -m benchmarks [NAME ...] [--data FOLDER] [--publish]`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from benchmarks.others import RASA, program
from benchmarks.report import PUBLISHED, VAR, Options, Section, machine
from plainly.clock import today
from plainly.errors import PlainlyError

Bench = Callable[[Options], Section]


def _own(name: str) -> Bench:
    """A benchmark of this package, imported when it is run."""

    def run(options: Options) -> Section:
        found: Section = import_module(f"benchmarks.{name}").run(options)
        return found

    return run


BENCHES: dict[str, Bench] = {
    "turn": _own("turn"),
    "memory": _own("memory"),
    "desk": _own("desk"),
    "encoder": _own("encoder"),
    "readability": _own("readability"),
    "steadfast": _own("steadfast"),
    "retrieval": program("retrieval", "Finding the clause", data="policyqa", flag="--policyqa"),
    "understanding": program("understanding", "Facts from free text", data="goemotions", flag="--goemotions"),
    "intents": program("intents", "Intents on CLINC150", RASA, data="clinc150/data_full.json"),
}


def main(arguments: list[str]) -> int:
    """0 when every benchmark asked for was run."""
    asked = _parse(arguments)
    options = Options(data=asked.data, quick=asked.quick)
    (VAR / "results").mkdir(parents=True, exist_ok=True)
    failed = [name for name in asked.names or BENCHES if not _run(name, options)]
    if asked.publish and not failed:
        PUBLISHED.write_text(_report(), "utf-8")
        print(f"Published in {PUBLISHED}.")
    if failed:
        print(f"Not measured because of an error: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(BENCHES)}; all without a name")
    given = os.environ.get("PLAINLY_BENCH_DATA")
    parser.add_argument("--data", type=Path, default=Path(given) if given else None, help="the folder of open data")
    parser.add_argument("--quick", action="store_true", help="fewer turns and cases, to see that it runs")
    parser.add_argument("--publish", action="store_true", help=f"write the latest results into docs/{PUBLISHED.name}")
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.names if name not in BENCHES]
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    return asked


def _run(name: str, options: Options) -> bool:
    begin = time.monotonic()
    try:
        section = BENCHES[name](options)
    except (PlainlyError, RuntimeError, OSError) as wrong:
        print(f"{name}: {wrong}", file=sys.stderr)
        return False
    section.add("", f"*{today():%-d %B %Y}, {machine()}, {time.monotonic() - begin:.0f} s.*")
    results = VAR / "results"
    (results / f"{name}.md").write_text(section.text, "utf-8")
    (results / f"{name}.details.txt").write_text("\n".join(section.details) + "\n", "utf-8")
    print(section.text, flush=True)
    return True


def _report() -> str:
    """The latest result of every benchmark, in order."""
    head = "# Figures\n\nMeasured by `make bench`; each part says when and on what.\n"
    results = [VAR / "results" / f"{name}.md" for name in BENCHES]
    return "\n".join([head, *(path.read_text("utf-8") for path in results if path.is_file())])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
