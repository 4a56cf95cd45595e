"""One to three drafts for staff: what the bot would have said, and beside it only what truly differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from plainly.model import Citation, Decision, Policy
from plainly.suggest.ground import Ground, decided
from plainly.suggest.levers import offers
from plainly.suggest.placeholders import unfilled
from plainly.turn.wire import decision_to_json
from plainly.wording import outcome as words
from plainly.wording.phrases import phrases
from plainly.wording.quote import cite, quote

Json = dict[str, Any]
Kind = Literal["reply", "rule", "way", "question"]

MOST = 3
ALIKE = 0.7
"""From this share of common words on, two drafts are the same thing said twice."""

_WORD = re.compile(r"[^\W_]+")
_FIRST = {
    "decided_no": ("way", "rule"),
    "decided_partly": ("way", "rule"),
    "softened": ("way", "rule"),
    "with_agent": ("way", "rule", "question"),
    "answered": ("question", "way"),
    "asked_fact": ("rule",),
    "needs_agent": ("question",),
    "decided_yes": ("rule",),
}
"""What may stand beside the engine's own reply, by its status, the likeliest first."""


@dataclass(frozen=True)
class Proposal:
    """The engine's reply as it came over the wire. `table` is the decision it offered to check, if any."""

    text: str
    status: str
    citations: tuple[Citation, ...]
    confidence: float
    decision: Json | None = None
    table: str | None = None
    passages: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class Drafted:
    """One draft with what it rests on."""

    kind: Kind
    text: str
    status: str
    citations: tuple[Citation, ...]
    confidence: float
    decision: Json | None = None

    @property
    def receipt(self) -> Json | None:
        """The receipt of the decision it tells."""
        receipt: Json | None = self.decision.get("receipt") if self.decision else None
        return receipt


@dataclass
class _Text:
    """Pieces that become one draft."""

    pieces: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def add(self, text: str) -> None:
        if text.strip():
            self.pieces.append(text.strip())

    def cite(self, ground: Ground, citation: Citation) -> None:
        if citation not in self.citations and citation.policy in ground.kb.policies:
            self.citations.append(citation)
            self.add(cite(ground.kb, citation))


def read_proposal(reply: Mapping[str, Any], act_confidence: float = 1.0) -> Proposal:
    """A reply in JSON as a proposal. Its confidence is that of its weakest part."""
    checks = [str(button["choice"]) for button in reply["buttons"] if str(button.get("choice")).startswith("decision:")]
    return Proposal(
        text=reply["text"],
        status=reply["status"],
        citations=tuple(Citation(one["policy"], one["clause"]) for one in reply["citations"]),
        confidence=min(float(reply.get("confidence", 1.0)), act_confidence),
        decision=reply.get("decision"),
        table=checks[0].partition(":")[2] or None if checks else None,
        passages=tuple(Citation(one["policy"], one["clause"]) for one in reply.get("passages", [])),
    )


def drafts(ground: Ground, proposal: Proposal, role: str) -> tuple[Drafted, ...]:
    """The drafts, best first: the proposal itself, then what a person of this role may say instead."""
    first = Drafted("reply", proposal.text, proposal.status, proposal.citations, proposal.confidence, proposal.decision)
    chosen = [first] if proposal.text.strip() else []
    for draft in _beside(ground, proposal, role):
        if len(chosen) < MOST and all(_differ(draft.text, other.text) for other in chosen):
            chosen.append(draft)
    return tuple(draft for draft in chosen if not unfilled(draft.text))


def _beside(ground: Ground, proposal: Proposal, role: str) -> Iterator[Drafted]:
    made = {"rule": _rule, "way": lambda g, p: _way(g, p, role), "question": _question}
    for kind in _FIRST.get(proposal.status, ()):
        text = made[kind](ground, proposal)
        if text.pieces:
            whole = decision_to_json(ground.decision) if ground.decision else None
            body, cited = "\n\n".join(_paragraphs(text.pieces)), tuple(text.citations)
            yield Drafted(kind, body, _status(ground, kind), cited, proposal.confidence, whole)  # type: ignore[arg-type]


def _paragraphs(pieces: list[str]) -> list[str]:
    """Sentences run on; lists stand by themselves."""
    running: list[str] = []
    found: list[str] = []
    for piece in pieces:
        if "\n" in piece:
            found += [" ".join(running), piece] if running else [piece]
            running = []
        else:
            running.append(piece)
    return [*found, " ".join(running)] if running else found


def _status(ground: Ground, kind: str) -> str:
    if kind == "question":
        return "asked_fact"
    verdict = ground.settled.verdict if ground.settled else None
    told = {"yes": "decided_yes", "no": "decided_no", "partly": "decided_partly", "agent": "needs_agent"}
    return told[verdict] if verdict else "answered"


def _rule(ground: Ground, proposal: Proposal) -> _Text:
    """The rule in short, with its clause."""
    text, decision, policy = _Text(), ground.settled, ground.policy
    if decision is not None and policy is not None:
        _tell(text, ground, decision, policy, ("rule",) if ground.made_room(policy) else ("verdict", "rule"))
        return text
    found = [one for one in (*proposal.citations, *proposal.passages) if policy is None or one.policy == policy.id]
    if found and found[0].policy in ground.kb.policies:
        text.add(quote(ground.kb.clause(found[0])))
        text.cite(ground, found[0])
    return text


def _tell(text: _Text, ground: Ground, decision: Decision, policy: Policy, roles: tuple[str, ...]) -> None:
    if decision.verdict == "agent":
        roles = tuple(role for role in roles if role != "verdict")
    for part in words.outcome_parts(ground.telling(policy), decision, roles):
        text.add(part.text)
    if text.pieces and decision.citations:
        text.cite(ground, decision.citations[0])


def _way(ground: Ground, proposal: Proposal, role: str) -> _Text:
    """The nearest yes and what can be offered, as far as the proposal does not say it already."""
    text, decision, policy = _Text(), ground.settled, ground.policy
    if decision is None or policy is None or decision.verdict not in ("no", "partly") or ground.made_room(policy):
        return text
    telling = ground.telling(policy)
    nearest = words.say_nearest_yes(telling, decision)
    result = words.outcome_of(telling, decision)
    others = words.say_alternatives(telling, words.fitting_alternatives(telling, result.offers))
    own = [offer for offer in offers(ground, role) if offer.allowed and offer.policy == policy.id]
    levers = [offer for offer in own if offer.say not in proposal.text][:1]
    if not levers and all(part in proposal.text for part in (nearest, others)):
        return text
    _tell(text, ground, decision, policy, ("verdict",))
    text.add(nearest)
    for offer in levers:
        text.add(offer.say)
        text.cite(ground, Citation.of(offer.policy, offer.lever.clause))
    text.add(others)
    return text


def _question(ground: Ground, proposal: Proposal) -> _Text:
    """The question for the fact that settles it, when the proposal does not ask it."""
    text, decision = _Text(), ground.decision
    if decision is None and proposal.table:
        decision = decided(ground.kb, proposal.table, ground.facts, ground.today)
    asked = ground.kb.facts.get(decision.asks or "") if decision else None
    if asked is None:
        return text
    ask = asked.ask
    if ask not in proposal.text:
        text.add(phrases().pick("answer.ask_lead").text)
        text.add(ask)
    return text


def _differ(one: str, other: str) -> bool:
    """Whether two drafts say different things, or one of them much less."""
    first, second = set(_WORD.findall(one.lower())), set(_WORD.findall(other.lower()))
    both = len(first & second)
    return both < ALIKE * max(len(first | second), 1)
