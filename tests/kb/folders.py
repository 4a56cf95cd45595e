"""Builds policy folders for tests: the small valid one in base/, with edits."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

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
