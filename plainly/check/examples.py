"""Runs the worked examples: they come out as they say, and their words are understood as they say."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from plainly import decide
from plainly.check.room import Room
from plainly.check.speaker import Speaker
from plainly.check.tables import say_value
from plainly.errors import PlainlyError
from plainly.model import (
    Between,
    Citation,
    Decision,
    DecisionTable,
    Example,
    Facts,
    KnowledgeBase,
    KnownFact,
    Place,
    Value,
)

UNKNOWN = "unknown"


def check_examples(room: Room) -> int:
    """Notes every example that does not come out as it says; gives how many were run."""
    examples = [example for policy in room.policies for example in policy.examples]
    speaker = Speaker(room.kb)
    for example in examples:
        for name, expected in example.expect.items():
            _Run(example, room.kb.table(f"{example.policy}.{name}"), expected, room=room, speaker=speaker).check()
    return len(examples)


class _Run:
    """One example run for one decision."""

    def __init__(self, example: Example, table: DecisionTable, expected: str, *, room: Room, speaker: Speaker) -> None:
        self.example = example
        self.table = table
        self.expected = expected
        self.room = room
        self.kb: KnowledgeBase = room.kb
        self.speaker = speaker

    def check(self) -> None:
        given = {name: KnownFact(name, value, "record") for name, value in self.example.given.items()}
        decision = self.decided(given, "example_fails")
        if decision is None:
            return
        self.check_trace(decision)
        self.check_words()
        if self.example.message:
            self.check_message(given)

    def decided(self, facts: Facts, code: str) -> Decision | None:
        """The decision, when it comes out as expected."""
        try:
            decision = decide.decide(self.kb, self.table.id, facts, self.example.as_of)
        except PlainlyError as error:
            self.note(code, f"cannot be decided: {error.message}", "Mend its facts or its date.")
            return None
        outcome = decision.outcome or UNKNOWN
        if outcome == self.expected:
            return decision
        because = f"row {decision.rule}" if decision.rule else f"still unknown: {', '.join(decision.missing)}"
        found = f"comes out as {outcome} ({because}), not {self.expected}"
        self.note(code, found, "Mend the facts, the expectation, or the rules.")
        return None

    def check_trace(self, decision: Decision) -> None:
        example = self.example
        if example.by and decision.rule and decision.rule != example.by:
            self.note("example_row", f'is decided by the row "{decision.rule}", not "{example.by}"', "Mend by:.")
        for cited in example.cites:
            if citation(cited, example.policy) not in decision.citations and decision.outcome:
                found = ", ".join(f"{one.policy} {one.clause}" for one in decision.citations)
                self.note("example_clause", f"does not cite {cited}, but {found}", "Mend cites: or the row's clause.")
        if example.asks and decision.outcome is None and decision.asks != example.asks:
            self.note("example_asks", f'asks for "{decision.asks}", not "{example.asks}"', "Mend asks: or the rows.")

    def check_words(self) -> None:
        if not self.example.says or self.expected == UNKNOWN:
            return
        given, day = self.example.given, self.example.as_of
        text = self.speaker.reply(self.table, given, day).text + "\n" + self.speaker.more(self.table, given, day)
        for phrase in self.example.says:
            if _plain(phrase) not in _plain(text):
                fix = f'It says: "{" ".join(text.split())[:300]}"'
                self.note("example_says", f'does not say "{phrase}"', fix)

    def check_message(self, given: dict[str, KnownFact]) -> None:
        """What is heard in the message must agree with the facts, and lead to the same outcome with them."""
        from plainly.understand import understand

        zone = ZoneInfo(self.kb.business.hours.timezone)
        now = datetime.combine(self.example.as_of, time(12), zone)
        heard = understand(self.example.message, self.kb, now=now).facts
        for name, fact in heard.items():
            if name in given and not agrees(fact.value, given[name].value):
                said = say_value(fact.value, name, self.kb)
                wanted = say_value(given[name].value, name, self.kb)
                fix = f"Mend the message or {name} in given."
                self.note("example_message", f'hears {name} = {said} in "{fact.said}", not {wanted}', fix)
        extra = {name: fact for name, fact in heard.items() if name not in given}
        if extra:
            self.decided({**extra, **given}, "example_message")

    def note(self, code: str, what: str, fix: str) -> None:
        """Notes a problem of this example."""
        self.room.problems.error(self.place(), code, f'The example "{self.example.name}" {what}.', fix)

    def place(self) -> Place:
        return self.example.place


def citation(name: str, policy: str) -> Citation:
    """A clause as an example cites it: 2.1 of its own policy, refunds.2-1 of another."""
    other, dot, number = name.partition(".")
    if dot and not other.isdigit():
        return Citation(other, number.replace("-", "."))
    return Citation(policy, name)


def agrees(heard: Value, given: Value) -> bool:
    """True when what was heard is, or may be, what is given."""
    if isinstance(given, Between):
        return agrees(heard, given.low) or agrees(heard, given.high) or heard == given
    if isinstance(heard, Between):
        try:
            return bool(_at(heard.low) <= _at(given) <= _at(heard.high))
        except TypeError:
            return False
    return heard == given


def _at(value: Value) -> tuple[object, ...]:
    """A value that can be put in order with others of its kind."""
    if isinstance(value, date):
        return (value,)
    amount = getattr(value, "amount", value)
    return (getattr(value, "unit", ""), amount)


def _plain(text: str) -> str:
    return " ".join(text.replace("*", "").lower().split())
