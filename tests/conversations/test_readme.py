"""README shows a conversation word for word; here it is held again."""

from __future__ import annotations

import pytest

from plainly.run.stack import Stack
from tests.conversations.readme import played, shown


@pytest.mark.stack
def test_that_readme_shows_the_conversation_word_for_word(stack: Stack) -> None:
    assert played(stack.url) == shown(), "refresh it: .venv/bin/python -m tests.conversations.readme --write"
