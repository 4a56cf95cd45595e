"""Drafts for a customer's message: asked of Rasa without side effects, kept as shown, made once for all who look."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from anyio import to_thread
from sqlalchemy.orm import Session

from plainly.clock import now
from plainly.gateway.rasa import Rasa, RasaError
from plainly.gateway.state import Gateway
from plainly.gateway.suggesting.preparing import Prepared, found, prepare
from plainly.store.conversations import locked
from plainly.store.desk_tables import SuggestionRow
from plainly.store.records import keep_record
from plainly.store.suggestions import has_record, keep_drafts, same_basis, shown_drafts
from plainly.suggest.drafts import Drafted, Proposal, drafts, read_proposal
from plainly.suggest.ground import Ground, decided
from plainly.turn.wire import citation_to_json, context_from_json
from plainly.wording.phrases import phrases

log = structlog.get_logger(__name__)

Json = dict[str, Any]

PATIENCE = 6.0
"""Seconds an agent waits for drafts at most."""

_NOT_COVERED = "no_policy_found"
_KEPT = ("complaint", "feedback")
_FAILED = ("error_engine", "error_retry", "escalated")


@dataclass(frozen=True)
class Made:
    """Drafts that were made, with the memory they leave. `note` tells staff what they should know of them.

    `records` are what the engine's own words say is kept ("I'm taking this down"): kept once they are sent.
    """

    drafts: tuple[Drafted, ...]
    context: Json
    covered: bool
    note: str = ""
    gap: Json | None = None
    records: tuple[Json, ...] = ()


async def make(rasa: Rasa, prepared: Prepared, role: str) -> Made:
    """The drafts for a message. When the assistant does not answer, what the rules alone can say."""
    if prepared.request is None:
        return Made(_taken_up(prepared, role), prepared.context, covered=True)
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await rasa.draft(prepared.request)
    except (RasaError, TimeoutError) as wrong:
        log.warning("draft_failed", conversation=prepared.conversation_id, error=str(wrong))
        return _without_assistant(prepared, role)
    return made_of(prepared.ground, answer, role) or _without_assistant(prepared, role)


def made_of(ground: Ground, answer: Json, role: str) -> Made | None:
    """The drafts that an answer of Rasa's gives rise to; None when it is no answer for people."""
    reply = answer["reply"]
    if reply["status"] in _FAILED:
        return None
    proposal = read_proposal(reply, float(answer.get("confidence") or 1.0))
    after = _moved_on(ground, reply["context"])
    found = drafts(after, proposal, role)
    records = [effect for effect in reply["effects"] if effect["do"] == "record"]
    gaps = [record for record in records if record["kind"] == "gap"]
    if proposal.status == _NOT_COVERED:
        note = phrases().line("suggest.not_covered")
        return Made(found, reply["context"], covered=False, note=note, gap=dict(gaps[0]["data"]) if gaps else {})
    note = "" if found else phrases().line("suggest.nothing_yet")
    kept = tuple(record for record in records if record["kind"] in _KEPT)
    return Made(found, reply["context"], covered=True, note=note, records=kept)


def _moved_on(ground: Ground, data: Json) -> Ground:
    """The case as it stands after a reply."""
    context = context_from_json(data)
    records = {name: fact for name, fact in ground.facts.items() if fact.source == "record"}
    facts = {name: fact for name, fact in {**context.facts, **records}.items() if name in ground.kb.facts}
    decision = decided(ground.kb, context.decision, facts, ground.today)
    return replace(ground, context=context, facts=facts, decision=decision)


def _taken_up(prepared: Prepared, role: str) -> tuple[Drafted, ...]:
    words = phrases().pick("agent.handoff.open", prepared.ground.context.said).text
    return drafts(prepared.ground, Proposal(words, "with_agent", (), 1.0), role)


def _without_assistant(prepared: Prepared, role: str) -> Made:
    ground = prepared.ground
    told = {"yes": "decided_yes", "no": "decided_no", "partly": "decided_partly", "agent": "needs_agent"}
    verdict = ground.settled.verdict if ground.settled else None
    proposal = Proposal("", told[verdict] if verdict else "with_agent", (), 1.0)
    note = phrases().line("suggest.without_assistant")
    return Made(drafts(ground, proposal, role), {}, covered=True, note=note)


def already_shown(session: Session, prepared: Prepared, staff_id: str) -> list[SuggestionRow]:
    """What was shown for this message on the same basis, to them or to a colleague."""
    own = shown_drafts(session, prepared.conversation_id, prepared.seq, staff_id, prepared.basis)
    return own or same_basis(session, prepared.conversation_id, prepared.seq, prepared.basis)


def keep(session: Session, prepared: Prepared, made: Made, staff_id: str) -> list[SuggestionRow]:
    """Store drafts as shown, and once the gap they stand before."""
    row = locked(session, prepared.conversation_id)
    if made.gap is not None and not has_record(session, row.id, "gap", prepared.seq):
        data = {"question": prepared.text[:500], **made.gap, "from": "desk"}
        keep_record(session, row.id, "gap", data, message_seq=prepared.seq, now=now())
    about = {"basis": prepared.basis, "context": made.context, "covered": made.covered, "note": made.note}
    shown = [
        {**as_json(draft), **about, "records": list(made.records) if draft.kind == "reply" else []}
        for draft in made.drafts
    ]
    return keep_drafts(session, row.id, shown, for_seq=prepared.seq, shown_to=staff_id, now=now())


def keep_again(session: Session, rows: list[SuggestionRow], staff_id: str, moment: datetime) -> list[SuggestionRow]:
    """A colleague's drafts, now shown to somebody else too."""
    shown = [{"text": row.body, **row.draft} for row in rows]
    return keep_drafts(session, rows[0].conversation_id, shown, for_seq=rows[0].for_seq, shown_to=staff_id, now=moment)


def as_json(draft: Drafted) -> Json:
    """A draft as other programs get it."""
    return {
        "kind": draft.kind,
        "text": draft.text,
        "status": draft.status,
        "citations": [citation_to_json(citation) for citation in draft.citations],
        "decision": draft.decision,
        "receipt": draft.receipt,
        "confidence": round(draft.confidence, 4),
    }


_SHOWN = ("kind", "status", "citations", "decision", "receipt", "confidence")


def shown_json(rows: list[SuggestionRow]) -> Json:
    """Drafts as the console shows them, those set aside left out."""
    return {
        "drafts": [
            {"id": row.id, "text": row.body, **{name: row.draft.get(name) for name in _SHOWN}}
            for row in rows
            if row.used != "discarded"
        ],
        "covered": all(bool(row.draft.get("covered", True)) for row in rows),
        "note": next((str(row.draft["note"]) for row in rows if row.draft.get("note")), ""),
    }


async def suggestions(here: Gateway, conversation_id: str, seq: int | None, *, staff_id: str, role: str) -> Json:
    """The drafts for a message of a conversation, stored as shown. Raises PlainlyError `unknown_message`."""
    prepared, rows = await to_thread.run_sync(_look, here, conversation_id, seq, staff_id)
    if rows and rows[0].shown_to == staff_id:
        return shown_json(rows)
    if rows:
        return await to_thread.run_sync(_show_again, here, rows, staff_id)
    made = await make(here.rasa, prepared, role)
    if not made.drafts and made.gap is None:
        return {"drafts": [], "covered": made.covered, "note": made.note or phrases().line("suggest.nothing_yet")}
    return await to_thread.run_sync(_store, here, prepared, made, staff_id)


def _look(here: Gateway, conversation_id: str, seq: int | None, staff_id: str) -> tuple[Prepared, list[SuggestionRow]]:
    with here.store.read() as session:
        row = found(session, conversation_id)
        prepared = prepare(session, here, row, seq)
        return prepared, already_shown(session, prepared, staff_id)


def _show_again(here: Gateway, rows: list[SuggestionRow], staff_id: str) -> Json:
    with here.store.write() as session:
        return shown_json(keep_again(session, rows, staff_id, now()))


def _store(here: Gateway, prepared: Prepared, made: Made, staff_id: str) -> Json:
    with here.store.write() as session:
        rows = keep(session, prepared, made, staff_id)
    return {**shown_json(rows), "covered": made.covered, "note": made.note}
