"""From a folder on disk to an engine that answers."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from encoder import SentenceEncoder
from plainly.errors import PlainlyError
from plainly.kb import load
from plainly.retrieve import Index
from plainly.turn.engine import Engine


class FolderError(PlainlyError):
    """The policy folder has errors; `data["problems"]` holds them as text."""


@cache
def _encoder(folder: str | None) -> SentenceEncoder:
    return SentenceEncoder(Path(folder) if folder else None)


def open_engine(folder: Path, cache_dir: Path | None = None, model: Path | None = None) -> Engine:
    """An engine for a policy folder; raises FolderError when the folder has errors.

    `cache_dir` keeps sentence vectors by content, so that a changed clause encodes only itself.
    """
    loaded = load(folder)
    errors = [str(problem) for problem in loaded.problems if problem.severity == "error"]
    if loaded.kb is None or errors:
        raise FolderError(
            "broken_folder", f"{folder} has {len(errors)} errors. The first: {errors[0]}", {"problems": errors}
        )
    encoder = _encoder(str(model) if model else None)
    return Engine(loaded.kb, Index.build(loaded.kb, encoder, cache_dir), encoder, cache_dir)
