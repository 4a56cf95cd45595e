"""One matter from its first word to its end: when it is over, how it ended, who handled it, how long they waited.

Four endings are kept apart, because mixing them is how silence comes to pass for success: the customer said it is
done (confirmed), staff said so (resolved), nobody said anything after an answer (silent), or the customer left
before there was one (abandoned).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

Outcome = Literal["confirmed", "resolved", "silent", "abandoned"]
HandledBy = Literal["bot", "people", "both"]
Minutes = Callable[[datetime, datetime], float]
"""Minutes of opening time between two moments."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
REOPENED_WITHIN = timedelta(days=7)

_ANSWERS = frozenset({"answered", "decided_yes", "decided_no", "decided_partly", "softened"})
_COURTESIES = frozenset({"smalltalk"})
_HANDED_OVER = frozenset({"escalated", "error_engine"})
_DISPLEASED = frozenset({"annoyed", "angry", "disappointed"})
# What the next matter must not inherit: how far the last one's argument had come.
_LEFT_BEHIND = ("awaiting", "asked", "choices", "pushbacks", "unclear", "tones", "offered", "declined", "part")


@dataclass(frozen=True)
class Word:
    """One message both sides saw. `author` is customer, bot, agent or system."""

    seq: int
    author: str
    kind: str
    status: str | None
    at: datetime
    act: str | None = None

    @property
    def is_answer(self) -> bool:
        """Whether it tells the customer something about their matter, rather than asks, greets or announces."""
        return self.is_persons or (self.author == "bot" and self.kind != "notice" and self.status in _ANSWERS)

    @property
    def is_persons(self) -> bool:
        """Whether a member of staff said it, rather than the desk about them."""
        return self.author == "agent" and self.kind != "notice"


@dataclass(frozen=True)
class Handoff:
    """One time the matter went to people."""

    reason: str
    opened_at: datetime
    taken_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Measured:
    """What the figures need of an episode. Waits are seconds of opening time and hold nothing of the bot's own."""

    handled_by: HandledBy
    handoff_reason: str | None
    waited_seconds: float | None
    first_answer_seconds: float | None
    person_answer_seconds: float | None
    first_answer_seq: int | None
    last_answer_seq: int | None


@dataclass(frozen=True)
class Courtesy:
    """A thanks or a goodbye the bot just answered, and what stood around it."""

    act: str | None
    status: str
    awaiting: str
    tone: str | None


def ending_by_courtesy(said: Courtesy, words: Sequence[Word]) -> Outcome | None:
    """How the customer's thanks or goodbye ends the matter; None when it does not.

    Thanks in the middle of a question of ours, from somebody who is cross, or before any answer end nothing.
    An open complaint ends with the person who takes care of it.
    """
    if said.act not in ("thank", "goodbye") or said.status not in _COURTESIES or has_open_complaint(words):
        return None
    content = said.awaiting == "nothing" and said.tone not in _DISPLEASED and any(word.is_answer for word in words)
    if content:
        return "confirmed"
    return "abandoned" if said.act == "goodbye" and not is_only_courtesy(words) else None


def has_open_complaint(words: Sequence[Word]) -> bool:
    """Whether the customer complained and no person has answered since."""
    complaints = [word.seq for word in words if word.act == "complain"]
    return bool(complaints) and not any(word.is_persons and word.seq > complaints[-1] for word in words)


def is_only_courtesy(words: Sequence[Word]) -> bool:
    """Whether there was no matter at all: every word of the customer got a courtesy back."""
    ours = [word for word in words if word.author != "customer"]
    return bool(ours) and all(word.author == "bot" and word.status in _COURTESIES for word in ours)


def ending_by_silence(owner: str, words: Sequence[Word]) -> Outcome | None:
    """How a matter nobody has said a word in for long ended; None while we owe the customer something."""
    spoken = [word for word in words if word.kind != "notice" or word.status in _COURTESIES]
    if owner in ("queue", "closed") or not spoken or spoken[-1].author == "customer":
        return None
    answers = [word for word in spoken if word.is_answer]
    if not answers or (owner == "bot" and (_asks(spoken[-1]) or _waited_in_vain(words))):
        return "abandoned"
    return "abandoned" if _left_before_a_person_came(words) else "silent"


def _asks(last: Word) -> bool:
    return last.author == "bot" and not last.is_answer and last.status not in _COURTESIES


def _waited_in_vain(words: Sequence[Word]) -> bool:
    """Whether there was no answer since people were last asked for."""
    asked = max((word.seq for word in words if word.status in _HANDED_OVER), default=None)
    return asked is not None and not any(word.is_answer and word.seq > asked for word in words)


def _left_before_a_person_came(words: Sequence[Word]) -> bool:
    came = next((word.seq for word in words if word.is_persons), None)
    waited = any(word.status == "escalated" for word in words)
    return came is not None and waited and not any(word.author == "customer" and word.seq > came for word in words)


def handled_by(words: Sequence[Word]) -> HandledBy:
    """Whose answers the customer had. What the bot says on the way to a person is not an answer."""
    people = any(word.is_persons for word in words)
    bot = any(word.author == "bot" and word.is_answer for word in words)
    if people:
        return "both" if bot else "people"
    return "bot"


def measure(words: Sequence[Word], handoffs: Sequence[Handoff], end: datetime, minutes: Minutes) -> Measured:
    """The figures of an episode that ended at `end`."""
    answers = [word for word in words if word.is_answer]
    return Measured(
        handled_by=handled_by(words),
        handoff_reason=handoffs[0].reason if handoffs else None,
        waited_seconds=_waited(handoffs, end, minutes) if handoffs else None,
        first_answer_seconds=_to_first_answer(words, answers[0], handoffs, minutes) if answers else None,
        person_answer_seconds=_to_person(handoffs, minutes),
        first_answer_seq=answers[0].seq if answers else None,
        last_answer_seq=answers[-1].seq if answers else None,
    )


def _waited(handoffs: Sequence[Handoff], end: datetime, minutes: Minutes) -> float:
    return sum(60 * minutes(one.opened_at, one.taken_at or one.closed_at or end) for one in handoffs)


def _to_first_answer(words: Sequence[Word], first: Word, handoffs: Sequence[Handoff], minutes: Minutes) -> float:
    """The bot is always open and its time is clock time; a person's counts from the moment people were asked."""
    if first.author == "bot":
        return (first.at - words[0].at).total_seconds()
    asked = next((one.opened_at for one in handoffs if one.opened_at <= first.at), words[0].at)
    return 60 * minutes(asked, first.at)


def _to_person(handoffs: Sequence[Handoff], minutes: Minutes) -> float | None:
    answered = next((one for one in handoffs if one.answered_at is not None), None)
    if answered is None or answered.answered_at is None:
        return None
    return 60 * minutes(answered.opened_at, answered.answered_at)


def is_reopening(ended_at: datetime, again_at: datetime) -> bool:
    """Whether a new word comes soon enough after an end to count against it."""
    return again_at - ended_at <= REOPENED_WITHIN


def fresh_context(context: Mapping[str, Any]) -> dict[str, Any]:
    """What the dialogue may remember when the next matter begins: facts and words said, not how an argument stood."""
    return {name: value for name, value in context.items() if name not in _LEFT_BEHIND}
