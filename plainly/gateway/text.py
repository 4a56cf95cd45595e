"""Makes a customer's text safe to keep and to show, without changing what it says."""

from __future__ import annotations

import re
import unicodedata

from plainly.errors import PlainlyError

MOST_CHARACTERS = 4_000

_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_OPENS_EMBEDDING = "\u202a\u202b\u202d\u202e"
_OPENS_ISOLATE = "\u2066\u2067\u2068"
_END_EMBEDDING = "\u202c"
_END_ISOLATE = "\u2069"


def clean_text(text: str) -> str:
    """The text in NFC, without control characters, its direction marks closed.

    Raises PlainlyError `empty_message` or `message_too_long`.
    """
    text = _LONE_SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", _NOT_TEXT.sub("", text)).strip()
    if not _has_content(text):
        raise PlainlyError("empty_message", "The message is empty.")
    if len(text) > MOST_CHARACTERS:
        data = {"length": len(text), "most": MOST_CHARACTERS}
        raise PlainlyError("message_too_long", "The message is too long.", data)
    return close_directions(text)


def close_directions(text: str) -> str:
    """Every paragraph ends the embeddings and isolates it opened, so that they turn nothing else round."""
    return "\n".join(_close(line) for line in text.split("\n"))


def _has_content(text: str) -> bool:
    return any(unicodedata.category(letter) not in ("Zs", "Zl", "Zp", "Cf", "Cc", "Mn", "Cn") for letter in text)


def _close(line: str) -> str:
    still_open: list[str] = []
    for letter in line:
        if letter in _OPENS_EMBEDDING:
            still_open.append(_END_EMBEDDING)
        elif letter in _OPENS_ISOLATE:
            still_open.append(_END_ISOLATE)
        elif still_open and letter == still_open[-1]:
            still_open.pop()
        elif letter == _END_ISOLATE and _END_ISOLATE in still_open:
            del still_open[len(still_open) - 1 - still_open[::-1].index(_END_ISOLATE) :]
    return line + "".join(reversed(still_open))
