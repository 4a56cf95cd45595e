"""The facts of a case as staff see and correct them; a correction decides the case anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from plainly.desk import agent_of
from plainly.errors import PlainlyError
from plainly.gateway.console.knowing import packet_of
from plainly.gateway.folder import Folder
from plainly.gateway.staff.guard import Staff
from plainly.gateway.suggesting.given import given_facts
from plainly.gateway.suggesting.knowing import ground_of, known_context, remember
from plainly.model import Fact, KnownFact
from plainly.store.database import touch
from plainly.store.handling import keep_handling, latest_escalation
from plainly.store.tables import ConversationRow
from plainly.suggest.ground import Ground
from plainly.turn.wire import decision_to_json, facts_to_json, value_to_json
from plainly.wording.outcome import name_fact

Json = dict[str, Any]


def facts_json(ground: Ground) -> list[Json]:
    """The facts that matter in this case, known or missing, with what a form needs to correct them."""
    decision = ground.decision
    used = [*decision.trace.facts, *decision.missing] if decision else []
    names = dict.fromkeys([*used, *(name for name in ground.facts if not used)])
    return [_fact_json(ground, ground.kb.facts[name]) for name in names if name in ground.kb.facts]


def _fact_json(ground: Ground, fact: Fact) -> Json:
    known = ground.facts.get(fact.name)
    policy = ground.policy
    said = name_fact(ground.telling(policy), fact, known.value) if known and policy else ""
    return {
        "name": fact.name,
        "type": fact.type,
        "unit": fact.unit,
        "ask": fact.ask,
        "options": [{"name": option.name, "label": option.label or option.say} for option in fact.options],
        "value": value_to_json(known.value) if known else None,
        "said": said,
        "source": known.source if known else None,
    }


def correct(
    session: Session, folder: Folder, row: ConversationRow, name: str, value: Any, *, staff: Staff, now: datetime
) -> Json:
    """Put a fact right in a conversation that is held, decide anew, and give the packet and facts as they are then.

    None as the value takes the fact out. Raises PlainlyError `unknown_fact`, `wrong_value` or `wrong_owner`.
    """
    if not agent_of(row.owner) and row.owner != "queue":
        raise PlainlyError("wrong_owner", "Claim the conversation first.", {"owner": row.owner, "name": ""})
    known = None if value is None else _read(folder, name, value)
    before = ground_of(session, folder, row, now)
    context = known_context(session, row)
    facts = {key: fact for key, fact in context.get("facts", {}).items() if key != name}
    row.facts = {key: fact for key, fact in row.facts.items() if key != name}
    if known is not None:
        facts |= facts_to_json({name: known})
    remember(row, {**context, "facts": facts}, row.seq)
    after = ground_of(session, folder, row, now)
    _settle(row, before, after)
    _mend_packet(session, row, after)
    told = {"fact": name, "value": facts.get(name, {}).get("value")}
    keep_handling(session, row, "corrected", staff.id, data=told, now=now)
    touch(session, row)
    session.flush()
    return {"packet": packet_of(session, row, latest_escalation(session, row.id)), "facts": facts_json(after)}


def _read(folder: Folder, name: str, value: Any) -> KnownFact:
    known = given_facts(folder.current(), {name: value})[name]
    return KnownFact(name, known.value, "agent", said=str(value)[:200])


def _settle(row: ConversationRow, before: Ground, after: Ground) -> None:
    """An answer that came out otherwise was told to nobody yet."""
    old, new = before.settled, after.settled
    if (old.outcome if old else None) != (new.outcome if new else None):
        row.context = {**row.context, "outcome": None, "receipt": None}


def _mend_packet(session: Session, row: ConversationRow, ground: Ground) -> None:
    escalation = latest_escalation(session, row.id)
    if escalation is None or not escalation.packet:
        return
    decision, policy = ground.decision, ground.policy
    said = {
        name: name_fact(ground.telling(policy), ground.kb.facts[name], known.value)
        for name, known in ground.facts.items()
        if policy is not None
    }
    escalation.packet = {
        **escalation.packet,
        "facts": said,
        "policy": policy.id if policy else None,
        "decision": decision.table if decision else None,
        "decided": decision_to_json(decision) if decision else None,
        "outcome": decision.outcome if decision else None,
        "receipt": decision.receipt.id if decision and decision.receipt else None,
    }
