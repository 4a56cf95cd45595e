"""The checker behind `plainly check`."""

from plainly.check.checker import Report, check

__all__ = ["Report", "check"]
