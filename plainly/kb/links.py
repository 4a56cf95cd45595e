"""What a link may point at. Nothing is fetched."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from plainly.kb.problems import Problems
from plainly.model import Place

_PHONE = re.compile(r"\+?[\d ()-]{3,24}", re.ASCII)
_PATH = re.compile(r"/[\w~.%/-]*(?:\?[\w~.%/&=-]*)?(?:#[\w~.%-]*)?", re.ASCII)
_ADDRESS = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[a-z]{2,}", re.ASCII | re.IGNORECASE)
# Bounded, so that a text made to be slow is not.
_MARKDOWN = re.compile(r"\[([^\[\]\n]{0,300})\]\(([^()\s]{0,500})(?:\s[^()\n]{0,100})?\)")


def check_target(target: str, kind: str, place: Place, problems: Problems) -> None:
    """Notes a target that cannot be one: a page path, an https address, an e-mail address or a number."""
    if kind == "phone":
        if not _PHONE.fullmatch(target):
            message = f'"{target}" is not a phone number.'
            problems.error(place, "bad_path", message, "Use figures and spaces, such as 0113 496 0120.")
    elif not is_target(target):
        message = f'"{target}" is not a link that can be followed.'
        fix = "Use a page of the website (/help/packing), an address (https://...), or mailto:name@example.org."
        problems.error(place, "bad_path", message, fix)


def is_target(target: str) -> bool:
    """True for a page path, an http(s) address, and mailto: or tel:."""
    if target.startswith("/"):
        return bool(_PATH.fullmatch(target)) and "//" not in target and "/../" not in f"{target}/"
    if target.startswith("mailto:"):
        return bool(_ADDRESS.fullmatch(target.removeprefix("mailto:")))
    if target.startswith("tel:"):
        return bool(_PHONE.fullmatch(target.removeprefix("tel:")))
    return _is_web(target)


def _is_web(target: str) -> bool:
    try:
        parts = urlsplit(target)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and "." in host and not re.search(r"[\s<>\"\\]", target)


def markdown_targets(text: str) -> tuple[tuple[str, int], ...]:
    """The targets of the links in a Markdown text, each with its offset."""
    return tuple((match[2], match.start(2)) for match in _MARKDOWN.finditer(text))


def markdown_links(text: str) -> tuple[tuple[str, str], ...]:
    """The links in a Markdown text, as words and target.

    >>> markdown_links("See [how to pack](/help/packing).")
    (('how to pack', '/help/packing'),)
    """
    return tuple((match[1], match[2]) for match in _MARKDOWN.finditer(text))
