"""The same drafts and decisions for other help desks, opened by an API key."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from plainly.clock import now
from plainly.desk import desk_state
from plainly.errors import PlainlyError
from plainly.gateway.problems import Problem
from plainly.gateway.rasa import RasaError
from plainly.gateway.staff.keys import Key
from plainly.gateway.state import Gateway, gateway_of
from plainly.gateway.suggesting.drafting import Made, as_json, made_of
from plainly.gateway.suggesting.given import given_facts, values_checked
from plainly.gateway.suggesting.preparing import draft_request
from plainly.gateway.text import clean_text
from plainly.store.types import new_id
from plainly.suggest.deciding import decided as decide_as_json
from plainly.suggest.ground import Ground, decided
from plainly.suggest.rules import Rules
from plainly.turn.wire import WireError, context_from_json, context_to_json, desk_to_json, facts_to_json

Json = dict[str, Any]
Here = Annotated[Gateway, Depends(gateway_of)]

_ROLE = "agent"

router = APIRouter(prefix="/api/v1", tags=["help desks"], responses={"4XX": {"model": Problem}})


class Asked(BaseModel):
    """A customer's message. `facts` are what your records say, `context` is what the last answer gave back."""

    model_config = ConfigDict(extra="forbid")

    text: str
    facts: Json = Field(default_factory=dict)
    context: Json = Field(default_factory=dict)
    as_of: date | None = None


class Deciding(BaseModel):
    """A decision ("returns.can_return") and the facts it is to be made on."""

    model_config = ConfigDict(extra="forbid")

    decision: str = Field(max_length=200)
    facts: Json = Field(default_factory=dict)
    as_of: date | None = None


@router.post("/suggest")
async def suggest(asked: Asked, key: Key, here: Here) -> Json:
    """One to three drafts for a message, best first. Nothing is stored; send `context` back with the next one."""
    text, moment = clean_text(asked.text), _moment(asked.as_of)
    ground = await to_thread.run_sync(_ground, here, asked, moment)
    case = {
        "now": moment.isoformat(),
        "context": context_to_json(ground.context),
        "facts": facts_to_json({name: fact for name, fact in ground.facts.items() if fact.source == "record"}),
        "desk": desk_to_json(desk_state(ground.kb.business.hours, moment, 0, ())),
        "audience": "agent",
    }
    request = draft_request(f"api-{key.id}-{new_id()}", text, None, case)
    made = await _made(here, ground, request)
    drafts = [{"id": f"{number}", **as_json(draft)} for number, draft in enumerate(made.drafts, 1)]
    return {"drafts": drafts, "covered": made.covered, "note": made.note, "context": made.context}


def _ground(here: Gateway, asked: Asked, moment: datetime) -> Ground:
    kb = here.folder.current()
    try:
        context = context_from_json(asked.context)
    except (WireError, KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise PlainlyError("wrong_context", "`context` is not what an answer gave back.", {}) from wrong
    records = given_facts(kb, asked.facts)
    facts = {name: fact for name, fact in {**context.facts, **records}.items() if name in kb.facts}
    decision = decided(kb, context.decision, facts, moment.date())
    return Ground(kb, moment.date(), context, facts, decision)


async def _made(here: Gateway, ground: Ground, request: Json) -> Made:
    try:
        answer = await here.rasa.draft(request)
    except RasaError as wrong:
        raise PlainlyError("not_ready", "The assistant does not answer just now. Try again soon.", {}) from wrong
    made = await to_thread.run_sync(made_of, ground, answer, _ROLE)
    if made is None:
        raise PlainlyError("not_ready", "The assistant does not answer just now. Try again soon.", {})
    return made


@router.post("/decide")
async def decide(asked: Deciding, _: Key, here: Here) -> Json:
    """What the rules say about a case, with reasons, receipt and words: the JSON of `plainly decide --json`."""

    def work() -> Json:
        with values_checked():
            return decide_as_json(Rules(here.folder.current()), asked.decision, asked.facts, _moment(asked.as_of))

    return await to_thread.run_sync(work)


def _moment(as_of: date | None) -> datetime:
    current = now()
    return current if as_of is None else datetime.combine(as_of, time(12), current.tzinfo)
