"""Which fact a figure belongs to: by cues near it, by what was asked, or by the only fact it fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from plainly.model import Duration, Fact, KnowledgeBase, KnownFact, Value
from plainly.understand.anchors import Anchor, Anchors, Scene, distance
from plainly.understand.frames import Shadow, covering
from plainly.understand.lexicon import Lexicon
from plainly.understand.mentions import Mention
from plainly.understand.phrases import Grammar, found_negation
from plainly.understand.reckoning import Reckoning
from plainly.understand.tables import facts_of, facts_of_policy
from plainly.understand.text import Message
from plainly.understand.values import value_of

TYPES: Mapping[str, frozenset[str]] = {
    "date": frozenset({"date"}),
    "duration": frozenset({"date", "duration", "number"}),
    "money": frozenset({"money"}),
    "percent": frozenset({"number"}),
    "number": frozenset({"number", "money"}),
}


@dataclass
class Heard:
    """What was heard so far, which facts were mended, and which lengths of time were counted from a day."""

    facts: dict[str, KnownFact] = field(default_factory=dict)
    mended: list[str] = field(default_factory=list)
    counted: set[str] = field(default_factory=set)


class Cues:
    """The cue words of a policy folder, compiled."""

    def __init__(self, kb_facts: Mapping[str, Fact], grammar: Grammar, lexicon: Lexicon, words: Any) -> None:
        self.facts = {name: fact for name, fact in kb_facts.items() if fact.type not in ("choice", "yes_no")}
        self._grammar, self._lexicon = grammar, lexicon
        self._anchors = Anchors(self.facts, grammar, lexicon, words, things=_things(kb_facts, grammar))
        content = lexicon.files["events"]
        self._others = frozenset(content["others"])
        self._age = frozenset(content["age_words"])
        self._light = frozenset(map(str, content["light"]))
        self._until = frozenset(content["until"])
        self._reckoning = Reckoning(lexicon)
        self._parts = frozenset(content["into"])

    def assign(self, scene: Scene, kb: KnowledgeBase) -> Heard:
        """Every figure given to the facts it belongs to; a later figure wins over an earlier one."""
        heard = Heard()
        anchors = self._anchors.find(scene)
        latest: dict[str, tuple[str, ...]] = {}
        for place, mention in enumerate(scene.figures):
            figure = self._completed(scene, place, mention)
            if self._is_rejected(scene.message, figure):
                continue
            names, anchor = self._owners(scene, figure, anchors, kb)
            figure = self._placed(scene, figure, names, anchor) or figure
            mending = not names and self._is_mending(scene, figure)
            if mending:
                names = self._mended(scene, figure, latest)
            names = tuple(name for name in names if self._is_own(scene, figure, self.facts[name], anchor))
            self._hear(scene, heard, figure, names, mending=self._is_marked(scene, figure))
            if anchor is not None and _counts_from(anchor, figure):
                heard.counted.update(names)
            if names:
                latest[figure.kind] = names
        self._add_same_days(scene, heard, anchors)
        self._drop_ended(scene, heard)
        return heard

    def _owners(
        self, scene: Scene, figure: Mention, anchors: list[Anchor], kb: KnowledgeBase
    ) -> tuple[tuple[str, ...], Anchor | None]:
        clause = scene.message.clause_of(figure.first)
        near = [
            anchor for anchor in anchors if clause.start <= anchor.first < clause.stop and self._matters(anchor, figure)
        ]
        strong = [anchor for anchor in near if not self._anchors.is_weak(scene, anchor)]
        if strong:
            return self._nearest(scene, figure, strong)
        alone = self._content_words(scene, clause, figure) <= 2
        if alone and not self._tells_of_itself(scene, clause, figure):
            neighbour = self._next_door(
                scene, figure, [anchor for anchor in anchors if not self._anchors.is_weak(scene, anchor)], clause
            )
            if neighbour:
                return tuple(name for name in neighbour.facts if self._suits(scene, figure, name, neighbour)), neighbour
        asked = self._by_talk(scene, figure, kb) if alone else ()
        if near and scene.context.asked not in asked:
            return self._nearest(scene, figure, near)
        return asked, None

    def _nearest(self, scene: Scene, figure: Mention, anchors: list[Anchor]) -> tuple[tuple[str, ...], Anchor]:
        """The closest anchor and the facts that it and those on the same words name."""
        best = min(anchors, key=lambda anchor: (distance(anchor, figure), -anchor.size))
        names = [
            name for anchor in anchors if anchor.first < best.last and best.first < anchor.last for name in anchor.facts
        ]
        return tuple(name for name in dict.fromkeys(names) if self._suits(scene, figure, name, best)), best

    def _matters(self, anchor: Anchor, figure: Mention) -> bool:
        """Whether the anchor could govern this figure: an event governs dates only."""
        if anchor.first < figure.last and figure.first < anchor.last:
            return False
        if not anchor.facts:
            return figure.kind in ("date", "duration")
        return _counts_from(anchor, figure) or any(self.facts[name].type in TYPES[figure.kind] for name in anchor.facts)

    def _suits(self, scene: Scene, figure: Mention, name: str, anchor: Anchor | None) -> bool:
        fact = self.facts[name]
        if anchor is not None and _counts_from(anchor, figure):
            return True
        if fact.type not in TYPES[figure.kind]:
            return False
        if fact.type == "money" and figure.kind == "number" and self._counts(scene, figure):
            return False
        if fact.type == "date" and figure.kind == "duration":
            return anchor is not None and (
                self._has_lasted(scene, figure, anchor)
                or (fact.future and self._reckoning.is_ahead(scene, figure, anchor))
            )
        return True

    def _counts(self, scene: Scene, figure: Mention) -> bool:
        """Whether a noun follows: "12 chairs" is no amount of money, and neither is "snapped in two"."""
        words = scene.message.words
        if figure.first and words[figure.first - 1].norm in self._parts:
            return True
        after = words[figure.last].norm if figure.last < len(words) else ""
        return after.isalpha() and after not in self._light

    def _has_lasted(self, scene: Scene, figure: Mention, anchor: Anchor) -> bool:
        """ "Had it for 40 days" and "40 days since it arrived" do."""
        words = scene.message.words
        if anchor.last <= figure.first:
            between = [word.norm for word in words[anchor.last : figure.first]]
            named = sum(norm not in self._light and norm != "," for norm in between)
            return len(between) <= 3 + 2 * named and (named == 0 or (named <= 2 and between[-1] == "for"))
        between = [word.norm for word in words[figure.last : anchor.first]]
        if not between:
            return words[anchor.first].norm in self._age
        if self._reckoning.is_owned(scene, figure, anchor):
            return True
        return len(between) <= 5 and ("since" in between or self._reckoning.is_told(scene, figure, "after"))

    def _placed(self, scene: Scene, figure: Mention, names: Iterable[str], anchor: Anchor | None) -> Mention | None:
        """A length of time counted from today to the day of a cue, as that day, when the day is not yet known."""
        dates = any(self.facts[name].type == "date" and name not in scene.context.facts for name in names)
        told = anchor is not None and anchor.first > figure.last and dates
        return self._reckoning.as_day(scene, figure) if told else None

    def _add_same_days(self, scene: Scene, heard: Heard, anchors: list[Anchor]) -> None:
        """ "A kettle from 20 January. It was delivered then": the day named before is this one's too."""
        for anchor in anchors:
            day = self._reckoning.same_day(scene, anchor)
            if day is None:
                continue
            names = [name for name in anchor.facts if self.facts[name].type == "date" and name not in heard.facts]
            names = [name for name in names if self._is_own(scene, day, self.facts[name], anchor)]
            self._hear(scene, heard, day, names, mending=False)

    def _drop_ended(self, scene: Scene, heard: Heard) -> None:
        """ "It was due on Monday but came on Thursday": the time from Monday on did not go on until today."""
        days = [fact.value for fact in heard.facts.values() if isinstance(fact.value, date)]
        for name in heard.counted.intersection(heard.facts):
            time = heard.facts[name].value
            if isinstance(time, Duration) and any(day > scene.today - timedelta(days=time.amount) for day in days):
                del heard.facts[name]

    def _next_door(self, scene: Scene, figure: Mention, anchors: list[Anchor], clause: range) -> Anchor | None:
        """The cue of the clause before, or after, or of the sentence before, for a figure that stands alone."""
        sentence = scene.message.sentence_of(figure.first)
        useful = [anchor for anchor in anchors if self._matters(anchor, figure)]
        before = [anchor for anchor in useful if sentence.start <= anchor.first < clause.start]
        after = [anchor for anchor in useful if clause.stop <= anchor.first < sentence.stop]
        earlier = [
            anchor
            for anchor in useful
            if anchor.first < sentence.start
            and scene.message.words[anchor.first].sentence == scene.message.words[figure.first].sentence - 1
        ]
        after = [anchor for anchor in after if anchor.facts]
        if before:
            return None if self._taken(scene, figure, before[-1]) else before[-1]
        if after and not self._taken(scene, figure, after[0]):
            return after[0]
        return earlier[-1] if earlier and not before and not after else None

    def _taken(self, scene: Scene, figure: Mention, anchor: Anchor) -> bool:
        """Whether the cue has a figure of its own."""
        clause = scene.message.clause_of(anchor.first)
        return any(
            other.kind == figure.kind and clause.start <= other.first < clause.stop
            for other in scene.figures
            if other is not figure
        )

    def _tells_of_itself(self, scene: Scene, clause: range, figure: Mention) -> bool:
        """Whether the clause has something of its own that happened: "and it fell apart today"."""
        outside = [index for index in clause if not figure.first <= index < figure.last]
        return any(
            scene.keys[index].form != "plain" and scene.message.words[index].norm not in self._light
            for index in outside
        )

    # --- without a cue ---------------------------------------------------------------------

    def _by_talk(self, scene: Scene, figure: Mention, kb: KnowledgeBase) -> tuple[str, ...]:
        """The fact that was asked for, or the only unknown one of the decision or policy discussed that fits."""
        context = scene.context
        if self._is_wondered_at(scene, figure) or self._is_done_by_others(scene, figure):
            return ()
        asked = self.facts.get(context.asked or "")
        if asked and self._fits_alone(figure, asked, is_asked=True):
            return (asked.name,)
        open_facts = [
            self.facts[name]
            for name in facts_of(kb, context.decision) or facts_of_policy(kb, context.policy)
            if name in self.facts and name not in context.facts
        ]
        fitting = [fact for fact in open_facts if self._fits_alone(figure, fact, is_asked=False)]
        return (fitting[0].name,) if len(fitting) == 1 else ()

    def _fits_alone(self, figure: Mention, fact: Fact, *, is_asked: bool) -> bool:
        if is_asked and fact.since and figure.kind == "date":
            return figure.past is not None
        if fact.type not in TYPES[figure.kind]:
            return False
        if figure.kind == "number":
            return is_asked
        return not (fact.type == "date" and figure.kind == "duration" and figure.unit == "hour")

    def _is_done_by_others(self, scene: Scene, figure: Mention) -> bool:
        """Whether the clause is about what "you" or somebody else did."""
        clause = scene.message.clause_of(figure.first)
        others = any(scene.message.words[index].norm in self._others for index in clause)
        return others and self._content_words(scene, clause, figure) > 0

    def _is_wondered_at(self, scene: Scene, figure: Mention) -> bool:
        """Whether a rule is only echoed: "30 days??" answers nothing."""
        sentence = scene.message.sentence_of(figure.first)
        return (
            figure.kind == "duration"
            and not figure.hedge
            and any(scene.message.words[index].norm == "?" for index in sentence)
        )

    def _content_words(self, scene: Scene, clause: range, figure: Mention) -> int:
        """How many words of the clause say something besides the figure."""
        taken = {index for other in scene.figures for index in range(other.first, other.last)}
        return sum(
            1
            for index in clause
            if index not in taken
            and scene.message.words[index].norm not in self._light
            and scene.message.words[index].norm.isalpha()
        )

    # --- mending ---------------------------------------------------------------------------

    def _is_mending(self, scene: Scene, figure: Mention) -> bool:
        sentence = scene.message.sentence_of(figure.first)
        near = any(sentence.start - 4 <= marker.start < figure.last + 5 for marker in scene.markers)
        return near and self._content_words(scene, scene.message.clause_of(figure.first), figure) <= 2

    def _is_marked(self, scene: Scene, figure: Mention) -> bool:
        return any(
            marker.start < figure.last + 4 and marker.start >= scene.message.sentence_of(figure.first).start - 3
            for marker in scene.markers
        )

    def _mended(self, scene: Scene, figure: Mention, latest: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """The facts a bare correction is about: those just heard, else the only known one that fits."""
        for kind in (figure.kind, "date", "duration"):
            names = tuple(name for name in latest.get(kind, ()) if self.facts[name].type in TYPES[figure.kind])
            if names:
                return names
        known = [
            name
            for name in scene.context.facts
            if name in self.facts and self.facts[name].type in TYPES[figure.kind] and (figure.kind != "number")
        ]
        return tuple(known) if len(known) == 1 else ()

    def _completed(self, scene: Scene, place: int, figure: Mention) -> Mention:
        """ "Not three weeks but two": the bare number takes the unit said before it."""
        if figure.kind != "number" or not scene.markers:
            return figure
        before = [
            other
            for other in scene.figures[:place]
            if other.unit in ("hour", "day", "week", "fortnight", "month", "year")
        ]
        close = (
            before
            and scene.message.words[before[-1].last - 1].sentence >= scene.message.words[figure.first].sentence - 1
        )
        return (
            replace(figure, kind="duration", unit=before[-1].unit)
            if close and self._content_words(scene, scene.message.clause_of(figure.first), figure) == 0
            else figure
        )

    def _is_rejected(self, message: Message, figure: Mention) -> bool:
        """ "Not three": a figure that is taken back."""
        before = message.words[figure.first - 1].norm if figure.first else ""
        return (
            before in self._grammar.negators - {"no"}
            and message.words[figure.first - 1].sentence == message.words[figure.first].sentence
        )

    # --- hearing ---------------------------------------------------------------------------

    def _is_own(self, scene: Scene, figure: Mention, fact: Fact, anchor: Anchor | None) -> bool:
        """Whether the figure is the customer's own statement about this fact."""
        over = covering(scene.shadows, figure.first, figure.last, figure.kind)
        native = not (fact.type == "date" and figure.kind == "duration")
        for shadow in over:
            if shadow.name == "asked_if":
                if fact.name in scene.context.facts:
                    return False
                continue
            if anchor is not None and self._is_only_then(scene, anchor, shadow):
                continue
            if shadow.name == "demand" and figure.kind == "date" and figure.ahead is None:
                # What can only lie in the past is told, not demanded.
                continue
            if shadow.name == "demand" and anchor is not None and anchor.first == shadow.cue.start and anchor.size > 1:
                # "You have had it for ten days" tells; "you have ten days" demands.
                continue
            cued = anchor is not None and anchor.first < shadow.cue.stop and shadow.cue.start < anchor.last
            if cued and anchor is not None and _counts_from(anchor, figure):
                continue
            if not (cued and native and shadow.name in ("reported", "rule_talk", "today_is")):
                return False
        return True

    def _is_only_then(self, scene: Scene, anchor: Anchor, shadow: Shadow) -> bool:
        """Whether a negated cue tells after all: "it didn't come until the 30th"."""
        starts = scene.message.words[shadow.cue.start].norm in self._until
        return (
            starts
            and 0 <= shadow.cue.start - anchor.last <= 2
            and found_negation(scene.message, scene.keys, anchor.first, self._grammar) is not None
        )

    def _hear(self, scene: Scene, heard: Heard, figure: Mention, names: Iterable[str], *, mending: bool) -> None:
        for name in names:
            fact = self.facts[name]
            value = value_of(figure, fact, scene.today, self._lexicon, ahead=self._looks_ahead(scene, figure))
            if value is None:
                continue
            before = heard.facts.get(name)
            if before and before.value != value and mending:
                heard.mended.append(name)
            heard.facts[name] = known_fact(scene.message, name, value, figure.first, figure.last)

    def _looks_ahead(self, scene: Scene, figure: Mention) -> bool:
        clause = scene.message.clause_of(figure.first)
        return not any(
            scene.message.words[index].norm in ("was", "were", "had", "did", "ago", "last") for index in clause
        )


def _counts_from(anchor: Anchor, figure: Mention) -> bool:
    """Whether a length of time is told as the day it counts from: "it was due last Tuesday"."""
    return anchor.since and figure.kind == "date" and figure.past is not None


def _things(facts: Mapping[str, Fact], grammar: Grammar) -> frozenset[str]:
    """The single words by which options of a choice are known, as roots: "kettle", "sofa"."""
    words = [phrase for fact in facts.values() for option in fact.options for phrase in option.heard]
    return frozenset(grammar.root(word.lower()) for word in words if word.isalpha())


def known_fact(message: Message, name: str, value: Value, first: int, last: int) -> KnownFact:
    """A fact with the words it was heard in."""
    return KnownFact(name, value, "customer", message.said(first, last), message.span(first, last))
