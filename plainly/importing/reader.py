"""Opens a file of any kind we know, safely, and reads it into a `Document`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from plainly.errors import PlainlyError
from plainly.importing.document import Document, Note, words_of
from plainly.importing.from_html import read_html
from plainly.importing.from_markdown import read_markdown
from plainly.importing.from_pdf import read_pdf
from plainly.importing.from_text import read_text
from plainly.importing.from_word import read_word
from plainly.importing.words import visible

LARGEST = 20_000_000
"""Bytes a file may have."""
_TEXTS = (".md", ".markdown", ".html", ".htm", ".txt")
KINDS = (*_TEXTS, ".docx", ".pdf")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENOUGH = 3
"""Words that a policy has at least."""


def read(path: Path, pages: Collection[str] = ()) -> Document:
    """The document in a file. `pages` are the paths of our website that its links may lead to.

    Raises PlainlyError with what is wrong with the file and what to do.
    """
    name = path.name
    suffix = path.suffix.lower()
    data = _bytes(path)
    if data.startswith(_OLD_OFFICE):
        message = (
            f"{name} is an old Word file, or locked with a password. Save it in Word as .docx, without a password."
        )
        raise PlainlyError("old_word_file", message, {"file": name})
    if suffix not in KINDS:
        message = f"{name} is of a kind that cannot be read. Save it as {', '.join(KINDS[:-1])} or {KINDS[-1]}."
        raise PlainlyError("unknown_kind", message, {"file": name})
    _check_kind(data, suffix, name)
    try:
        found = _read(data, suffix, name, pages)
    except RecursionError as wrong:
        message = f"{name} is nested too deeply to be read. Save it as plain text and try that."
        raise PlainlyError("unreadable_file", message, {"file": name}) from wrong
    if len(re.findall(r"\w+", words_of(found.blocks))) < _ENOUGH:
        raise PlainlyError(
            "no_text", f"{name} holds no text of a policy. Look whether it is the right file.", {"file": name}
        )
    return found


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise PlainlyError(
                "no_file", f"There is no file {path}. Look at its name and its place.", {"path": str(path)}
            )
        size = path.stat().st_size
        if size > LARGEST:
            message = f"{path.name} is larger than {LARGEST // 1_000_000} MB. Save the words without their pictures."
            raise PlainlyError("too_large", message, {"file": path.name})
        data = path.read_bytes()
    except OSError as wrong:
        message = f"{path.name} cannot be opened: {wrong.strerror}. Check its permissions."
        raise PlainlyError("unreadable_file", message, {"file": path.name}) from wrong
    if not data.strip():
        raise PlainlyError(
            "empty_file", f"{path.name} is empty. Look whether it is the right file.", {"file": path.name}
        )
    return data


def _check_kind(data: bytes, suffix: str, name: str) -> None:
    """The content must be what the name says."""
    is_pdf = b"%PDF-" in data[:1024]
    is_package = data.startswith(b"PK\x03\x04")
    fits = {".pdf": is_pdf, ".docx": is_package}.get(suffix, not is_pdf and not is_package)
    if not fits:
        message = f"{name} is not what its name says: its content is no {suffix} file. Save it anew, or mend its name."
        raise PlainlyError("wrong_kind", message, {"file": name})


def _read(data: bytes, suffix: str, name: str, pages: Collection[str]) -> Document:
    if suffix == ".pdf":
        return read_pdf(data, name)
    if suffix == ".docx":
        return read_word(data, name, pages)
    text, notes = _decoded(data, name)
    if suffix in (".html", ".htm") or re.match(r"\s*(?:<!doctype html|<html)\b", text, re.IGNORECASE):
        found = read_html(text, pages)
    elif suffix != ".txt" or re.search(r"^#{1,6} \S", text, re.MULTILINE):
        found = read_markdown(text, pages)
    else:
        found = read_text(text)
    return replace(found, notes=(*notes, *found.notes))


def _decoded(data: bytes, name: str) -> tuple[str, list[Note]]:
    """The text, and how it was written where it is not UTF-8."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"), (b"", "cp1252")):
        if not data.startswith(mark):
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        unseen = sum(not (letter.isprintable() or letter in "\r\n\t\f\x0b\u00ad") for letter in text[:100_000])
        if "\x00" in text or unseen * 50 > min(len(text), 100_000):
            break
        return visible(text), [] if encoding == "utf-8-sig" else [Note("encoding", {"encoding": encoding})]
    message = f"{name} holds no readable text. Save it anew as plain text in UTF-8."
    raise PlainlyError("not_text", message, {"file": name})
