"""Measures finding: `python -m benchmarks.retrieval [--policyqa FOLDER] [--limit 600]`.

First the dev questions (they set the weights, so this is no promise), with the time a search takes
besides encoding. Then, where the folder is given, PolicyQA: the passage of a real privacy policy
that answers a question, beside plain BM25 on the same rows.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.retrieval_questions import Asked, Remembering, read
from encoder import SentenceEncoder
from plainly.kb import load
from plainly.model import Business, Clause, KnowledgeBase, OpeningHours, Policy
from plainly.retrieve import Index
from plainly.retrieve.board import FIGURES

ROOT = Path(__file__).parents[1]
_BUSINESS = Business("PolicyQA", {}, OpeningHours({}, "Europe/London"), (), (), "")


@dataclass
class Tally:
    """How often the right clause came first, and in the first five."""

    first: int = 0
    five: int = 0
    all: int = 0

    def add(self, found: list[tuple[str, str]], right: tuple[tuple[str, str], ...]) -> None:
        self.first += bool(found) and found[0] in right
        self.five += any(one in right for one in found[:5])
        self.all += 1

    def __str__(self) -> str:
        return f"first {self.first / self.all:.3f}, top five {self.five / self.all:.3f} of {self.all}"


def dev(index: Index, questions: list[Asked]) -> None:
    tallies: dict[str, Tally] = {}
    refused, let_in, uncovered = 0, 0, 0
    for asked in questions:
        found = index.search(asked.text, policy=asked.policy)
        if asked.right:
            clauses = [(one.policy, one.clause) for one in found.passages]
            tallies.setdefault(asked.kind, Tally()).add(clauses, asked.right)
            refused += found.status == "not_covered"
        else:
            uncovered += 1
            let_in += found.status == "covered"
    for kind, tally in tallies.items():
        print(f"dev {kind}: {tally}")
    print(f"dev covered refused {refused}, uncovered answered {let_in} of {uncovered}")
    times = []
    for asked in questions:  # their vectors are remembered, so this is the search alone
        start = time.perf_counter()
        index.search(asked.text)
        times.append((time.perf_counter() - start) * 1000)
    print(f"search besides encoding: median {np.median(times):.2f} ms, 95th {np.quantile(times, 0.95):.2f} ms")


def policyqa(folder: Path, limit: int) -> None:
    path = folder / "dev.json"
    if not path.is_file():
        print(f"PolicyQA is not at {path}: left out.")
        return
    documents = json.loads(path.read_text("utf-8"))["data"]
    ours, plain = Tally(), Tally()
    encoder = SentenceEncoder()
    for document in documents[len(documents) // 2 :]:
        kb = _kb(document)
        index = Index.build(kb, encoder, ROOT / "var" / "cache" / "policyqa")
        rows = [(qa["question"], str(n + 1)) for n, one in enumerate(document["paragraphs"]) for qa in one["qas"]]
        for question, number in rows[: max(1, limit // 10)]:
            right = (("doc", number),)
            found = index.search(question, limit=5)
            ours.add([(one.policy, one.clause) for one in found.passages], right)
            plain.add(_bm25(index, question), right)
    print(f"PolicyQA, second ten policies: {ours}; BM25: {plain}")


def _kb(document: dict[str, Any]) -> KnowledgeBase:
    clauses = {
        str(n + 1): Clause("doc", str(n + 1), "", one["context"]) for n, one in enumerate(document["paragraphs"])
    }
    policy = Policy("doc", document["title"], "", "quoted", str(date.min), clauses)
    return KnowledgeBase("1", _BUSINESS, {"doc": policy}, {})


def _bm25(index: Index, question: str) -> list[tuple[str, str]]:
    scores = index.look(question).figures[:, FIGURES.index("path_words")]
    return [index.clauses[at] for at in np.argsort(-scores, kind="stable")[:5]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kb", type=Path, default=ROOT / "policies_kb")
    options.add_argument("--policyqa", type=Path)
    options.add_argument("--limit", type=int, default=600, help="rows of PolicyQA")
    given = options.parse_args()
    kb = load(given.kb).kb
    if kb is None:
        raise SystemExit(f"{given.kb} has errors; run plainly check.")
    questions, cache = read(), ROOT / "var" / "cache"
    dev(Index.build(kb, Remembering(SentenceEncoder(), questions, cache / "dev"), cache), questions)
    if given.policyqa:
        policyqa(given.policyqa, given.limit)


if __name__ == "__main__":
    main()
