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
    """One deliberately broken folder and what must be said about it."""

    name: str
    edits: dict[str, list[dict[str, str]]]
    files: dict[str, str]
    removes: tuple[str, ...]
    says: tuple[str, ...]
    at: str
    code: str

    def build(self, folder: Path) -> Path:
        """The base folder with this one's edits, in `folder`."""
        copy = copy_of_base(folder)
        for path, content in self.files.items():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_bytes(content.encode())
        for path, edits in self.edits.items():
            text = (copy / path).read_text(encoding="utf-8")
            for edit in edits:
                assert text.count(edit["from"]) >= 1, f"{self.name}: {path} has no {edit['from']!r}"
                text = text.replace(edit["from"], edit["to"], 1)
            (copy / path).write_bytes(text.encode())
        for path in self.removes:
            target = copy / path
            shutil.rmtree(target) if target.is_dir() else target.unlink()
        return copy


def copy_of_base(folder: Path) -> Path:
    """A fresh copy of the valid folder."""
    return Path(shutil.copytree(BASE, folder / "policies"))


def broken_folders() -> list[Broken]:
    """Every folder described in broken/*.yml."""
    return [_read(path) for path in sorted((HERE / "broken").glob("*.yml"))]


def _read(path: Path) -> Broken:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Broken(
        path.stem,
        data.get("edits", {}),
        data.get("files", {}),
        tuple(data.get("removes", ())),
        tuple(data["says"]),
        data["at"],
        data["code"],
    )
