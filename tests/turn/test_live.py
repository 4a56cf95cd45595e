"""A folder that breaks while it is served: the version before stays, and somebody hears of it, once."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from plainly.turn import LiveEngine

BASE = Path(__file__).parents[1] / "kb" / "base"


def test_that_a_refused_folder_is_logged_once_and_the_one_before_serves(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "kb"
    shutil.copytree(BASE, folder)
    live = LiveEngine(folder, tmp_path / "cache")
    before = live.current()
    rules = folder / "lending" / "rules.yml"
    right = rules.read_text(encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        rules.write_text(f"{right}\nnonsense: 1\n", encoding="utf-8")
        assert [live.refresh(), live.refresh(), live.refresh()] == [False, False, False]
    assert live.current() is before
    assert live.problem
    (told,) = [record.getMessage() for record in caplog.records]
    assert "is refused; the version before is in use" in told
    assert "rules.yml" in told
    rules.write_text(right, encoding="utf-8")
    assert live.refresh()
    assert live.problem is None
