"""docs/checking.md tells every problem, and every problem has a folder that shows it."""

from __future__ import annotations

import re
from pathlib import Path

from plainly.kb.codes import CODES
from tests.kb.folders import broken_folders

ROOT = Path(__file__).parents[2]
SHOWN_ELSEWHERE = {
    "no_folder": "tests/kb/test_broken_folders.py",
    "too_large": "tests/kb/test_broken_folders.py",
    "not_utf8": "tests/kb/test_broken_folders.py",
    "outside_folder": "tests/kb/test_broken_folders.py",
    "unreadable_file": "tests/kb/test_broken_folders.py",
    "cannot_prove": "tests/check/test_tables.py",
}


def test_that_the_page_tells_every_problem_and_no_other() -> None:
    page = (ROOT / "docs" / "checking.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE))
    assert told == dict(CODES)


def test_that_every_problem_has_a_folder_that_shows_it() -> None:
    shown = {one.code for one in (*broken_folders(), *broken_folders(ROOT / "tests" / "check" / "broken"))}
    assert set(CODES) - shown == set(SHOWN_ELSEWHERE)
    for code, path in SHOWN_ELSEWHERE.items():
        assert f'"{code}"' in (ROOT / path).read_text(encoding="utf-8"), code
