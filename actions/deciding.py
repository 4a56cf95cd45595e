"""The customer's own case."""

from __future__ import annotations

from actions.bridge import MoveAction


class Decide(MoveAction):
    """A wish, a fact, a correction, or the answer to a question about a fact."""

    move = "decide"


class OfferAlternatives(MoveAction):
    """What else is there?"""

    move = "offer_alternatives"


class Choose(MoveAction):
    """A pick among things put forward, or yes to an offer."""

    move = "choose"


class KeepGoing(MoveAction):
    """Yes or no with nothing to decide."""

    move = "keep_going"
