"""Days that are told through other days: "two days before it renews", "it was delivered then"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from plainly.understand.anchors import Anchor, Scene
from plainly.understand.lexicon import Lexicon
from plainly.understand.mentions import Mention
from plainly.understand.phrases import CLOSING
from plainly.understand.pieces import back, forward


class Reckoning:
    """The words of a language that tell a day through another."""

    def __init__(self, lexicon: Lexicon) -> None:
        content = lexicon.files["events"]
        self._joints = {name: frozenset(words) for name, words in content["reckoned"].items()}
        self._same_day = [words.split() for words in content["same_day"]]
        self._held = frozenset(content["held"])
        self._i_have = [words.split() for words in content["i_have"]]

    def is_told(self, scene: Scene, figure: Mention, side: str) -> bool:
        """Whether a length of time counts today from a day before ("after") or ahead of it ("before")."""
        words = scene.message.words
        if figure.last >= len(words) or words[figure.last].norm not in self._joints[side]:
            return False
        start = scene.message.clause_of(figure.first).start
        lead = words[figure.first - 1].norm if figure.first > start else ""
        sentence = scene.message.sentence_of(figure.first)
        rule = any(words[index].norm in self._joints["not_with"] for index in sentence)
        return (not lead or lead in self._joints["behind"]) and not rule

    def is_ahead(self, scene: Scene, figure: Mention, anchor: Anchor) -> bool:
        """Whether a cue is a day to come: "two days before it renews"."""
        return 0 < anchor.first - figure.last <= 5 and self.is_told(scene, figure, "before")

    def is_owned(self, scene: Scene, figure: Mention, anchor: Anchor) -> bool:
        """Whether a length of time before a cue of having is how long it was had: "eleven years I've had it"."""
        between = [word.norm for word in scene.message.words[figure.last : anchor.first]]
        cue = scene.message.words[anchor.first : anchor.last]
        return between in self._i_have and any(word.norm in self._held for word in cue)

    def as_day(self, scene: Scene, figure: Mention) -> Mention | None:
        """A length of time counted from today to a day, as that day."""
        if figure.kind != "duration" or figure.amount is None:
            return None
        near, far, unit = figure.amount.low, figure.amount.high, figure.unit
        if self.is_told(scene, figure, "before"):
            days = (forward(scene.today, near, unit), forward(scene.today, far, unit))
            return replace(figure, kind="date", ahead=days)
        if self.is_told(scene, figure, "after"):
            return replace(figure, kind="date", past=(back(scene.today, far, unit), back(scene.today, near, unit)))
        return None

    def same_day(self, scene: Scene, anchor: Anchor) -> Mention | None:
        """The day named last, when a cue says that it was the same: "it came then", "it came that day"."""
        words = [word.norm for word in scene.message.words]
        if not any(_stands_at(words, anchor.last, said) for said in self._same_day):
            return None
        clause = scene.message.clause_of(anchor.first)
        days = [figure for figure in scene.figures if figure.kind == "date" and figure.last <= anchor.first]
        return days[-1] if days and not any(figure.first in clause for figure in scene.figures) else None


def _stands_at(words: Sequence[str], place: int, said: Sequence[str]) -> bool:
    """Whether these words stand there and end their clause: "it came then, ...", not "it came then I left"."""
    end = place + len(said)
    return list(words[place:end]) == list(said) and (end == len(words) or words[end] in CLOSING)
