"""Reads Markdown as the page it makes; front matter of its own gives the title alone."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from markdown_it import MarkdownIt

from plainly.importing.document import Document, Note
from plainly.importing.from_html import read_html

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE)


def read_markdown(text: str, pages: Collection[str] = ()) -> Document:
    """The document a Markdown text makes. Raw HTML in it is read as a page's would be."""
    front = _FRONT.match(text)
    body = text[front.end() :] if front else text
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(body)
    found = read_html(html, pages)
    if not front:
        return found
    title = _TITLE.search(front[1])
    left = Note("front_matter", {"words": ", ".join(re.findall(r"^(\w+):", front[1], re.MULTILINE)) or "-"})
    return replace(found, title=title[1] if title else "", notes=(*found.notes, left))
