"""The sentences of the to-do list, and the words by which a document's parts are known."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent / "en"


@cache
def content(name: str) -> dict[str, Any]:
    """A content file by its name, such as "todo"."""
    found: dict[str, Any] = YAML(typ="safe").load(FOLDER / f"{name}.yml")
    return found


@cache
def sign(name: str) -> re.Pattern[str]:
    """A pattern of `en/signs.yml`: its words, joined by "or"."""
    return re.compile("|".join(content("signs")[name]), re.IGNORECASE)
