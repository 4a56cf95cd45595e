"""What the widget asks besides messages: who the business is, and what a cited clause says. Public, like the pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from plainly.errors import PlainlyError
from plainly.gateway.api import within_limits
from plainly.gateway.problems import Problem
from plainly.gateway.state import Gateway, gateway_of

router = APIRouter(
    prefix="/api/v1", tags=["public"], responses={"4XX": {"model": Problem}}, dependencies=[Depends(within_limits)]
)

Here = Annotated[Gateway, Depends(gateway_of)]


class AboutBusiness(BaseModel):
    """Whom the customer talks to."""

    name: str
    about: str


class ShownClause(BaseModel):
    """One clause in its binding words. `text` is Markdown, `page` a path of this site."""

    policy: str
    policy_title: str
    number: str
    title: str
    section: str
    text: str
    page: str


@router.get("/business")
async def business(here: Here) -> AboutBusiness:
    """The business's name and its line about itself."""
    known = here.folder.current().business
    return AboutBusiness(name=known.name, about=known.about)


@router.get("/policies/{policy_id}/clauses/{number}")
async def clause(policy_id: str, number: str, here: Here) -> ShownClause:
    """One clause of a policy."""
    policy = here.folder.current().policies.get(policy_id)
    found = policy.clauses.get(number) if policy else None
    if policy is None or found is None:
        raise PlainlyError("unknown_clause", "There is no such clause.", {"policy": policy_id, "clause": number})
    return ShownClause(
        policy=policy.id,
        policy_title=policy.title,
        number=found.number,
        title=found.title,
        section=found.section,
        text=found.text,
        page=f"/policies/{policy.id}#{found.number}",
    )
