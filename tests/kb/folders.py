"""Builds policy folders for tests: the small valid one in base/, with edits."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from plainly.check import check
from plainly.kb import load
from plainly.model import KnowledgeBase

HERE = Path(__file__).parent
BASE = HERE / "base"


@dataclass(frozen=True)
class Broken:
    """One deliberately broken folder and what must be said about it.

    `edits` are replacements in files of the base folder, `files` are written, `removes` are taken away.
    """

    name: str
    edits: dict[str, list[dict[str, str]]]
    files: dict[str, str]
    removes: tuple[str, ...]
    says: tuple[str, ...]
    at: str
    code: str
    severity: str = "error"

    def build(self, folder: Path) -> Path:
        """The base folder with this one's edits, in `folder`."""
        copy = copy_of_base(folder)
        for path, content in self.files.items():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_bytes(content.encode())
        for path, edits in self.edits.items():
            text = (copy / path).read_text(encoding="utf-8")
            for edit in edits:
                assert edit["from"] in text, f"{self.name}: {path} has no {edit['from']!r}"
                text = text.replace(edit["from"], edit["to"], 1)
            (copy / path).write_bytes(text.encode())
        for path in self.removes:
            (copy / path).unlink()
        return copy


def copy_of_base(folder: Path) -> Path:
    """A fresh copy of the valid folder."""
    return Path(shutil.copytree(BASE, folder / "policies"))


def sound(kb: Path) -> KnowledgeBase:
    """The folder, once the checker has found no error in it."""
    report = check(kb, date(2026, 11, 21))
    assert report.ok, [str(problem) for problem in report.problems if problem.severity == "error"]
    found = load(kb).kb
    assert found is not None
    return found


def broken_folders(folder: Path = HERE / "broken") -> list[Broken]:
    """Every broken folder described in a folder of files."""
    return [_read(path) for path in sorted(folder.glob("*.yml"))]


def _read(path: Path) -> Broken:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Broken(
        name=path.stem,
        edits=data.get("edits", {}),
        files=data.get("files", {}),
        removes=tuple(data.get("removes", ())),
        says=tuple(data["says"]),
        at=data["at"],
        code=data["code"],
        severity=data.get("severity", "error"),
    )
