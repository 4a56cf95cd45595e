"""Talk that is not about the rules."""

from __future__ import annotations

from actions.bridge import MoveAction


class SmallTalk(MoveAction):
    """A greeting, thanks, a goodbye, or "are you a robot?"."""

    move = "small_talk"


class TakeFeedback(MoveAction):
    """Praise or a suggestion."""

    move = "take_feedback"


class OutOfScope(MoveAction):
    """Nothing to do with the business."""

    move = "out_of_scope"
