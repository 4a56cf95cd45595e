"""Questions about the rules."""

from __future__ import annotations

from actions.bridge import MoveAction


class Answer(MoveAction):
    """A question about a rule, or words the classifier cannot place."""

    move = "answer"


class ExplainWhy(MoveAction):
    """Why is the rule so?"""

    move = "explain_why"


class TellHow(MoveAction):
    """How is it done?"""

    move = "tell_how"


class TellDeadline(MoveAction):
    """By when?"""

    move = "tell_deadline"


class TellChange(MoveAction):
    """What changed, and since when?"""

    move = "tell_change"


class TellMore(MoveAction):
    """Tell me more."""

    move = "tell_more"
