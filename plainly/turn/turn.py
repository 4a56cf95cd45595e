"""One turn while it is being worked on: the case, what was understood, and the reply taking shape."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from plainly.model import (
    Button,
    Case,
    Citation,
    Decision,
    Effect,
    Facts,
    Found,
    KnowledgeBase,
    Part,
    Passage,
    Policy,
    Reply,
    Understanding,
    Value,
)
from plainly.wording.phrases import Phrase, phrases
from plainly.wording.quote import cite
from plainly.wording.slots import Telling

if TYPE_CHECKING:
    from plainly.turn.engine import Engine

PARAGRAPHS = (
    ("acknowledge",),
    ("verdict", "rule", "source", "why"),
    ("next", "nearest", "alternatives", "lever", "offer"),
    ("question",),
    ("understood",),
    ("links",),
)
"""The order of a good reply (docs/architecture.md): which parts share a paragraph."""

REMEMBERED_TONES = 30


@dataclass(frozen=True)
class Turn:
    """What one turn may look at. `facts` are all known facts, `heard` those of this message."""

    engine: Engine
    case: Case
    understanding: Understanding
    facts: Facts
    heard: tuple[str, ...]

    @property
    def kb(self) -> KnowledgeBase:
        """The policy folder as it is now."""
        return self.engine.kb

    @property
    def today(self) -> date:
        """The day the customer is asking on."""
        return self.case.now.date()

    @property
    def news(self) -> set[str]:
        """The facts of this message that were not known so."""
        before = self.case.context.facts
        return {name for name in self.heard if name not in before or before[name].value != self.facts[name].value}

    def telling(self, policy: Policy, decision: str | None = None) -> Telling:
        """What wording needs to speak about a policy in this case."""
        return Telling(self.kb, policy, self.facts, self.today, decision)

    def about(self, text: str) -> Turn:
        """The same turn, looking at one of several questions in the message."""
        return replace(self, case=replace(self.case, text=text))

    @property
    def is_for_staff(self) -> bool:
        """Whether the reply is a draft for a member of staff, who speaks as the person the bot would fetch."""
        return self.case.audience == "agent"

    def frame(self, key: str) -> str:
        """The key of a frame sentence: in the form a person says it, for staff, where there is one."""
        spoken = f"agent.{key}"
        return spoken if self.is_for_staff and phrases().has(spoken) else key

    def search(self, text: str | None = None) -> Found:
        """The clauses for a question, with the policy under discussion in mind."""
        return self.engine.index.search(text or self.case.text, policy=self.case.context.policy)


@dataclass
class Draft:
    """A reply taking shape. Parts are said in the order of PARAGRAPHS, whatever the order of adding."""

    turn: Turn
    parts: list[Part] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    passages: tuple[Passage, ...] = ()
    confidence: float = 1.0
    decision: Decision | None = None
    changes: dict[str, Any] = field(default_factory=dict)

    def add(self, role: str, text: str) -> Draft:
        """Adds words, when there are any."""
        if text.strip():
            self.parts.append(Part(role, text.strip()))
        return self

    def say(self, role: str, key: str, **slots: str) -> Draft:
        """Adds a frame sentence in a form this conversation has not heard yet."""
        return self.add_phrase(role, phrases().pick(self.turn.frame(key), self._heard_before(), **slots))

    def add_phrase(self, role: str, phrase: Phrase | None) -> Draft:
        """Adds a chosen phrase and remembers that it was said."""
        if phrase:
            self.said.append(phrase.id)
            self.add(role, phrase.text)
        return self

    def cite(self, *citations: Citation, shown: bool = True, role: str = "source") -> Draft:
        """Rests the reply on clauses; the first is shown in the text, beside the parts of that role."""
        fresh = [citation for citation in citations if citation not in self.citations]
        self.citations.extend(fresh)
        if shown and fresh:
            self.add(role, cite(self.turn.kb, fresh[0]))
        return self

    def button(self, label: str, act: str, choice: str = "", facts: dict[str, Value] | None = None) -> Draft:
        """Offers something to tap, once."""
        if label not in [button.label for button in self.buttons]:
            self.buttons.append(Button(label, act, facts or {}, choice))
        return self

    def keep(self, **changes: Any) -> Draft:
        """Changes what the dialogue remembers after this turn."""
        self.changes.update(changes)
        return self

    def turn_to(self, policy: Policy) -> Draft:
        """Speaks of a policy; a decision of another policy is no longer under discussion."""
        context = self.turn.case.context
        stays = (context.decision or "").startswith(f"{policy.id}.")
        self.keep(policy=policy.id, outcome=context.outcome if stays else None)
        return self if stays else self.keep(decision=None, receipt=None, pushbacks=0)

    def reply(self, status: str) -> Reply:
        """The finished reply with the context the next turn starts from."""
        context = replace(
            self.turn.case.context,
            **{
                "facts": self._facts_to_keep(),
                "awaiting": "nothing",
                "asked": None,
                "choices": tuple(button for button in self.buttons if button.choice),
                "said": (*self.turn.case.context.said, *self.said),
                "tones": (*self.turn.case.context.tones, self.turn.understanding.tone.label)[-REMEMBERED_TONES:],
                "situation": self.turn.understanding.situation or self.turn.case.context.situation,
                **self.changes,
            },
        )
        return Reply(
            status=status,
            text=assemble(self.parts),
            context=context,
            parts=tuple(self.parts),
            buttons=tuple(self.buttons),
            citations=tuple(self.citations),
            decision=self.decision,
            asked=context.asked,
            effects=tuple(self.effects),
            passages=self.passages,
            confidence=self.confidence,
        )

    def _facts_to_keep(self) -> Facts:
        """What every policy may use, what the policy under discussion alone asks for, and what was known before.

        A word heard as another policy's own fact is forgotten again: it was hardly meant that way.
        """
        here = self.changes.get("policy", self.turn.case.context.policy)
        declared, known = self.turn.kb.facts, self.turn.case.context.facts
        meant = {name for name in self.turn.facts if name in declared and declared[name].policy in ("", here)}
        facts = {name: fact if name in meant else known.get(name) for name, fact in self.turn.facts.items()}
        return {name: fact for name, fact in facts.items() if fact is not None and name in declared}

    def _heard_before(self) -> tuple[str, ...]:
        return (*self.turn.case.context.said, *self.said)


def assemble(parts: list[Part]) -> str:
    """The parts as Markdown paragraphs in the order of a good reply."""
    paragraphs = []
    for roles in PARAGRAPHS:
        texts = [part.text for role in roles for part in parts if part.role == role]
        if texts:
            blocks = any("\n" in text for text in texts)
            paragraphs.append(("\n\n" if blocks else " ").join(texts))
    return "\n\n".join(paragraphs)
