"""From a message to facts, feelings, wishes and questions: no model, only words and rules kept in content files."""

from plainly.understand.listen import understand

__all__ = ["understand"]
