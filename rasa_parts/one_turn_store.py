"""A tracker store for a dialogue that remembers nothing between turns."""

from __future__ import annotations

from collections.abc import Iterable

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.trackers import DialogueStateTracker


class OneTurnStore(TrackerStore):
    """Hands each saved tracker out once and forgets it.

    The dialogue's memory travels with the messages. So nothing grows, nothing is written twice, and the
    cost of a turn does not depend on how long the conversation is.
    """

    def __init__(self, domain: object, event_broker: object = None, **kwargs: object) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._trackers: dict[str, DialogueStateTracker] = {}

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the tracker until it is asked for."""
        self._trackers[tracker.sender_id] = tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Give the tracker away; None when there is none."""
        return self._trackers.pop(sender_id, None)

    async def keys(self) -> Iterable[str]:
        """The turns under way."""
        return list(self._trackers)
