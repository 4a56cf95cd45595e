"""Reads a Word document by its styles: headings, lists, tables and links; deleted words of tracked changes stay out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from dataclasses import replace

import mammoth

from plainly.errors import PlainlyError
from plainly.importing.document import Document, Item, Note
from plainly.importing.from_html import read_html

_UNPACKED = 100_000_000
"""Bytes a document may unpack to."""
_STYLES = "\n".join(
    [
        "p[style-name='Title'] => h1:fresh",
        "p[style-name='Subtitle'] => p:fresh",
        *(
            f"p[style-name='{word} {level}'] => h{min(level + 1, 6)}:fresh"
            for word in ("Heading", "heading")
            for level in range(1, 10)
        ),
    ]
)


def read_word(data: bytes, name: str, pages: Collection[str] = ()) -> Document:
    """The document in a .docx file."""
    notes = _open(data, name)
    try:
        html = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(lambda _image: {"src": ""}),
        ).value
    except Exception as wrong:  # whatever a broken file makes the library raise
        raise _broken(name) from wrong
    found = read_html(html, pages)
    if any(isinstance(block, Item) and block.number for block in found.blocks):
        notes.append(Note("list_numbers"))
    return replace(found, notes=(*notes, *found.notes))


def _open(data: bytes, name: str) -> list[Note]:
    """Looks into the package before it is unpacked; notes tracked changes and comments."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
            if sum(info.file_size for info in infos) > _UNPACKED or len(infos) > 5_000:
                message = f"{name} unpacks to more than {_UNPACKED // 1_000_000} MB. Save it without its pictures."
                raise PlainlyError("too_large", message, {"file": name})
            main = package.read("word/document.xml").decode("utf-8", "replace")
            parts = set(package.namelist())
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError, EOFError) as wrong:
        raise _broken(name) from wrong
    if "<!DOCTYPE" in main or "<!ENTITY" in main:
        raise _broken(name)
    notes = [Note("tracked")] if re.search(r"<w:(?:del|ins|moveFrom) ", main) else []
    if "word/comments.xml" in parts:
        notes.append(Note("comments"))
    if any(re.fullmatch(r"word/(?:header|footer)\d*\.xml", part) for part in parts):
        notes.append(Note("page_edges"))
    return notes


def _broken(name: str) -> PlainlyError:
    message = f"{name} cannot be read as a Word document. Open it in Word and save it as .docx once more."
    return PlainlyError("unreadable_file", message, {"file": name})
