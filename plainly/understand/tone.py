"""How a message sounds: the strongest feeling in its words, its signs and its capitals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from plainly.model import Tone
from plainly.understand.lexicon import Lexicon
from plainly.understand.text import Message

FEELINGS = ("angry", "annoyed", "disappointed", "worried", "confused", "grateful")
NEGATIVE = ("angry", "annoyed", "disappointed")


class Feelings:
    """The feeling words of a language."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._content = lexicon.files["tone"]
        self._weights: Mapping[str, tuple[str, float]] = {
            phrase.replace("n't", " not"): (label, weight)
            for label in FEELINGS
            for phrase, weight in self._content[label].items()
        }
        self._longest = max(len(phrase.split()) for phrase in self._weights)

    def of(self, message: Message, text: str) -> Tone:
        """The tone of a message: the label with the most weight, calm below a fifth."""
        sums = dict.fromkeys(FEELINGS, 0.0)
        self._add_words(message, sums)
        for face, (label, weight) in self._content["faces"].items():
            if face in text:
                sums[label] = _both(sums[label], weight)
        loud = self._loudness(message, text)
        label = self._label(sums, loud)
        if label in NEGATIVE or (label == "calm" and loud >= 0.2):
            negative = _both(sums.get(label, 0.0), loud)
            label = "angry" if label == "annoyed" and negative >= 0.8 else "annoyed" if label == "calm" else label
            return Tone(label, round(min(1.0, negative), 2))  # type: ignore[arg-type]
        return Tone(label, round(min(1.0, sums.get(label, loud)), 2))  # type: ignore[arg-type]

    def _label(self, sums: Mapping[str, float], loud: float) -> str:
        best = max(FEELINGS, key=lambda label: sums[label])
        if sums[best] < 0.2:
            return "calm"
        worst = max(NEGATIVE, key=lambda label: sums[label])
        # Thanks beside a complaint is manners, not gratitude.
        return worst if best == "grateful" and (sums[worst] >= 0.35 or loud >= 0.3) else best

    def _add_words(self, message: Message, sums: dict[str, float]) -> None:
        norms = [word.norm for word in message.words]
        index = 0
        while index < len(norms):
            length = next(
                (
                    size
                    for size in range(self._longest, 0, -1)
                    if " ".join(norms[index : index + size]) in self._weights
                ),
                0,
            )
            if length:
                label, weight = self._weights[" ".join(norms[index : index + length])]
                self._add(label, weight, norms[max(0, index - 3) : index], sums)
            index += max(1, length)

    def _add(self, label: str, weight: float, before: Sequence[str], sums: dict[str, float]) -> None:
        if any(norm in self._content["negators"] for norm in before):
            if label == "grateful":
                sums["disappointed"] = _both(sums["disappointed"], weight * 0.8)
            return
        for norm in before[-2:]:
            weight *= self._content["boosters"].get(norm, 1.0) * self._content["calmers"].get(norm, 1.0)
        sums[label] = _both(sums[label], min(weight, 0.95))

    def _loudness(self, message: Message, text: str) -> float:
        signs = self._content["signs"]
        capitals = [
            word.text for word in message.words if len(word.text) > 1 and word.text.isalpha() and word.text.isupper()
        ]
        long = sum(len(text) > 3 for text in capitals)
        # One word in capitals is a name as often as a shout.
        loud = signs["shout"] if len(capitals) >= 3 or long >= 2 else 0.0
        if re.search(r"[!?]{3,}", text):
            return float(loud + signs["many_marks"])
        return float(loud + (signs["two_marks"] if re.search(r"[!?]{2}", text) else 0.0))


def _both(first: float, second: float) -> float:
    """Two feelings together are stronger than each, and never more than one."""
    return 1 - (1 - first) * (1 - second)
