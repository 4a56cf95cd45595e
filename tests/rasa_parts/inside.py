"""What holds inside the Rasa process; test_inside_rasa.py runs this file with Rasa's own Python.

Each function whose name starts with `that_` is a test.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
import rasa
import skops.io
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core import events
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import all_subclasses
from sklearn.feature_extraction.text import CountVectorizer

from encoder import EncoderError, load_encoder
from rasa_parts import patches
from rasa_parts.channel import PlainlyInput
from rasa_parts.classifier import SpeechActClassifier
from rasa_parts.featurizer import SentenceEncoderFeaturizer
from rasa_parts.one_turn_store import OneTurnStore
from rasa_parts.refusal import Refusal

CONTEXT = ExecutionContext(GraphSchema({}), node_name="node")
GOOD_ANSWER = {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"custom": {"reply": {}}}]}
BAD_ANSWERS: tuple[Any, ...] = (
    {"events": [{"event": 3}]},
    {"events": [{}]},
    {"responses": ["x"]},
    {"events": None},
    [],
)


def outcome(work: Callable[..., Any], *arguments: Any) -> tuple[str, Any]:
    try:
        return "gave", work(*arguments)
    except (ValidationError, ValueError) as error:
        return type(error).__name__, str(error)


def failure(kind: type[Exception], work: Callable[..., Any], *arguments: Any) -> str:
    try:
        work(*arguments)
    except kind as error:
        return str(error)
    return ""


def that_the_patches_are_in_and_for_this_version() -> None:
    assert rasa.__version__ == patches.VERSION
    assert patches.apply()
    assert RemoteAction._validate_action_result is not RemoteAction.unpatched_validate


def that_another_version_is_left_as_it_is() -> None:
    rasa.__version__, real = "3.6.22", rasa.__version__
    try:
        assert not patches.apply()
    finally:
        rasa.__version__ = real


def that_the_patched_check_finds_what_rasas_finds() -> None:
    action = RemoteAction("action_x", None)
    for answer in (GOOD_ANSWER, {}, *BAD_ANSWERS):
        assert outcome(action._validate_action_result, answer) == outcome(action.unpatched_validate, answer), answer


def that_the_patched_check_is_much_faster() -> None:
    action = RemoteAction("action_x", None)
    slow, fast = (
        best_time(check, GOOD_ANSWER) for check in (action.unpatched_validate, action._validate_action_result)
    )
    assert fast < slow / 5, (fast, slow)


def that_the_patched_search_finds_the_same_event_classes() -> None:
    names = {cls.type_name for cls in all_subclasses(events.Event)} | {"topic", "no such event", None}
    for name in names:
        for default in (None, events.SlotSet):
            for _ in range(2):
                ours = outcome(events.Event.resolve_by_type, name, default)
                assert ours == outcome(events.Event.unpatched_resolve, name, default), name


def that_the_patched_search_is_much_faster() -> None:
    slow = best_time(events.Event.unpatched_resolve, "user")
    assert best_time(events.Event.resolve_by_type, "user") < slow / 5


def best_time(work: Callable[..., Any], *arguments: Any) -> float:
    times = []
    for _ in range(20):
        begin = time.perf_counter()
        work(*arguments)
        times.append(time.perf_counter() - begin)
    return min(times)


def that_a_message_gets_the_encoders_vector() -> None:
    texts = ["can I return a kettle", "why", "can I return a kettle after thirty days, please?"]
    messages = [Message({TEXT: text}) for text in texts]
    featurise(messages)
    for text, message in zip(texts, messages, strict=True):
        given = message.get_dense_features(TEXT)[1].features
        assert given.shape == (1, 384)
        assert np.allclose(given[0], load_encoder().encode_one(text), atol=1e-5)


def that_training_data_is_featurised_in_one_pass_and_alike() -> None:
    examples = [Message({TEXT: f"it came {n} days ago", "intent": "inform"}) for n in range(40)]
    featurizer = new_featurizer()
    featurizer.process_training_data(TrainingData(examples))
    alone = Message({TEXT: examples[7].get(TEXT)})
    featurizer.process([alone])
    batched, single = (one.get_dense_features(TEXT)[1].features for one in (examples[7], alone))
    assert np.allclose(batched, single, atol=1e-5)


def that_a_message_without_text_is_left_alone() -> None:
    messages = [Message({}), Message({TEXT: ""})]
    featurise(messages)
    assert not any(message.features for message in messages)


def that_other_weights_would_train_anew() -> None:
    assert SentenceEncoderFeaturizer.fingerprint_addon({}) == load_encoder().fingerprint


def trained(folder: Path) -> tuple[LocalModelStorage, Resource, SpeechActClassifier]:
    said = {"greet": ["hello", "hi there", "good morning", "hey"], "deny": ["no", "no thanks", "not really", "nope"]}
    examples = [Message({TEXT: text, "intent": act}) for act, texts in said.items() for text in texts]
    featurise(examples)
    storage, resource = LocalModelStorage.create(folder), Resource("classifier")
    classifier = SpeechActClassifier.create(SpeechActClassifier.get_default_config(), storage, resource, CONTEXT)
    classifier.train(TrainingData(examples))
    return storage, resource, classifier


def new_featurizer() -> SentenceEncoderFeaturizer:
    return SentenceEncoderFeaturizer.create(SentenceEncoderFeaturizer.get_default_config(), None, None, CONTEXT)


def featurise(messages: list[Message]) -> None:
    new_featurizer().process(messages)


def named(classifier: SpeechActClassifier, text: str) -> Message:
    message = Message({TEXT: text})
    featurise([message])
    return classifier.process([message])[0]


def that_the_classifier_names_acts_in_plain_json() -> None:
    with tempfile.TemporaryDirectory() as folder:
        message = named(trained(Path(folder))[2], "good evening")
    assert message.get("intent")["name"] == "greet"
    ranking = json.loads(json.dumps(message.get("intent_ranking")))
    assert [one["name"] for one in ranking] == ["greet", "deny"]
    assert abs(sum(one["confidence"] for one in ranking) - 1) < 1e-6


def that_a_loaded_classifier_answers_as_the_trained_one() -> None:
    with tempfile.TemporaryDirectory() as folder:
        storage, resource, classifier = trained(Path(folder))
        loaded = SpeechActClassifier.load(SpeechActClassifier.get_default_config(), storage, resource, CONTEXT)
        ours, theirs = (named(one, "nah, leave it").get("intent_ranking") for one in (classifier, loaded))
    assert ours == theirs


def that_a_model_with_foreign_code_is_refused() -> None:
    with tempfile.TemporaryDirectory() as folder:
        storage, resource, _ = trained(Path(folder))
        with storage.write_to(resource) as place:
            skops.io.dump((CountVectorizer(analyzer=Path.unlink), None), place / "speech_acts.skops")
        settings = SpeechActClassifier.get_default_config()
        assert "unlink" in failure(RasaException, SpeechActClassifier.load, settings, storage, resource, CONTEXT)


def that_a_tracker_is_handed_out_once() -> None:
    async def story() -> None:
        store = OneTurnStore(Domain.empty())
        tracker = DialogueStateTracker.from_events("c/m", [])
        await store.save(tracker)
        assert list(await store.keys()) == ["c/m"]
        assert await store.retrieve("c/m") is tracker
        assert await store.retrieve("c/m") is None
        assert not list(await store.keys())

    asyncio.run(story())


def that_the_settings_room_serves_this_environment_too() -> None:
    token, folder = "PLAINLY_INTERNAL_TOKEN", "PLAINLY_MODEL_DIR"
    with tempfile.TemporaryDirectory() as empty, mock.patch.dict(os.environ, {token: " a secret ", folder: empty}):
        assert PlainlyInput.from_credentials(None)._token == b"a secret"
        assert f"The sentence model folder {empty} has no config.json" in failure(EncoderError, new_featurizer)


def that_without_a_token_only_this_machine_may_ask() -> None:
    channel = PlainlyInput("")
    for ip in ("127.0.0.1", "::1"):
        neighbour: Any = SimpleNamespace(ip=ip, headers={})
        channel._check_caller(neighbour)
    for ip in ("10.0.0.7", "::ffff:10.0.0.7", "192.168.1.1", "", "unknown"):
        stranger: Any = SimpleNamespace(ip=ip, headers={"x-forwarded-for": "127.0.0.1"})
        assert "only this machine" in failure(Refusal, channel._check_caller, stranger)


def main() -> None:
    logging.disable(logging.CRITICAL)
    results = {}
    for name, test in [(name, test) for name, test in globals().items() if name.startswith("that_")]:
        try:
            test()
            results[name] = ""
        except Exception:  # noqa: BLE001  each failure is told by its own test
            results[name] = traceback.format_exc()
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
