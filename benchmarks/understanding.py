"""How well understanding does: hand-written sentences, pressure, speed, and tone on somebody else's data.

    .venv/bin/python -m benchmarks.understanding [--goemotions FOLDER] [--kb FOLDER]

The sentences are the ones in tests/understand/sentences. The emotions are short Reddit texts, not
customers: a cross-check only, and left out, with a word, when the folder is not there.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from plainly.kb import load
from plainly.understand import understand
from plainly.understand.values import differs
from tests.understand.stage import NOW, agrees, cases, context_of, hear, small_kb

FILES = ("dates", "hedges", "amounts", "choices", "negation", "several", "corrections", "answers")
NEGATIVE = {"anger", "annoyance", "disappointment", "disapproval", "disgust"}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--goemotions", type=Path, default=None)
    arguments.add_argument("--kb", type=Path, default=Path("policies_kb"))
    chosen = arguments.parse_args()
    sentences()
    pressure()
    speed()
    examples(chosen.kb)
    tone(chosen.goemotions)


def sentences() -> None:
    kb = small_kb()
    for name in FILES:
        right = 0
        for case in cases(name):
            found = hear(case["say"], context_of(case, kb)).facts
            wanted = case["hear"].items()
            right += all(fact in found and agrees(found[fact].value, value, kb.facts[fact]) for fact, value in wanted)
        print(f"{name:12} {right} of {len(cases(name))}")


def pressure() -> None:
    told = [line for line in cases("pressure") if set(hear(line).facts) - {"category"}]
    print(f"pressure     {len(told)} of {len(cases('pressure'))} lines told a fact {told}")


def speed() -> None:
    kb = small_kb()
    lines = [case["say"] for name in FILES for case in cases(name)] + cases("pressure")
    times = []
    for line in lines:
        started = time.perf_counter()
        understand(line, kb, now=NOW)
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    print(f"speed        median {statistics.median(times):.1f} ms, 95th {times[int(len(times) * 0.95)]:.1f} ms")


def examples(folder: Path) -> None:
    kb = load(folder).kb
    if kb is None:
        print(f"examples     {folder} has errors; left out")
        return
    wrong = total = 0
    for policy in kb.policies.values():
        for example in policy.examples:
            if not example.message:
                continue
            total += 1
            now = NOW.replace(year=example.as_of.year, month=example.as_of.month, day=example.as_of.day)
            heard = understand(example.message, kb, now=now).facts
            given = example.given
            wrong += any(name in given and differs(fact.value, given[name]) for name, fact in heard.items())
    print(f"examples     {wrong} of {total} messages in {folder} disagree with their facts")


def tone(folder: Path | None) -> None:
    if folder is None or not (folder / "dev.tsv").is_file():
        print("tone         the emotion data is not here; left out (give --goemotions FOLDER)")
        return
    labels = (folder / "labels.txt").read_text(encoding="utf-8").split()
    hits = said = meant = 0
    for row in (folder / "dev.tsv").read_text(encoding="utf-8").splitlines():
        text, numbers, _ = row.replace("[NAME]", "Sam").split("\t")
        truth = any(labels[int(number)] in NEGATIVE for number in numbers.split(","))
        heard = hear(text).tone.label in ("angry", "annoyed", "disappointed")
        hits, said, meant = hits + (truth and heard), said + heard, meant + truth
    precision, recall = hits / max(1, said), hits / max(1, meant)
    score = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"tone         F1 {score:.3f} (precision {precision:.3f}, recall {recall:.3f}) on {meant} negative texts")


if __name__ == "__main__":
    main()
