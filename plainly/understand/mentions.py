"""Figures in a message: days, lengths of time, money, shares and counts, each with how sure it sounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from spacy.tokens import Doc

from plainly.understand.calendar import IN_THE_CALENDAR, holiday
from plainly.understand.from_today import FROM_TODAY
from plainly.understand.lexicon import Lexicon
from plainly.understand.patterns import Hit, Patterns, longest
from plainly.understand.pieces import Days, Pieces, Reading
from plainly.understand.text import Message, Range

Kind = Literal["date", "duration", "money", "percent", "number"]


READERS = {**FROM_TODAY, **IN_THE_CALENDAR}

LAST_RESORT = {"bare_month": 9, "month_only": 8, "year_only": 8, "day_only": 7, "weekday": 6}
"""Readings that give way to any other of the same length."""


APART = ([",", "the", "<o>"], ["on", "the", "<o>"])
"""Words between a month and a rank that may as well belong to something else: "in May, on the third try"."""


@dataclass(frozen=True)
class Mention:
    """A figure heard, in words `first` up to and without `last`.

    A date has `past` and `ahead` readings; everything else an `amount` with a unit or currency.
    `beside` is the past day that was named when the reading lies around it: "by the 16th".
    """

    kind: Kind
    first: int
    last: int
    past: Days | None = None
    ahead: Days | None = None
    amount: Range | None = None
    unit: str = ""
    hedge: str = ""
    form: str = ""
    beside: Days | None = None


class Figures:
    """The figure patterns of a language, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        dates, amounts, hedges = (lexicon.files[name] for name in ("dates", "amounts", "hedges"))
        bills = {"bill": list(lexicon.files["numbers"]["bills"])}
        named = {f"holiday:{name}": _holiday_lines(rule["names"], dates) for name, rule in dates["holidays"].items()}
        self._dates = Patterns({**dates["patterns"], **named}, lexicon, dates["classes"])
        self._amounts = Patterns(
            amounts["patterns"], lexicon, {**amounts["classes"], **bills, "whole": dates["classes"]["whole"]}
        )
        self._before = Patterns(hedges["before"], lexicon, hedges["classes"])
        self._after = Patterns(hedges["after"], lexicon, hedges["classes"])

    def find(self, message: Message, doc: Doc, today: date) -> list[Mention]:
        """Every figure, in order, without overlaps; dates win over amounts."""
        hits = [hit for hit in self._dates.find(doc) if not self._reaches_too_far(message, hit)]
        dates = [found for hit in longest(hits, LAST_RESORT) if (found := self._date(message, hit, today))]
        taken = {index for mention in dates for index in range(mention.first, mention.last)}
        amounts = [
            found
            for hit in longest(self._amounts.find(doc), {"number": 9, "duration": 1})
            if taken.isdisjoint(range(hit.first, hit.last)) and (found := self._amount(message, hit))
        ]
        figures = sorted([*dates, *amounts], key=lambda mention: mention.first)
        return [self._hedged(mention, message, doc, today) for mention in figures]

    def _date(self, message: Message, hit: Hit, today: date) -> Mention | None:
        if not self._is_really_a_date(message, hit):
            return None
        while message.words[hit.last - 1].norm in (",", "."):
            hit = replace(hit, last=hit.last - 1)
        pieces = Pieces(message.words[hit.first : hit.last], today, self._lexicon)
        if hit.name.startswith("holiday:"):
            reading = holiday(pieces, self._lexicon.files["dates"]["holidays"][hit.name.partition(":")[2]])
        else:
            reading = _read(hit.name, pieces)
        if not reading.past and not reading.ahead:
            return None
        first = hit.first + (
            message.words[hit.first].norm
            in ("in", "for", "of", "from", "since", "before", "after", "by", "until", "around", "about")
            and hit.name in ("month_only", "season", "year_only")
        )
        hedge = (
            "about"
            if pieces.has("so", "ish")
            else "loose"
            if any(word.number and word.number.loose for word in pieces.words)
            else ""
        )
        unit = pieces.named("unit") or "date"
        return Mention("date", first, hit.last, reading.past, reading.ahead, unit=unit, hedge=hedge, form=hit.name)

    def _reaches_too_far(self, message: Message, hit: Hit) -> bool:
        """ "I handed it in four days ago" is no day to come; "in May, on the third try" is no third of May."""
        classes = self._lexicon.files["dates"]["classes"]
        after = message.words[hit.last].norm if hit.last < len(message.words) else ""
        if hit.name == "in_future":
            return after in classes["back"]
        last = [word.norm for word in message.words[max(hit.first, hit.last - 3) : hit.last]]
        return hit.name == "day_month" and last in APART and after.isalpha() and after not in classes["after_day"]

    def _is_really_a_date(self, message: Message, hit: Hit) -> bool:
        """ "The 3rd time" and "the second one" are ranks; a bare "may" is a verb."""
        after = message.words[hit.last].norm if hit.last < len(message.words) else ""
        if hit.name == "day_only" and after.isalpha():
            return after in self._lexicon.files["dates"]["classes"]["after_day"]
        if hit.name == "bare_month":
            clause = message.clause_of(hit.first)
            return not any(message.words[index].norm.isalpha() for index in clause if index != hit.first)
        if hit.name == "year_only" and after in self._lexicon.classes["money_word"]:
            return False
        return not (hit.name == "part_unit" and hit.last - hit.first < 2)

    def _amount(self, message: Message, hit: Hit) -> Mention | None:
        words = message.words[hit.first : hit.last]
        numbers = [word.number for word in words if word.number] or [Range(1, 1)]
        amount = numbers[0]
        if hit.name == "number":
            return (
                None
                if words[0].norm in ("a", "an", "one")
                else Mention("number", hit.first, hit.last, amount=amount, form="number")
            )
        if hit.name == "percent":
            return Mention("percent", hit.first, hit.last, amount=amount, unit="percent", form="percent")
        if hit.name.startswith("money"):
            return self._money(message, hit, amount, numbers)
        return self._duration(message, hit, amount, numbers)

    def _money(self, message: Message, hit: Hit, amount: Range, numbers: Sequence[Range]) -> Mention | None:
        words = message.words[hit.first : hit.last]
        names: Mapping[str, str] = self._lexicon.files["amounts"]["currencies"]
        bills: Mapping[str, int] = self._lexicon.files["numbers"]["bills"]
        currency = next((names[word.norm] for word in words if word.norm in names), "")
        if hit.name == "money_bill":
            bill = next(bills[word.norm] for word in words if word.norm in bills)
            amount = Range(amount.low * bill, amount.high * bill, amount.loose)
        if hit.name == "money_pence":
            if words[-1].start != words[-2].end and words[-1].norm == "p":
                return None
            amount = Range(amount.low / 100, amount.high / 100)
        if hit.name == "money_range":
            amount = Range(min(number.low for number in numbers), max(number.high for number in numbers), loose=True)
        if hit.name == "money_both" and len(numbers) > 1:
            amount = Range(amount.low + numbers[1].low / 100, amount.high + numbers[1].high / 100)
        return Mention("money", hit.first, hit.last, amount=amount, unit=currency, form=hit.name)

    def _duration(self, message: Message, hit: Hit, amount: Range, numbers: Sequence[Range]) -> Mention | None:
        pieces = Pieces(message.words[hit.first : hit.last], date.min, self._lexicon)
        before = message.words[hit.first - 1] if hit.first else None
        one = message.words[hit.first].norm in ("a", "an")
        if (
            before
            and one
            and (
                before.number
                or before.norm in self._lexicon.files["amounts"]["classes"]["rate_word"] | {}.keys()
                or before.norm in self._lexicon.classes["money_word"]
                or before.norm in ("what", "such", "like")
            )
        ):
            return None
        if hit.name == "duration_half":
            amount = Range(amount.low + 0.5, amount.high + 0.5)
        if hit.name == "duration_or":
            amount = Range(1, max(number.high for number in numbers), loose=True)
        unit = pieces.named("unit")
        if hit.name == "duration_sum":
            units = [word.norm for word in pieces.words if word.norm in self._lexicon.classes["unit"]]
            smaller = Pieces([word for word in pieces.words if word.norm == units[-1]], date.min, self._lexicon).named(
                "unit"
            )
            first = Range(1, 1) if one else amount
            amount, unit = _summed(first, unit, numbers[-1], smaller)
        return Mention("duration", hit.first, hit.last, amount=amount, unit=unit, form=hit.name)

    def _hedged(self, mention: Mention, message: Message, doc: Doc, today: date) -> Mention:
        """The figure with the hedge beside it, if any; a hedge before it counts as part of its words."""
        before = self._hedge_before(mention, message, doc)
        after = self._hedge_after(mention, message, doc)
        hit = before or after
        if hit is None or (mention.form == "money_range" and hit.name == "about"):
            return mention
        widened = replace(
            mention, first=min(mention.first, hit.first), last=max(mention.last, hit.last), hedge=hit.name
        )
        around = self._lexicon.files["hedges"]["around_days"]
        if hit.name in around:
            return self._around_day(widened, around[hit.name], today) if mention.kind == "date" else mention
        return widened

    def _around_day(self, mention: Mention, reach: Sequence[int], today: date) -> Mention:
        if mention.form in ("ago", "within_last", "today", "in_future"):
            return replace(mention, hedge="limit")
        past, ahead = ((_beside(days, reach) if days else None) for days in (mention.past, mention.ahead))
        if past and past[1] > today:
            past = (past[0], today) if past[0] <= today else None
        return replace(mention, past=past, ahead=ahead, hedge="loose", beside=mention.past)

    def _hedge_before(self, mention: Mention, message: Message, doc: Doc) -> Hit | None:
        between = set(self._lexicon.files["hedges"]["between"])
        start = max(0, mention.first - 7)
        part = doc[start : mention.first].as_doc() if mention.first else None
        if part is None:
            return None
        hits = [Hit(hit.name, hit.first + start, hit.last + start) for hit in self._before.find(part)]
        fitting = [
            hit
            for hit in hits
            if all(word.norm in between for word in message.words[hit.last : mention.first])
            and message.words[hit.first].sentence == message.words[mention.first].sentence
        ]
        near = [hit for hit in fitting if mention.first - hit.last <= 2]
        return max(near, key=lambda hit: (hit.last - hit.first, hit.last), default=None)

    def _hedge_after(self, mention: Mention, message: Message, doc: Doc) -> Hit | None:
        start = mention.last + (mention.last < len(doc) and message.words[mention.last].norm == ",")
        part = doc[start : start + 6]
        if not len(part):
            return None
        hits = [hit for hit in self._after.find(part.as_doc()) if hit.first == 0]
        best = max(hits, key=lambda hit: hit.last, default=None)
        return Hit(best.name, mention.last, start + best.last) if best else None


def _holiday_lines(names: Sequence[str], dates: Mapping[str, Any]) -> Iterator[str]:
    for name in names:
        yield name
        for pattern in dates["holiday_patterns"]:
            yield str(pattern).replace("{holiday}", name)


def _read(name: str, pieces: Pieces) -> Reading:
    try:
        return READERS[name](pieces)
    except (ValueError, OverflowError):
        return Reading()


def _summed(first: Range, unit: str, second: Range, smaller: str) -> tuple[Range, str]:
    """A year and two months is 14 months; anything else is counted in days."""
    if unit == "year" and smaller == "month":
        return Range(first.low * 12 + second.low, first.high * 12 + second.high), "month"
    days = {"hour": 1 / 24, "day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}
    total = first.low * days[unit] + second.low * days[smaller]
    return Range(round(total), round(total)), "day"


def _beside(days: Days, reach: Sequence[int]) -> Days:
    start = days[0] if reach[0] < 0 else days[1]
    return start + timedelta(days=reach[0]), start + timedelta(days=reach[1])
