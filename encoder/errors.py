"""What can go wrong with the sentence model, said so that an operator can mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class EncoderError(Exception):
    """The sentence model cannot be used: what is wrong, where, and what to do.

    Carries the same three things as Plainly's own errors, so an edge may pass it on unchanged.
    """

    def __init__(self, code: str, message: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data: Mapping[str, Any] = dict(data or {})
