"""The public pages: the demo shop, and the policies as anybody may read and print them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any

import nh3
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from plainly.clock import today
from plainly.errors import PlainlyError
from plainly.gateway.explained import told_alternatives, told_examples, told_levers
from plainly.gateway.state import Gateway, gateway_of

HERE = Path(__file__).parent
_TEMPLATES = HERE / "templates"

router = APIRouter(include_in_schema=False)

Here = Annotated[Gateway, Depends(gateway_of)]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["markdown"] = markdown
    return environment


@cache
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def markdown(text: str) -> Markup:
    """Markdown of the folder as safe HTML: no raw HTML, and only links a reader may follow."""
    html = nh3.clean(_renderer().render(text), url_schemes={"http", "https", "mailto", "tel"}, link_rel="noopener")
    return Markup(html)  # noqa: S704  cleaned in the line above


def render(template: str, **given: Any) -> HTMLResponse:
    """A page from its template."""
    return HTMLResponse(_environment().get_template(template).render(**given))


def wants_page(request: Request) -> bool:
    """Whether a person at a browser asked, rather than a program."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def problem_page(status: int) -> HTMLResponse:
    """What a person sees instead of a page that is missing or cannot be shown."""
    page = render("problem.html.j2", missing=status == 404)
    page.status_code = status
    return page


@router.get("/")
async def shop(here: Here) -> HTMLResponse:
    """The demo shop with the widget."""
    kb = here.folder.current()
    return render("shop.html.j2", kb=kb, business=kb.business, today=today())


@router.get("/policies")
async def policies(here: Here) -> HTMLResponse:
    """All policies."""
    kb = here.folder.current()
    return render("policies.html.j2", kb=kb, business=kb.business, today=today())


@router.get("/policies/{policy_id}")
def policy(policy_id: str, here: Here) -> HTMLResponse:
    """One policy: its words, why they are as they are, and what changed."""
    kb = here.folder.current()
    if policy_id not in kb.policies:
        raise PlainlyError("unknown_policy", "There is no such policy.", {"policy": policy_id})
    found = kb.policies[policy_id]
    explained = {
        "clauses": {number: markdown(clause.text) for number, clause in found.clauses.items()},
        "examples": told_examples(kb, found),
        "alternatives": told_alternatives(kb, found, today()),
        "levers": told_levers(kb, found, today()),
    }
    return render("policy.html.j2", policy=found, kb=kb, business=kb.business, today=today(), **explained)
