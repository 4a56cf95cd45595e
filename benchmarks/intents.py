"""How well the assistant's own pipeline names intents on CLINC150, and how well it tells what it does not know.

    .venv-rasa/bin/python benchmarks/intents.py PATH/clinc150/data_full.json

Trains on the train split, sets the confidence below which a text counts as out of scope on the validation
split, and reports on the test split. Takes about ten minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
PUBLISHED = "published, same data: Rasa 91.5 / 45.3, BERT 96.9 / 40.3 (in-scope accuracy / out-of-scope recall, %)"

Rows = list[list[str]]
Odds = npt.NDArray[np.float64]


class Pipeline:
    """The featurizer and the classifier of config.yml, without the rest of Rasa."""

    def __init__(self, folder: Path, seconds: dict[str, float]) -> None:
        from rasa.engine.graph import ExecutionContext, GraphSchema
        from rasa.engine.storage.local_model_storage import LocalModelStorage
        from rasa.engine.storage.resource import Resource

        from rasa_parts.classifier import SpeechActClassifier
        from rasa_parts.featurizer import SentenceEncoderFeaturizer

        context = ExecutionContext(GraphSchema({}), node_name="benchmark")
        storage, resource = LocalModelStorage.create(folder), Resource("benchmark")
        defaults = SentenceEncoderFeaturizer.get_default_config()
        self._featurizer = SentenceEncoderFeaturizer.create(defaults, storage, resource, context)
        settings = SpeechActClassifier.get_default_config()
        self._classifier = SpeechActClassifier.create(settings, storage, resource, context)
        self._seconds = seconds

    def train(self, rows: Rows) -> None:
        """Learn from [text, intent] rows."""
        from rasa.shared.nlu.training_data.message import Message
        from rasa.shared.nlu.training_data.training_data import TrainingData

        data = TrainingData([Message({"text": text, "intent": intent}) for text, intent in rows])
        begin = time.perf_counter()
        self._featurizer.process_training_data(data)
        self._seconds["encode"] = time.perf_counter() - begin
        self._classifier.train(data)
        self._seconds["train"] = time.perf_counter() - begin

    def name(self, texts: list[str]) -> tuple[list[str], Odds]:
        """The intent of each text, and how sure the pipeline is."""
        from rasa.shared.nlu.training_data.message import Message

        messages = self._classifier.process(self._featurizer.process([Message({"text": text}) for text in texts]))
        found = [message.get("intent") for message in messages]
        return [one["name"] for one in found], np.array([one["confidence"] for one in found])


def best_threshold(right: npt.NDArray[np.bool_], sure: Odds, sure_outside: Odds) -> float:
    """The confidence that does best on in-scope accuracy and out-of-scope recall together."""
    candidates = np.linspace(0, 1, 201)
    scores = [(right & (sure >= one)).mean() + (sure_outside < one).mean() for one in candidates]
    return float(candidates[int(np.argmax(scores))])


def roc_area(inside: Odds, outside: Odds) -> float:
    """How often a text in scope is surer than one outside."""
    order = np.concatenate([outside, inside]).argsort(kind="stable").argsort() + 1
    wins = order[len(outside) :].sum() - len(inside) * (len(inside) + 1) / 2
    return float(wins / (len(inside) * len(outside)))


def measure(data: dict[str, Rows], folder: Path) -> dict[str, float]:
    """The figures, in the order to print them."""
    seconds: dict[str, float] = {}
    pipeline = Pipeline(folder, seconds)
    pipeline.train(data["train"])
    split: dict[str, tuple[npt.NDArray[np.bool_], Odds, Odds]] = {}
    for name in ("val", "test"):
        acts, sure = pipeline.name([text for text, _ in data[name]])
        right = np.array([act == intent for act, (_, intent) in zip(acts, data[name], strict=True)])
        split[name] = right, sure, pipeline.name([text for text, _ in data[f"oos_{name}"]])[1]
    threshold = best_threshold(*split["val"])
    right, sure, outside = split["test"]
    return {
        "in-scope accuracy, nothing refused": float(right.mean()),
        "threshold, set on validation": threshold,
        "in-scope accuracy at the threshold": float((right & (sure >= threshold)).mean()),
        "out-of-scope recall at the threshold": float((outside < threshold).mean()),
        "area under the ROC curve": roc_area(sure, outside),
        "seconds to encode the training split": seconds["encode"],
        "seconds to train": seconds["train"],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the assistant's own pipeline on CLINC150.")
    parser.add_argument("path", type=Path, help="data_full.json of CLINC150")
    path = parser.parse_args().path
    if not path.is_file():
        print(f"{path} is not there; CLINC150 is at clinc/oos-eval on GitHub. Nothing measured.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(json.loads(path.read_text(encoding="utf-8")), Path(folder))
    for name, value in figures.items():
        print(f"{name:40s} {value:8.3f}")
    print(PUBLISHED)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
