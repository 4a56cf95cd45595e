"""What a public policy page tells: it is read on any day."""

from __future__ import annotations

import re

from plainly.gateway.explained import told_examples
from plainly.turn import Engine


def test_that_worked_examples_tell_no_distance_from_their_own_day(engine: Engine) -> None:
    told = [one.text for policy in engine.kb.policies.values() for one in told_examples(engine.kb, policy)]
    assert any("so by 21 November for yours" in text for text in told)
    assert [text for text in told if re.search(r"\((today|tomorrow|in \d+ days)\)", text)] == []
