"""Sentence vectors, kept by content: a changed clause encodes only itself."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
# Several folders may share one cache; past this many (about 60 MB) only the newest folder's are kept.
_MOST_KEPT = 40_000


class Encoder(Protocol):
    """Anything that turns sentences into unit vectors, one row each."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Float32 rows of length 1."""
        ...


def encoded(texts: Sequence[str], encoder: Encoder, cache_dir: Path | None) -> Vectors:
    """A vector for each text, from the cache where it has them. A cache that cannot be read is made anew."""
    keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32] for text in texts]
    path = cache_dir / f"vectors-{_fingerprint(encoder)}.npz" if cache_dir else None
    known = _read(path)
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if new:
        known |= dict(zip(new, encoder.encode(list(new.values())), strict=True))
        if path:
            _write(path, known if len(known) <= _MOST_KEPT else {key: known[key] for key in dict.fromkeys(keys)})
    return np.array([known[key] for key in keys], dtype=np.float32) if keys else np.zeros((0, 1), np.float32)


def _fingerprint(encoder: Encoder) -> str:
    # Vectors of another model are no use.
    return str(getattr(encoder, "fingerprint", "plain"))[:16]


def _read(path: Path | None) -> dict[str, Vectors]:
    if path is None or not path.is_file():
        return {}
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            keys, rows = found["keys"], found["vectors"]
            return dict(zip(keys.tolist(), rows, strict=True)) if rows.dtype == np.float32 else {}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}


def _write(path: Path, vectors: dict[str, Vectors]) -> None:
    """Whole or not at all. A full disk costs time at the next start, not an answer."""
    half = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with half.open("wb") as file:
            np.savez(file, keys=np.array(list(vectors)), vectors=np.array(list(vectors.values())))
        half.replace(path)
    except OSError:
        with suppress(OSError):
            half.unlink()
