"""Words as the policy format can hold them: no hidden characters, and no markup that was meant as words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import quote

from plainly.kb.links import is_target

_LIGATURES = {ord(letter): unicodedata.normalize("NFKC", letter) for letter in "ﬀﬁﬂﬃﬄﬅﬆ"}
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ue000-\uf8ff]"
)
_TAG = re.compile(r"<(?=[a-zA-Z/!])([^<>\n]*)(>?)")
_LONGEST_LINK = 400


def visible(text: str) -> str:
    """The text without characters nobody sees; every kind of space is a plain one, every line end is one."""
    text = re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c]", "\n", text)
    text = re.sub(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]", " ", text)
    return _UNSEEN.sub("", text.translate(_LIGATURES))


def literal(text: str) -> str:
    """Words that look like markup, written so that they stay words.

    >>> literal("Write to <help@shop.example> [now](soon)")
    'Write to ‹help@shop.example› [now] (soon)'
    """
    text = _TAG.sub(lambda found: f"‹{found[1]}{'›' if found[2] else ''}", visible(text))
    return text.replace("](", "] (").replace("![", "! [")


def safe_line(line: str) -> str:
    """A line of a clause that is read as words, whatever it begins with.

    >>> safe_line("# 1 reason")
    '\\\\# 1 reason'
    """
    start = line.lstrip()
    if start.startswith(("#", ">", "```", "~~~", "|", "---", "===", "+ ")) or re.match(r"[-*•] |\d+[.)] ", start):
        mark = 0 if not start[0].isdigit() else len(re.match(r"\d+", start)[0])  # type: ignore[index]
        return f"{start[:mark]}\\{start[mark:]}"
    return line


def link(words: str, target: str, pages: Collection[str]) -> str | None:
    """A link as Markdown; None when it leads nowhere the policy's readers could go."""
    target = quote(target.strip(), safe="/:?#[]@!$&'*+,;=%~._-")
    page = target.partition("#")[0].partition("?")[0]
    known = is_target(target) and (not target.startswith("/") or page in pages)
    plain = words.strip().replace("[", "(").replace("]", ")")
    return f"[{plain}]({target})" if known and plain and len(target) + len(plain) <= _LONGEST_LINK else None


def short(text: str, most: int = 8) -> str:
    """The first words of a text, for naming it."""
    words = text.split()
    return " ".join(words[:most]) + (" ..." if len(words) > most else "")
