"""The one error every part of Plainly raises when something outside it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class PlainlyError(Exception):
    """What is wrong, where, and what to do, in words a person can act on.

    `code` is for programs and never changes; `message` is for people; `data` names the particulars.
    """

    def __init__(self, code: str, message: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data: Mapping[str, Any] = dict(data or {})

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {self.message!r})"


def error_body(code: str, message: str, details: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An error as it travels, in the one shape all programs get: `{"error": {"code", "message", "details"}}`."""
    return {"error": {"code": code, "message": message, "details": dict(details or {})}}
