"""What the three processes hold in memory after 500 turns."""

from __future__ import annotations

import itertools

import psutil

from benchmarks.report import Options, Section
from benchmarks.talk import running, turns

MEGABYTE = 1_000_000


def run(options: Options) -> Section:
    count = 50 if options.quick else 500
    with running() as stack:
        stack.wait_ready(300)
        source = turns(stack.url)
        list(itertools.islice(source, 20))
        before = sizes(stack.pids())
        list(itertools.islice(source, count))
        after = sizes(stack.pids())
    rows = [
        (
            name,
            *(f"{value // MEGABYTE} MB" for value in after[name]),
            f"{(after[name][0] - before[name][0]) / 1e6:+.1f} MB",
        )
        for name in after
    ]
    total = (sum(size[0] for size in after.values()), sum(size[1] for size in after.values()))
    rows.append(("all", *(f"{value // MEGABYTE} MB" for value in total), ""))
    section = Section("Memory").table(("process", "RSS", "PSS", f"RSS grown in {count} turns"), rows)
    return section.add("PSS shares out the pages that processes have in common.")


def sizes(pids: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Resident and proportional bytes of each process with its children."""
    found = {}
    for name, pid in pids.items():
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        infos = [member.memory_full_info() for member in family]
        found[name] = (sum(info.rss for info in infos), sum(info.pss for info in infos))
    return found
