"""Documents become draft policies: readers for each kind of file, one neutral document, policy text and to-do list."""

from plainly.importing.drafting import Draft, drafts
from plainly.importing.reader import KINDS, read
from plainly.importing.todo import begun_text, summary, todo_text

__all__ = ["KINDS", "Draft", "begun_text", "drafts", "read", "summary", "todo_text"]
