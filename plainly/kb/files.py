"""Reads the files of a policy folder safely: plain, small, UTF-8, inside the folder."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from plainly.kb.problems import Problems, did_you_mean
from plainly.model import Place

LARGEST = 1_000_000
"""Bytes a file may have."""

NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", re.ASCII)
ROOT_FILES = ("business.yml", "facts.yml", "glossary.yml", "pages.yml")
POLICY_FILES = ("policy.md", "rules.yml", "examples.yml", "history.yml", "asked.yml")
_READ = (".yml", ".yaml", ".md", ".json")
_FOR_PEOPLE = ("readme", "todo")
# Control characters, line ends of other kinds, and marks that turn the reading direction around.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Source:
    """One file's text. `path` is relative to the policy folder, with forward slashes."""

    path: str
    text: str


@dataclass(frozen=True)
class PolicyFiles:
    """The files of one policy folder: the fixed ones by name, and the wording files."""

    id: str
    named: dict[str, Source]
    wording: tuple[Source, ...]

    def all(self) -> tuple[Source, ...]:
        """Every file, in a fixed order."""
        return (*(self.named[name] for name in POLICY_FILES if name in self.named), *self.wording)


@dataclass(frozen=True)
class FolderFiles:
    """All files of the policy folder that can be read."""

    root: dict[str, Source]
    policies: tuple[PolicyFiles, ...]


def read_folder(folder: Path, problems: Problems) -> FolderFiles | None:
    """Every file that belongs to the policies; None when there is no folder."""
    try:
        base = folder.resolve(strict=True)
        entries = sorted(base.iterdir(), key=lambda entry: entry.name)
    except (OSError, RuntimeError):
        message = f'The policy folder "{folder}" is not there, or is not a folder that can be read.'
        problems.error(Place(""), "no_folder", message, "Name a folder with --kb, or set PLAINLY_KB.")
        return None
    return _Reader(base, problems).read(entries)


class _Reader:
    def __init__(self, base: Path, problems: Problems) -> None:
        self.base = base
        self.problems = problems

    def read(self, entries: list[Path]) -> FolderFiles:
        entries = [entry for entry in entries if not _is_private(entry)]
        root = self.named([entry for entry in entries if not entry.is_dir()], ROOT_FILES)
        policies = [self.policy(entry) for entry in entries if entry.is_dir() and self.is_inside(entry)]
        if "business.yml" not in root and not (self.base / "business.yml").exists():
            message = "There is no business.yml in the policy folder."
            self.problems.error(
                Place("business.yml"), "missing_file", message, "Add one; docs/policy-format.md has it."
            )
        if not policies:
            message = "There is no policy in the policy folder."
            self.problems.error(Place(""), "missing_file", message, "Add a folder with a policy.md in it.")
        return FolderFiles(root, tuple(policy for policy in policies if policy.named.get("policy.md")))

    def policy(self, folder: Path) -> PolicyFiles:
        files, folders = self.inside(folder)
        if not NAME.fullmatch(folder.name):
            message = f'"{folder.name}" cannot be the name of a policy.'
            fix = "Use lower-case words joined by _, such as gift_cards."
            self.problems.error(Place(folder.name), "bad_name", message, fix)
        if not any(entry.name == "policy.md" for entry in files):
            message = f'The folder "{folder.name}" has no policy.md.'
            fix = "Add policy.md, or start the folder's name with a dot so that it is not read."
            self.problems.error(Place(f"{folder.name}/policy.md"), "missing_file", message, fix)
        wording: tuple[Source, ...] = ()
        for entry in folders:
            if entry.name == "wording":
                wording = self.wording(entry)
            else:
                message = f'Nothing reads the folder "{entry.name}".'
                fix = did_you_mean(entry.name, ["wording"], "Move it out of the policy folder.")
                self.problems.error(Place(self.relative(entry)), "unknown_file", message, fix)
        return PolicyFiles(folder.name, self.named(files, POLICY_FILES), wording)

    def inside(self, folder: Path) -> tuple[list[Path], list[Path]]:
        """The files and folders in a folder."""
        try:
            entries = sorted((e for e in folder.iterdir() if not _is_private(e)), key=lambda entry: entry.name)
        except OSError:
            message = f'The folder "{self.relative(folder)}" cannot be read.'
            self.problems.error(Place(self.relative(folder)), "unreadable_file", message, "Check its permissions.")
            return [], []
        return [e for e in entries if not e.is_dir()], [e for e in entries if e.is_dir() and self.is_inside(e)]

    def named(self, files: list[Path], known: tuple[str, ...]) -> dict[str, Source]:
        found = {}
        for file in files:
            if file.name in known:
                source = self.source(file)
                if source is not None:
                    found[file.name] = source
            elif file.suffix.lower() in _READ and file.stem.lower() not in _FOR_PEOPLE:
                message = f'Nothing reads a file called "{file.name}" here.'
                fix = did_you_mean(file.name, known)
                self.problems.error(Place(self.relative(file)), "unknown_file", message, fix)
        return found

    def wording(self, folder: Path) -> tuple[Source, ...]:
        files, folders = self.inside(folder)
        for entry in (*folders, *(f for f in files if f.suffix != ".md")):
            message = f'Nothing reads "{entry.name}" here.'
            fix = "Name wording files <decision>.<outcome>.md."
            self.problems.error(Place(self.relative(entry)), "unknown_file", message, fix)
        sources = [self.source(file) for file in files if file.suffix == ".md"]
        return tuple(source for source in sources if source is not None)

    def relative(self, path: Path) -> str:
        name = path.relative_to(self.base).as_posix()
        return name.encode("utf-8", "replace").decode("utf-8")

    def is_inside(self, path: Path) -> bool:
        """True when a path stays in the folder after following links."""
        try:
            inside = path.resolve().is_relative_to(self.base)
        except (OSError, RuntimeError):
            inside = False
        if not inside:
            message = f'"{self.relative(path)}" leads out of the policy folder.'
            fix = "Copy the file into the folder instead of linking to it."
            self.problems.error(Place(self.relative(path)), "outside_folder", message, fix)
        return inside

    def source(self, file: Path) -> Source | None:
        """The text of one file, when it may be read."""
        path = self.relative(file)
        if not self.is_inside(file):
            return None
        try:
            data = _bytes(file)
        except OSError as error:
            message = f"The file cannot be read: {error.strerror or 'it is not a plain file'}."
            self.problems.error(
                Place(path), "unreadable_file", message, "Check that it is a file, and its permissions."
            )
            return None
        if data is None:
            message = f"The file is larger than {LARGEST // 1_000_000} MB."
            fix = "Policies are words; keep pictures and data elsewhere and link to them."
            self.problems.error(Place(path), "too_large", message, fix)
            return None
        return self.decoded(path, data)

    def decoded(self, path: str, data: bytes) -> Source | None:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            place = _place_of_byte(path, data, error.start)
            message = f"The file is not UTF-8: byte {data[error.start]:#04x} does not belong there."
            self.problems.error(place, "not_utf8", message, "Save the file as UTF-8 in your editor.")
            return None
        self.problems.lines[path] = tuple(text.split("\n"))
        if not self.is_clean(path, text):
            return None
        if not text.strip():
            self.problems.error(Place(path), "empty_file", "The file is empty.", "Write something in it, or remove it.")
            return None
        return Source(path, text)

    def is_clean(self, path: str, text: str) -> bool:
        """True when the text has no byte order mark, Windows line ends, tabs or hidden characters."""
        before = len(self.problems.found)
        if text.startswith("\ufeff"):
            message = "The file starts with a byte order mark (BOM)."
            fix = 'Save it as "UTF-8", not "UTF-8 with BOM".'
            self.problems.error(Place(path), "byte_order_mark", message, fix)
            text = text.removeprefix("\ufeff")
        if "\r" in text:
            message = "The file has Windows line ends (CRLF)."
            fix = "Convert it: dos2unix FILE, or choose LF in your editor."
            self.problems.error(_place_of(path, text, text.index("\r")), "carriage_return", message, fix)
        if "\t" in text:
            place = _place_of(path, text, text.index("\t"))
            self.problems.error(place, "tab", "There is a tab here.", "Use spaces; your editor can convert tabs.")
        hidden = _HIDDEN.search(text.replace("\r", " "))
        if hidden:
            message = f"There is a character here that cannot be seen (U+{ord(hidden[0]):04X})."
            self.problems.error(_place_of(path, text, hidden.start()), "bad_character", message, "Delete it.")
        return len(self.problems.found) == before


def _bytes(file: Path) -> bytes | None:
    """The file's bytes; None when there are too many. Opens without waiting, so that a pipe cannot hang it."""
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
    with open(handle, "rb") as stream:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError
        if status.st_size > LARGEST:
            return None
        data = stream.read(LARGEST + 1)
    return data if len(data) <= LARGEST else None


def _place_of(path: str, text: str, offset: int) -> Place:
    before = text[:offset]
    return Place(path, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def _place_of_byte(path: str, data: bytes, offset: int) -> Place:
    before = data[:offset]
    return Place(path, before.count(b"\n") + 1, offset - (before.rfind(b"\n") + 1) + 1)


def _is_private(path: Path) -> bool:
    return path.name.startswith((".", "__")) or path.name.endswith("~")
