"""Cases, contexts and replies to and from JSON: what travels between gateway, Rasa and actions.

Values keep their type on the way: `{"date": "2026-10-12"}`, `{"number": "30"}`, plain strings for
choices and plain booleans for yes/no. Reading raises `WireError` and names what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast, get_args

from plainly.errors import PlainlyError
from plainly.model import (
    Awaiting,
    Between,
    Button,
    Case,
    Citation,
    Context,
    Decision,
    DeskState,
    Duration,
    Effect,
    Escalate,
    Facts,
    Grant,
    KnownFact,
    Passage,
    PastGrant,
    PersonSaid,
    Record,
    Reply,
    Scalar,
    Source,
    Unit,
    Value,
)

Json = dict[str, Any]


class WireError(PlainlyError):
    """What came over the wire is not what docs/architecture.md promises."""

    def __init__(self, message: str) -> None:
        super().__init__("bad_wire", message, {})


def value_to_json(value: Value) -> Any:
    """One fact's value, with its type kept."""
    if isinstance(value, Between):
        return {"between": [value_to_json(value.low), value_to_json(value.high)]}
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return {"number": str(value)}
    if isinstance(value, Duration):
        return {"amount": value.amount, "unit": value.unit}
    return {"date": value.isoformat()}


def value_from_json(data: Any) -> Value:
    """The reverse of `value_to_json`."""
    if isinstance(data, bool | str):
        return data
    if isinstance(data, Mapping):
        if "between" in data:
            low, high = (value_from_json(part) for part in data["between"])
            return Between(cast("Decimal | date | Duration", low), cast("Decimal | date | Duration", high))
        return _scalar_from_json(data)
    raise WireError(f"{data!r} is not a fact's value.")


def _scalar_from_json(data: Mapping[str, Any]) -> Scalar:
    try:
        if "number" in data:
            return Decimal(str(data["number"]))
        if "date" in data:
            return date.fromisoformat(data["date"])
        if data.get("unit") in get_args(Unit):
            return Duration(int(data["amount"]), data["unit"])
    except (ValueError, InvalidOperation, KeyError, TypeError) as wrong:
        raise WireError(f"{dict(data)!r} is not a fact's value: {wrong}.") from wrong
    raise WireError(f"{dict(data)!r} is not a fact's value.")


def facts_to_json(facts: Facts) -> Json:
    """Known facts by name."""
    return {
        name: {
            "value": value_to_json(fact.value),
            "source": fact.source,
            "said": fact.said,
            "span": list(fact.span) if fact.span else None,
        }
        for name, fact in facts.items()
    }


def facts_from_json(data: Mapping[str, Any]) -> dict[str, KnownFact]:
    """The reverse of `facts_to_json`."""
    known = {}
    for name, fact in data.items():
        span = fact.get("span")
        known[name] = KnownFact(
            name,
            value_from_json(fact["value"]),
            _one_of(fact.get("source", "customer"), Source),
            fact.get("said", ""),
            (int(span[0]), int(span[1])) if span else None,
        )
    return known


def _one_of(value: Any, literal: Any) -> Any:
    if value not in get_args(literal):
        raise WireError(f"{value!r} is not one of {', '.join(get_args(literal))}.")
    return value


def button_to_json(button: Button) -> Json:
    """A button with what it means; only the gateway sees this."""
    return {
        "label": button.label,
        "act": button.act,
        "facts": {name: value_to_json(value) for name, value in button.facts.items()},
        "choice": button.choice,
    }


def button_from_json(data: Mapping[str, Any]) -> Button:
    """The reverse of `button_to_json`."""
    facts = {name: value_from_json(value) for name, value in data.get("facts", {}).items()}
    return Button(data["label"], data["act"], facts, data.get("choice", ""))


def context_to_json(context: Context) -> Json:
    """The dialogue's memory, as the gateway keeps it."""
    return {
        "policy": context.policy,
        "decision": context.decision,
        "facts": facts_to_json(context.facts),
        "awaiting": context.awaiting,
        "asked": context.asked,
        "choices": [button_to_json(button) for button in context.choices],
        "outcome": context.outcome,
        "receipt": context.receipt,
        "pushbacks": context.pushbacks,
        "unclear": context.unclear,
        "tones": list(context.tones),
        "said": list(context.said),
        "offered": list(context.offered),
        "declined": list(context.declined),
        "situation": context.situation,
        "question": context.question,
        "part": context.part,
        "told": [{"by": said.by, "text": said.text} for said in context.told],
        "granted": [
            {"by": one.by, "policy": one.policy, "lever": one.lever, "what": one.what} for one in context.granted
        ],
    }


def context_from_json(data: Mapping[str, Any]) -> Context:
    """The reverse of `context_to_json`; an empty object is a new conversation."""
    return Context(
        policy=data.get("policy"),
        decision=data.get("decision"),
        facts=facts_from_json(data.get("facts", {})),
        awaiting=_one_of(data.get("awaiting", "nothing"), Awaiting),
        asked=data.get("asked"),
        choices=tuple(button_from_json(button) for button in data.get("choices", ())),
        outcome=data.get("outcome"),
        receipt=data.get("receipt"),
        pushbacks=int(data.get("pushbacks", 0)),
        unclear=int(data.get("unclear", 0)),
        tones=tuple(data.get("tones", ())),
        said=tuple(data.get("said", ())),
        offered=tuple(data.get("offered", ())),
        declined=tuple(data.get("declined", ())),
        situation=data.get("situation"),
        question=data.get("question", ""),
        part=data.get("part", ""),
        told=tuple(PersonSaid(said["by"], said["text"]) for said in data.get("told", ())),
        granted=tuple(
            PastGrant(one["by"], one["policy"], one["lever"], one["what"]) for one in data.get("granted", ())
        ),
    )


def desk_to_json(desk: DeskState) -> Json:
    """Whether people are there, and how busy they are."""
    return {
        "open": desk.open,
        "opens": desk.opens.isoformat() if desk.opens else None,
        "waiting": desk.waiting,
        "wait_minutes": desk.wait_minutes,
    }


def desk_from_json(data: Mapping[str, Any]) -> DeskState:
    """The reverse of `desk_to_json`."""
    opens = data.get("opens")
    return DeskState(
        bool(data.get("open", True)),
        datetime.fromisoformat(opens) if opens else None,
        int(data.get("waiting", 0)),
        data.get("wait_minutes"),
    )


def case_to_json(case: Case) -> Json:
    """A case as message metadata; text, act and confidence travel beside it."""
    return {
        "now": case.now.isoformat(),
        "context": context_to_json(case.context),
        "facts": facts_to_json(case.facts),
        "choice": case.choice,
        "desk": desk_to_json(case.desk),
        "levers_left": dict(case.levers_left),
        "audience": case.audience,
    }


def case_from_json(data: Mapping[str, Any], *, text: str, act: str, confidence: float = 1.0) -> Case:
    """The case of one turn, from message metadata and what Rasa made of the text."""
    try:
        return Case(
            text=text,
            act=act,
            now=datetime.fromisoformat(data["now"]),
            context=context_from_json(data.get("context", {})),
            facts=facts_from_json(data.get("facts", {})),
            choice=data.get("choice", ""),
            confidence=confidence,
            desk=desk_from_json(data.get("desk", {})),
            levers_left={name: int(left) for name, left in data.get("levers_left", {}).items()},
            audience="agent" if data.get("audience") == "agent" else "customer",
        )
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise WireError(f"The case cannot be read: {wrong!r}.") from wrong


def effect_to_json(effect: Effect) -> Json:
    """What the gateway must carry out, by name."""
    if isinstance(effect, Escalate):
        return {"do": "escalate", "reason": effect.reason, "packet": dict(effect.packet)}
    if isinstance(effect, Grant):
        return {
            "do": "grant",
            "policy": effect.policy,
            "lever": effect.lever,
            "amount": effect.amount,
            "reason": effect.reason,
        }
    return {"do": "record", "kind": effect.kind, "data": dict(effect.data)}


def effect_from_json(data: Mapping[str, Any]) -> Effect:
    """The reverse of `effect_to_json`."""
    match data["do"]:
        case "escalate":
            return Escalate(data["reason"], data["packet"])
        case "grant":
            return Grant(data["policy"], data["lever"], data["amount"], data["reason"])
        case "record":
            return Record(data["kind"], data["data"])
        case other:
            raise WireError(f"{other!r} is not something a reply can ask for.")


def citation_to_json(citation: Citation) -> Json:
    """A pointer to a clause."""
    return {"policy": citation.policy, "clause": citation.clause}


def passage_to_json(passage: Passage) -> Json:
    """A clause that was found, with its score."""
    return {"policy": passage.policy, "clause": passage.clause, "score": round(passage.score, 4)}


def decision_to_json(decision: Decision) -> Json:
    """A decision with its trace, nearest yes and receipt, for staff, logs and the API."""
    nearest, receipt = decision.nearest_yes, decision.receipt
    return {
        "decision": decision.table,
        "outcome": decision.outcome,
        "verdict": decision.verdict,
        "missing": list(decision.missing),
        "asks": decision.asks,
        "rule": decision.rule,
        "trace": {
            "rows": [
                {
                    "rule": row.rule,
                    "result": row.result,
                    "missing": list(row.missing),
                    "overridden_by": row.overridden_by,
                }
                for row in decision.trace.rows
            ],
            "facts": list(decision.trace.facts),
            "parameters": [
                {
                    "parameter": used.parameter,
                    "value": value_to_json(used.value),
                    "start": used.start.isoformat(),
                    "clause": used.clause,
                }
                for used in decision.trace.parameters
            ],
            "counts_from": decision.trace.counts_from.isoformat(),
        },
        "nearest_yes": {
            "changes": {name: value_to_json(value) for name, value in nearest.changes.items()},
            "outcome": nearest.outcome,
            "rule": nearest.rule,
        }
        if nearest
        else None,
        "citations": [citation_to_json(citation) for citation in decision.citations],
        "receipt": {
            "id": receipt.id,
            "policy": receipt.policy,
            "version": receipt.version,
            "decision": receipt.decision,
            "clauses": list(receipt.clauses),
            "facts": dict(receipt.facts),
            "outcome": receipt.outcome,
            "as_of": receipt.as_of.isoformat(),
        }
        if receipt
        else None,
    }


def reply_to_json(reply: Reply) -> Json:
    """A reply with everything the gateway stores, shows and carries out."""
    decision = decision_to_json(reply.decision) if reply.decision else None
    return {
        "status": reply.status,
        "text": reply.text,
        "parts": [{"role": part.role, "text": part.text} for part in reply.parts],
        "context": context_to_json(reply.context),
        "buttons": [button_to_json(button) for button in reply.buttons],
        "citations": [citation_to_json(citation) for citation in reply.citations],
        "decision": decision,
        "receipt": decision["receipt"] if decision else None,
        "asked": reply.asked,
        "effects": [effect_to_json(effect) for effect in reply.effects],
        "passages": [passage_to_json(passage) for passage in reply.passages],
        "confidence": round(reply.confidence, 4),
    }
