"""The one error the channel answers with."""

from __future__ import annotations


class Refusal(Exception):
    """Why there is no reply: an HTTP status, a code for programs, and words for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
