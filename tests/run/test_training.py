"""The model is trained when its sources change, and never twice for the same ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from plainly.errors import PlainlyError
from plainly.run import ROOT
from plainly.run.training import MODEL, source_hash, train_if_needed

RASA = ROOT / ".venv-rasa" / "bin" / "python"
CONFIG = """\
recipe: default.v1
language: en
assistant_id: tiny
pipeline: [{name: WhitespaceTokenizer}, {name: KeywordIntentClassifier}]
policies: [{name: RulePolicy}]
"""
DOMAIN = """\
version: "3.1"
intents: [greet, bye]
responses: {utter_hello: [{text: hello}]}
"""
NLU = """\
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
- intent: bye
  examples: |
    - so long
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_hello}]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "config.yml").write_text(CONFIG)
    (tmp_path / "domain.yml").write_text(DOMAIN)
    (tmp_path / "data" / "nlu.yml").write_text(NLU)
    return tmp_path


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_that_a_model_is_trained_once_and_a_broken_training_keeps_it(project: Path) -> None:
    said: list[str] = []
    model = train_if_needed(project, rasa_python=RASA, report=said.append)
    assert model == project / MODEL
    first = model.stat()
    assert said[0].startswith("Training the Rasa model")
    said.clear()
    assert train_if_needed(project, rasa_python=RASA, report=said.append) == model
    assert said == []
    assert model.stat().st_mtime_ns == first.st_mtime_ns
    (project / "config.yml").write_text(CONFIG.replace("WhitespaceTokenizer", "NoSuchTokenizer"))
    with pytest.raises(PlainlyError, match=r"(?s)could not be trained.*NoSuchTokenizer"):
        train_if_needed(project, rasa_python=RASA, report=said.append)
    assert model.stat().st_mtime_ns == first.st_mtime_ns


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "data/nlu.yml", "rasa_parts/channel.py"])
def test_that_a_change_in_any_source_calls_for_training(project: Path, name: str) -> None:
    before = source_hash(project)
    path = project / name
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + "# changed\n")
    assert source_hash(project) != before


def test_that_another_sentence_model_calls_for_training(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = source_hash(project)
    monkeypatch.setenv("PLAINLY_MODEL_DIR", str(project))
    assert source_hash(project) != before


def test_that_compiled_files_do_not_call_for_training(project: Path) -> None:
    before = source_hash(project)
    cache = project / "rasa_parts" / "__pycache__"
    cache.mkdir(parents=True)
    (cache / "channel.cpython-310.pyc").write_bytes(b"\0")
    assert source_hash(project) == before


def test_that_missing_sources_are_named(tmp_path: Path) -> None:
    with pytest.raises(PlainlyError, match=r"config\.yml, domain\.yml, data missing"):
        train_if_needed(tmp_path, rasa_python=RASA)


def test_that_a_missing_rasa_points_to_setup(project: Path) -> None:
    with pytest.raises(PlainlyError, match="Run `make setup`"):
        train_if_needed(project)
