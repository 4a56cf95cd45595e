"""Whatever is in the folder, loading gives problems or a knowledge base and never fails."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from plainly.kb import load
from tests.kb.folders import BASE, copy_of_base

FILES = sorted(path.relative_to(BASE).as_posix() for path in BASE.rglob("*") if path.is_file())
PIECES = [
    "{", "}", "[", "]", ":", "-", "#", '"', "'", "|", ">", "&a", "*a", "!!", "%", "?", "$", "{x}", "null", "~",
    "2026-99-99", "-1", "1e999", "@", "not:", "any:", "<<:", ".", "when", "---", "\\u0000",
]  # fmt: skip
BYTES = [
    *(piece.encode() for piece in PIECES),
    b": ",
    b"\n",
    b"  ",
    b"\xff",
    b"\xf0\x9f\x92\xa9",
    b"\x00",
    b"\t",
    b"\r\n",
]


def mutate(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few pieces cut, doubled, swapped or put in."""
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(data) + 1), chance.choice([0, 1, 3, 20, 200])
        piece = chance.choice([b"", chance.choice(BYTES), data[at : at + length] * 2, chance.randbytes(3)])
        data = data[:at] + piece + data[at + length :]
    return data


def drop_lines(data: bytes, chance: random.Random) -> bytes:
    """The bytes without some lines, or with two lines swapped: still nearly valid."""
    lines = data.split(b"\n")
    for _ in range(chance.randint(1, 3)):
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        if chance.random() < 0.5:
            lines[one] = b""
        else:
            lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


@pytest.mark.parametrize("seed", range(12))
def test_that_a_mutated_folder_is_loaded_or_refused(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    folder = copy_of_base(tmp_path)
    for _ in range(40):
        name = chance.choice(FILES)
        original = (folder / name).read_bytes()
        (folder / name).write_bytes(chance.choice([mutate, drop_lines])(original, chance))
        loaded = load(folder)
        refused = any(problem.severity == "error" for problem in loaded.problems)
        assert (loaded.kb is None) == refused
        assert all(problem.place.line >= 1 and problem.place.column >= 1 for problem in loaded.problems)
        assert all(problem.render() for problem in loaded.problems)
        (folder / name).write_bytes(original)


@pytest.mark.parametrize("name", FILES)
def test_that_random_bytes_are_refused(name: str, tmp_path: Path) -> None:
    chance = random.Random(name)
    folder = copy_of_base(tmp_path)
    for size in (0, 1, 7, 300):
        (folder / name).write_bytes(chance.randbytes(size))
        assert any(problem.place.path == name for problem in load(folder).problems)
