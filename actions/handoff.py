"""Bringing in a person."""

from __future__ import annotations

from actions.bridge import MoveAction


class HandOver(MoveAction):
    """A wish for a person, yes to one, or how to reach the customer."""

    move = "hand_over"
