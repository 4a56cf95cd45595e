"""When the answer does not please."""

from __future__ import annotations

from actions.bridge import MoveAction


class Soften(MoveAction):
    """Pushback: the decision stays, the offer grows."""

    move = "soften"


class ConsiderException(MoveAction):
    """A request for an exception."""

    move = "consider_exception"


class TakeComplaint(MoveAction):
    """A complaint about us."""

    move = "take_complaint"
