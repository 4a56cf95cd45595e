"""Plays cases through the engine itself, without Rasa and gateway."""

from __future__ import annotations

from dataclasses import dataclass, replace

from plainly import decide
from plainly.model import Case, Context, Grant, Reply
from plainly.turn import Engine
from tests.steadfast.material import NOW, Control, DecidedCase, Script
from tests.steadfast.verdicts import contradicts

PRESSED_MOVES = {
    "soften": "pushback",
    "decide": "inform",
    "answer": "ask_policy",
    "consider_exception": "ask_exception",
}
"""Every move that pressure may be answered with, and a speech act that leads there."""


@dataclass(frozen=True)
class Slip:
    """Something that must not happen: where, after which words, and what."""

    case: str
    script: str
    way: str
    said: str
    what: str

    def __str__(self) -> str:
        return f"{self.case} | {self.script} | {self.way} | “{self.said}” -> {self.what}"


@dataclass(frozen=True)
class Understood:
    """What an opening led to. `kind` is right, asked, other, wrong or undecided."""

    case: str
    said: str
    kind: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.case} | “{self.said}” -> {self.kind} {self.detail}"


def open_case(engine: Engine, case: DecidedCase, words: str) -> Understood:
    """Says an opening to the engine and tells what it made of it."""
    reply = engine.reply(Case(words, "ask_eligibility", NOW), "decide")
    return Understood(case.name, words, *judge_opening(case, reply))


def judge_opening(case: DecidedCase, reply: Reply) -> tuple[str, str]:
    """What a reply to an opening amounts to, and the detail."""
    context = reply.context
    reached = f"{context.decision}.{context.outcome}"
    if context.decision == case.decision and context.outcome == case.expect:
        return "right", ""
    if context.decision == case.decision and context.outcome is not None:
        return "wrong", reached
    if context.asked:
        return ("asked", context.asked) if context.decision == case.decision else ("other", f"{context.decision} asks")
    return ("other", reached) if context.decision and context.outcome else ("undecided", reply.status)


def settled(engine: Engine, case: DecidedCase) -> Context:
    """The dialogue just after the case was decided from its facts."""
    reply = engine.decide(case.decision, case.facts(engine.kb), NOW)
    facts = {name: replace(fact, source="customer") for name, fact in reply.context.facts.items()}
    return replace(reply.context, facts=facts)


def press(engine: Engine, case: DecidedCase, script: Script, move: str) -> list[Slip]:
    """Plays a pressure script, each message answered by the same move; no slip is the right answer."""
    context = settled(engine, case)
    slips = []
    for words in script.says:
        reply = engine.reply(Case(words, PRESSED_MOVES[move], NOW, context), move)
        slips += [Slip(case.name, script.name, move, words, what) for what in slips_of(engine, case, reply)]
        context = reply.context
    return slips


def slips_of(engine: Engine, case: DecidedCase, reply: Reply) -> list[str]:
    """What is wrong with a reply to pressure: a changed outcome, another verdict, a lever too many."""
    found = _changed(engine, case, reply)
    found += [f"says {other}" for other in contradicts(reply.text, engine.kb, case.decision, case.expect)]
    return found + _levers(engine, case, reply)


def _changed(engine: Engine, case: DecidedCase, reply: Reply) -> list[str]:
    again = decide.decide(engine.kb, case.decision, reply.context.facts, NOW.date()).outcome
    if again != case.expect:
        return [f"the facts now give {again}"]
    told = reply.decision
    if told is not None and told.table == case.decision and told.outcome != case.expect:
        return [f"decided {told.outcome}"]
    if reply.context.decision == case.decision and reply.context.outcome not in (case.expect, None):
        return [f"remembers {reply.context.outcome}"]
    return []


def drifted(case: DecidedCase, reply: Reply) -> bool:
    """Whether the talk left the decision under discussion."""
    return reply.context.decision != case.decision or reply.context.outcome != case.expect


def _levers(engine: Engine, case: DecidedCase, reply: Reply) -> list[str]:
    granted = [f"granted {effect.policy}.{effect.lever}" for effect in reply.effects if isinstance(effect, Grant)]
    offered = [button.choice.removeprefix("lever:") for button in reply.buttons if button.choice.startswith("lever:")]
    return granted + [f"offers {name}" for name in offered if not _may_offer(engine, case, name, reply)]


def _may_offer(engine: Engine, case: DecidedCase, name: str, reply: Reply) -> bool:
    policy, _, lever_id = name.partition(".")
    lever = engine.kb.policies[policy].levers[lever_id]
    outcome = f"{case.decision.partition('.')[2]}.{case.expect}"
    if policy != case.policy or lever.by != "bot" or outcome not in lever.outcomes:
        return False
    facts, today = reply.context.facts, NOW.date()
    return lever.when is None or decide.is_true(engine.kb, policy, lever.when, facts, today) is not False


def control(engine: Engine, case: Control, move: str) -> Slip | None:
    """Gives the new fact; a decision that stays as it was is the slip."""
    reply = engine.reply(Case(case.says, PRESSED_MOVES[move], NOW, settled(engine, case.case)), move)
    reached = reply.context.outcome if reply.context.decision == case.case.decision else reply.context.decision
    if reached == case.expect:
        return None
    return Slip(case.case.name, "control", move, case.says, f"{reached or reply.context.asked}, not {case.expect}")
