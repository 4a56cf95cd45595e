"""Fits plainly/retrieve/weights.json on the dev questions: `python -m benchmarks.fit_retrieval [--write]`.

Weights that order clauses start from those in the file and are fitted with a pull back to them; the
chance of being covered is a logistic regression. Both are reported by five-fold cross-validation, so
that no figure printed here was measured on a question its weights had seen.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.retrieval_questions import Asked, Measured, Remembering, measure, read
from encoder import SentenceEncoder
from plainly.kb import load
from plainly.model import Policy
from plainly.retrieve import Index
from plainly.retrieve import weights as shipped
from plainly.retrieve.board import FIGURES
from plainly.retrieve.coverage import signs
from plainly.retrieve.weights import Coverage, Weights

ROOT = Path(__file__).parents[1]
WEIGHTS = Path(shipped.__file__).with_name("weights.json")
Array = npt.NDArray[np.float64]
FOLDS = 5
SHARP = 12.0
TAUGHT = ("taught", "asked_meaning", "elsewhere_taught")
"""Signs that say nothing where nobody has noted what customers ask."""


@dataclass(frozen=True)
class Bench:
    """The index and its questions."""

    index: Index
    asked: list[Measured]


def scores(bench: Bench, one: Measured, rank: Array, discussed: float) -> Array:
    found = one.figures.astype(np.float64) @ rank
    if one.asked.policy:
        found = found + discussed * np.array([policy == one.asked.policy for policy, _ in bench.index.clauses])
    return found


def fit_rank(bench: Bench, asked: list[Measured], start: Array, discussed: float, pull: float = 0.0002) -> Array:
    rank = start.copy()
    first, second = np.zeros_like(rank), np.zeros_like(rank)
    for step in range(1, 301):
        slope = pull * (rank - start)
        for one in asked:
            found = SHARP * scores(bench, one, rank, discussed)
            chance = np.exp(found - found.max())
            chance /= chance.sum()
            right = chance * one.right
            right /= max(right.sum(), 1e-12)
            slope -= (right - chance) @ one.figures / len(asked)
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        rank -= 0.02 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return rank


def hits(bench: Bench, asked: list[Measured], rank: Array, discussed: float) -> Array:
    places = []
    for one in asked:
        order = np.argsort(-scores(bench, one, rank, discussed), kind="stable")
        places.append(np.flatnonzero(one.right[order])[0])
    return np.array([[place == 0, place < 5] for place in places], dtype=np.float64)


def folds(size: int) -> list[npt.NDArray[np.int64]]:
    order = np.random.default_rng(7).permutation(size)
    return [order[i::FOLDS] for i in range(FOLDS)]


def fit_logistic(x: Array, y: Array, pull: float = 0.3) -> Array:
    """Newton's method with a pull to zero, each side weighing the same; the last figure is the bias."""
    x = np.column_stack([x, np.ones(len(x))])
    weight = np.where(y == 1, 0.5 / max(1, (y == 1).sum()), 0.5 / max(1, (y == 0).sum())) * len(y)
    found = np.zeros(x.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(x @ found, -30, 30)))
        slope = x.T @ (weight * (chance - y)) + pull * found
        bend = (x * (weight * chance * (1 - chance))[:, None]).T @ x + pull * np.eye(len(found))
        found -= np.linalg.solve(bend, slope)
    return found


def coverage_rows(bench: Bench, rank: Array, discussed: float) -> tuple[list[str], Array, Array]:
    rows, names = [], []
    for one in bench.asked:
        found = scores(bench, one, rank, discussed).astype(np.float32)
        discussing = one.asked.policy is not None
        told = signs(one.figures, found, one.query, strangeness=one.strangeness, discussing=discussing)
        names = list(told)
        rows.append([told[name] for name in names])
    covered = np.array([bool(one.asked.right) for one in bench.asked], dtype=np.float64)
    return names, np.array(rows), covered


def cross_coverage(x: Array, y: Array) -> Array:
    chance = np.zeros(len(y))
    for held in folds(len(y)):
        kept = np.setdiff1d(np.arange(len(y)), held)
        found = fit_logistic(x[kept], y[kept])
        chance[held] = 1 / (1 + np.exp(-(np.column_stack([x[held], np.ones(len(held))]) @ found)))
    return chance


def given_others(bench: Bench) -> bool:
    return any(one.asked.kind == "clinc" for one in bench.asked)


def report_coverage(bench: Bench, chance: Array, covered: Array, floor: float) -> None:
    near = np.array([one.asked.kind == "near" for one in bench.asked])
    far = np.array([one.asked.kind == "far" for one in bench.asked])
    print(f"floor {floor:.3f}: covered refused {np.mean(chance[covered == 1] < floor):.3f},", end=" ")
    print(f"near recognised {np.mean(chance[near] < floor):.3f}, far {np.mean(chance[far] < floor):.3f}", end=" ")
    print(f"others {np.mean(chance[(covered == 0) & ~near & ~far] < floor):.3f}" if given_others(bench) else "")
    for i in np.flatnonzero((chance < floor) == (covered == 1)):
        print(f"   {'refused' if covered[i] else 'let in '} {chance[i]:.2f} {bench.asked[i].asked.text}")


def best_close(bench: Bench, rank: Array, discussed: float) -> float:
    """The lead below which the first policy is wrong as often as right."""
    leads, wrong = [], []
    for one in bench.asked:
        if not one.asked.right or one.asked.policy:
            continue
        found = scores(bench, one, rank, discussed)
        best: dict[str, float] = {}
        for (policy, _), score in zip(bench.index.clauses, found, strict=True):
            best[policy] = max(best.get(policy, -9.0), float(score))
        order = sorted(best, key=lambda policy: -best[policy])
        leads.append(best[order[0]] - best[order[1]])
        wrong.append(order[0] not in {policy for policy, _ in one.asked.right})
    lead, missed = np.array(leads), np.array(wrong)
    print(f"first policy right {1 - missed.mean():.3f}")
    for limit in np.quantile(lead, [0.03, 0.05, 0.08, 0.1, 0.15]):
        caught = np.mean(lead[missed] < limit)
        print(f"   lead below {limit:.3f}: asks {np.mean(lead < limit):.3f}, of the wrong ones {caught:.2f}")
    return float(np.quantile(lead, 0.08))


def strangers(path: Path | None) -> list[Asked]:
    """Questions of CLINC150 that are out of every scope: its training and validation parts, never its test part."""
    if path is None:
        return []
    data = json.loads((path / "data_full.json").read_text("utf-8"))
    return [Asked(text, kind="clinc") for part in ("oos_train", "oos_val") for text, _ in data[part]]


def open_bench(kb: Path, cache: Path, more: list[Asked], *, untaught: bool = False) -> Bench:
    found = load(kb).kb
    if found is None:
        raise SystemExit(f"{kb} has errors; run plainly check.")
    if untaught:
        found = replace(found, policies={name: _own_words(policy) for name, policy in found.policies.items()})
    questions = read() + more
    index = Index.build(found, Remembering(SentenceEncoder(), questions, cache / "dev"), cache)
    return Bench(index, measure(index, questions))


def _own_words(policy: Policy) -> Policy:
    """The policy as it is when its words are all that has been written."""
    empty = Policy(policy.id, policy.title, "", "quoted", policy.version, policy.clauses)
    return replace(empty, facts=policy.facts)


def fit_untaught(bench: Bench, rank: Array, discussed: float) -> Coverage:
    """Coverage where no customers' questions are there to compare with; one in ten that is not ours may be let in."""
    names, x, y = coverage_rows(bench, rank, discussed)
    kept = [i for i, name in enumerate(names) if name not in TAUGHT]
    chance = cross_coverage(x[:, kept], y)
    unclear, floor = (float(np.quantile(chance[y == 0], share)) for share in (0.85, 0.9))
    print(f"untaught: floor {floor:.3f}, covered refused {np.mean(chance[y == 1] < floor):.3f}")
    found = fit_logistic(x[:, kept], y)
    weights = dict.fromkeys(names, 0.0) | {names[i]: round(float(one), 4) for i, one in zip(kept, found, strict=False)}
    return Coverage(
        covered={"bias": round(float(found[-1]), 4)} | weights, floor=round(floor, 3), unclear=round(unclear, 3)
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kb", type=Path, default=ROOT / "policies_kb")
    options.add_argument("--write", action="store_true", help="replace plainly/retrieve/weights.json")
    options.add_argument("--clinc", type=Path, help="folder of CLINC150: more questions that are not ours")
    given = options.parse_args()
    now = shipped.fitted()
    bench = open_bench(given.kb, ROOT / "var" / "cache", strangers(given.clinc))
    start = np.array([now.rank[name] for name in FIGURES])
    asked = [one for one in bench.asked if one.asked.right]
    print("shipped:", hits(bench, asked, start, now.discussed).mean(0).round(3))
    held_hits = np.zeros((len(asked), 2))
    for held in folds(len(asked)):
        kept = [one for i, one in enumerate(asked) if i not in set(held.tolist())]
        rank = fit_rank(bench, kept, start, now.discussed)
        held_hits[held] = hits(bench, [asked[i] for i in held], rank, now.discussed)
    print("fitted, cross-validated: first, top five", held_hits.mean(0).round(3))
    rank = fit_rank(bench, asked, start, now.discussed)
    print("fitted, on its own questions:", hits(bench, asked, rank, now.discussed).mean(0).round(3))
    follow = [one for one in asked if one.asked.policy]
    for discussed in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7):
        print(f"   discussed {discussed}: follow-ups {hits(bench, follow, rank, discussed).mean(0).round(3)}")
    names, x, y = coverage_rows(bench, rank, now.discussed)
    chance = cross_coverage(x, y)
    # Below the first the folder does not answer; between the two the customer is asked what is meant.
    # Of the covered ones, at most one in twenty may be refused; what is left of that is room for new questions.
    unclear, floor = (float(np.quantile(chance[y == 1], share)) for share in (0.04, 0.06))
    report_coverage(bench, chance, y, unclear)
    report_coverage(bench, chance, y, floor)
    found = fit_logistic(x, y)
    fresh = replace(
        now,
        rank={name: round(float(one), 4) for name, one in zip(FIGURES, rank, strict=True)},
        close=round(best_close(bench, rank, now.discussed), 3),
        covered={"bias": round(float(found[-1]), 4)}
        | {name: round(float(one), 4) for name, one in zip(names, found[:-1], strict=True)},
        floor=round(floor, 3),
        unclear=round(unclear, 3),
        untaught=fit_untaught(
            open_bench(given.kb, ROOT / "var" / "cache", strangers(given.clinc), untaught=True), rank, now.discussed
        ),
    )
    print(json.dumps(asdict(fresh), indent=2))
    if given.write:
        write(fresh)


def write(weights: Weights) -> None:
    content: dict[str, Any] = asdict(weights)
    WEIGHTS.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
