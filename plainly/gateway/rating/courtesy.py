"""Thanks and goodbyes end a matter, in the transaction that answers them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from plainly.desk import BOT
from plainly.gateway.rasa import Answer
from plainly.outcomes.episodes import Courtesy, ending_by_courtesy
from plainly.store.episodes import drop_courtesy, end_episode, open_episode, words_of
from plainly.store.tables import ConversationRow


def end_by_courtesy(session: Session, row: ConversationRow, answer: Answer, now: datetime) -> None:
    """End the episode when the reply just stored answered a thanks or a goodbye that ends it."""
    act = answer.details.get("act")
    episode = open_episode(session, row.id) if row.owner == BOT and act in ("thank", "goodbye") else None
    if episode is None:
        return
    tones = answer.context.get("tones") or [None]
    said = Courtesy(act, answer.status, str(answer.context.get("awaiting", "nothing")), tones[-1])
    words = words_of(session, episode)
    outcome = ending_by_courtesy(said, words)
    if outcome is not None:
        end_episode(session, row, outcome, "customer", now)
    else:
        drop_courtesy(session, row)
