"""The words and sentences of English text, counted the same way on every machine."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
# A colon or semicolon before a capital starts a new unit, as in a list: so do people read it.
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)\]*]*\s+|(?<=[;:])\s+(?=[A-Z])|\n+")
_ABBREVIATION = re.compile(r"\b(e\.g|i\.e|Mr|Mrs|Ms|Dr|St|approx|Ltd|Inc|vs|No(?=\. ?\d))\.")
_CITATION = re.compile(r"\*?\(\[?[A-Z][\w’' ,&-]* \d+(?:\.\d+)*\]?(?:\([^)]*\))?\)\*?")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,600}\)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)[^\s@]{1,64}@[^\s@]{1,255}|(?<!\w)/[\w/.-]+")
_SLOT = re.compile(r"\{[^}]*\}")
_FIGURE = re.compile(r"[£€$]?\d[\d,.:/-]*\d%?|[£€$]?\d%?")
_MARKS = re.compile(r"[*_#>`]+|^\s*(?:[-+]|\d+\.)\s+", re.MULTILINE)


def normalise(text: str) -> str:
    """A text as it is read aloud: no markup and no citations; a figure or a slot counts as a short word."""
    plain = _LINK.sub(r"\1", _CITATION.sub("", text))
    plain = _SLOT.sub("ten", _ADDRESS.sub("link", plain))
    return _FIGURE.sub("ten", _MARKS.sub("", plain))


def words_in(text: str) -> list[str]:
    """The words of a text; a hyphen or an apostrophe joins."""
    return _WORD.findall(text)


def sentences_in(text: str) -> list[str]:
    """The sentences of a text that hold a word; each line of a list is one."""
    plain = _ABBREVIATION.sub(r"\1", text)
    return [part.strip() for part in _SENTENCE.split(plain) if _WORD.search(part)]
