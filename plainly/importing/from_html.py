"""Reads a web page: what it says, without menus, banners, scripts and forms around it. Nothing is run or fetched."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urljoin

import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from bs4.filter import SoupStrainer

from plainly.importing.content import sign
from plainly.importing.document import Block, Document, Heading, Item, Note, Paragraph, Table, words_of
from plainly.importing.from_text import blocks_of_lines, is_entry
from plainly.importing.words import link, literal, short

_HEADINGS = {f"h{level}" for level in range(1, 7)}
_BLOCKS = {
    *("p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "blockquote", "pre", "address", "figure"),
    *("figcaption", "details", "summary", "hr", "center", "hgroup", "form", "fieldset", "legend"),
}
_INLINE = {"a", "b", "strong", "i", "em", "br", "img", "del", "s", "strike", "span", "sup", "sub", "u", "q", "label"}
_NEVER = {
    *("script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas", "video"),
    *("audio", "button", "select", "textarea", "title", "head", "dialog", "map", "applet", "frameset"),
}
_KEPT = {
    "*": {"class", "id", "role", "hidden", "style", "aria-modal"},
    "a": {"href"},
    "img": {"alt"},
    "ol": {"start", "type"},
}
_AROUND = {"nav", "aside", "footer", "header"}
_ROLES = {"navigation", "banner", "contentinfo", "dialog", "alertdialog", "search", "complementary", "menu", "menubar"}
_DEEPEST = 150
"""Tags within tags; pages have a few dozen."""
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def read_html(text: str, pages: Collection[str] = ()) -> Document:
    """The main words of a page. Links to pages of our own are kept when they are among `pages`."""
    head = BeautifulSoup(text, "html.parser", parse_only=SoupStrainer(["title", "base", "link"]))
    clean = nh3.clean(
        text,
        tags=_HEADINGS | _BLOCKS | _INLINE,
        clean_content_tags=_NEVER,
        attributes=_KEPT,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
    )
    if _depth(clean) > _DEEPEST:
        raise RecursionError
    page = BeautifulSoup(clean, "html.parser")
    walker = _Walker(_base(head), pages)
    _leave_out(page, walker.notes)
    main = page.select_one("main, [role=main]")
    if main is None:
        articles = page.find_all("article")
        main = articles[0] if len(articles) == 1 and articles[0].find(list(_HEADINGS)) else page
    assert isinstance(main, Tag)
    walker.walk(main)
    walker.flush()
    title = head.title.get_text() if head.title else ""
    return Document(_title(title), tuple(walker.blocks), tuple(walker.notes))


def _depth(clean: str) -> int:
    """How deep the tags of a cleaned page are nested."""
    depth = deepest = 0
    for closing, name in re.findall(r"<(/?)(\w+)", clean):
        if name not in ("br", "img", "hr"):
            depth += -1 if closing else 1
            deepest = max(deepest, depth)
    return deepest


def _base(head: BeautifulSoup) -> str:
    """The address that relative links start from, when the page tells."""
    for found in (head.find("base", href=True), head.find("link", rel="canonical", href=True)):
        if isinstance(found, Tag) and str(found["href"]).startswith(("https://", "http://")):
            return str(found["href"])
    return ""


def _title(text: str) -> str:
    """The page's own part of a title such as "Returns | Marlow & Finch"."""
    return " ".join(literal(re.split(r"\s+[|–—·»-]\s+", text.strip())[0]).split())


def _leave_out(page: BeautifulSoup, notes: list[Note]) -> None:
    """Takes away what stands around the words or is not shown, and notes what it said."""
    for tag in page.find_all(True):
        if tag.decomposed:
            continue
        kind = _left_out(tag)
        if kind:
            words = " ".join(tag.get_text(" ").split())
            if words:
                notes.append(Note(kind, {"words": short(literal(words))}))
            tag.decompose()


def _left_out(tag: Tag) -> str:
    if tag.name in ("del", "s", "strike"):
        return "struck_out"
    if tag.has_attr("hidden") or _HIDDEN.search(str(tag.get("style", ""))):
        return "hidden_words"
    if tag.name in ("main", "article") or tag.get("role") == "main" or tag.find(["main", "h1"]):
        return ""
    inside = tag.find_parent(["main", "article"])
    if tag.name == "nav" or (tag.name in _AROUND and not inside):
        return "around_page"
    marks = [str(tag.get("id", "")), " ".join(tag.get("class") or [])]
    around = tag.get("role") in _ROLES or tag.has_attr("aria-modal") or any(sign("around").search(one) for one in marks)
    return "around_page" if around else ""


class _Walker:
    """Walks a page and collects its blocks; words wait in `buffer` until their block ends."""

    def __init__(self, base: str, pages: Collection[str]) -> None:
        self.base = base
        self.pages = pages
        self.blocks: list[Block] = []
        self.notes: list[Note] = []
        self.buffer: list[str] = []
        self.item: tuple[int, str] | None = None

    def walk(self, tag: Tag) -> None:
        for child in tag.children:
            if isinstance(child, Tag):
                self._tag(child)
            elif isinstance(child, NavigableString):
                words = literal(str(child))
                self.buffer.append(words if child.find_parent("pre") else re.sub(r"\s+", " ", words))

    def flush(self, *, strong: bool = False) -> None:
        """Ends the block that is being read."""
        text, self.buffer = "".join(self.buffer), []
        for part in re.split(r"\n\s*\n", text):
            lines = (" ".join(line.split()) for line in part.split("\n"))
            words = re.sub(r"\*\*(\s*)\*\*", r"\1", "\n".join(line for line in lines if line))
            if not re.search(r"\w", words):
                continue
            whole = re.fullmatch(r"\*\*([^*]+)\*\*(:?)", words)
            words = f"{whole[1]}{whole[2]}" if whole else words
            if not self.item and "\n" in words and any(is_entry(line) for line in words.split("\n")):
                self.blocks += blocks_of_lines(words.split("\n"))
            elif self.item:
                self.blocks.append(Item(words.replace("\n", " "), *self.item))
                self.item = None
            else:
                self.blocks.append(Paragraph(words, strong=strong or bool(whole)))

    def _tag(self, tag: Tag) -> None:
        name = tag.name
        if name in _HEADINGS:
            self._heading(tag)
        elif name == "table":
            self.flush()
            self._table(tag)
        elif name == "li":
            self._item(tag)
        elif name in _BLOCKS:
            self.flush()
            self.walk(tag)
            self.flush(strong=name in ("dt", "summary"))
        else:
            self._inline(tag)

    def _heading(self, tag: Tag) -> None:
        self.flush()
        words = self._words(tag)
        if re.search(r"\w", words):
            self.blocks.append(Heading(words.replace("**", ""), int(tag.name[1])))

    def _item(self, tag: Tag) -> None:
        self.flush()
        depth = len(tag.find_parents(["ul", "ol"])) - 1
        self.item = (max(depth, 0), _number(tag))
        self.walk(tag)
        self.flush()
        self.item = None

    def _words(self, tag: Tag) -> str:
        """The words of a tag in one line, read apart from the blocks."""
        apart = _Walker(self.base, self.pages)
        apart.walk(tag)
        apart.flush()
        self.notes += apart.notes
        return words_of(apart.blocks)

    def _table(self, tag: Tag) -> None:
        """A table of cells; one that only lays the page out is read as what stands in it."""
        rows = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
        cells = [row.find_all(["td", "th"], recursive=False) for row in rows]
        widest = max((len(row) for row in cells), default=0)
        if widest <= 1 or tag.find([*_HEADINGS, "table"]):
            for row in cells:
                for cell in row:
                    self.walk(cell)
                    self.flush()
            return
        headed = all(cell.name == "th" or _is_bold(cell) for cell in cells[0])
        caption = tag.find("caption", recursive=False)
        if isinstance(caption, Tag):
            self.walk(caption)
            self.flush()
        told = tuple(tuple(self._words(cell) for cell in row) for row in cells)
        self.blocks.append(Table(tuple(row for row in told if any(row)), headed))

    def _inline(self, tag: Tag) -> None:
        if tag.name == "br":
            self.buffer.append("\n")
        elif tag.name == "img":
            self.notes.append(Note("image", {"words": short(literal(str(tag.get("alt", "")))) or "-"}))
        elif tag.name == "a" and tag.get("href") and not tag.find(list(_BLOCKS | _HEADINGS)):
            self._link(tag)
        elif tag.name in ("b", "strong", "i", "em") and not tag.find(list(_BLOCKS | _HEADINGS)):
            self._marked(tag, "**" if tag.name in ("b", "strong") else "*")
        else:
            self.walk(tag)

    def _link(self, tag: Tag) -> None:
        words = self._words(tag)
        if not words or str(tag["href"]).startswith("#"):
            self.buffer.append(words)
            return
        target = urljoin(self.base, str(tag["href"]))
        made = link(words.replace("*", ""), target, self.pages)
        plain = " ".join(tag.get_text().split())
        self.notes.append(
            Note("link_kept" if made else "link_dropped", {"words": short(plain), "target": target[:120]})
        )
        self.buffer.append(f" {made or words} " if str(tag.get_text())[:1].isspace() else made or words)

    def _marked(self, tag: Tag, mark: str) -> None:
        start = len(self.buffer)
        self.walk(tag)
        inside, self.buffer = "".join(self.buffer[start:]), self.buffer[:start]
        words = inside.strip()
        if not words or "*" in words or "\n" in words:
            self.buffer.append(inside)
            return
        lead, _, trail = inside.partition(words)
        self.buffer.append(f"{lead}{mark}{words}{mark}{trail}")


def _is_bold(cell: Tag) -> bool:
    words = "".join(cell.get_text().split())
    return bool(words) and words == "".join("".join(b.get_text().split()) for b in cell.find_all(["b", "strong"]))


def _number(item: Tag) -> str:
    """The number an entry shows, "" where it has a bullet or no plain number."""
    parent = item.parent
    if parent is None or parent.name != "ol" or parent.get("type", "1") != "1":
        return ""
    start = str(parent.get("start", "1"))
    before = len(item.find_previous_siblings("li"))
    return str((int(start) if start.isdecimal() and len(start) < 4 else 1) + before)
