"""The demo shop's own pages: a stand-in for each page that pages.yml declares, so that no link leads nowhere."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from plainly.gateway.pages import render
from plainly.gateway.state import Gateway, gateway_at
from plainly.kb.linked import business_links, policy_links
from plainly.model import KnowledgeBase


class DeclaredPages(Route):
    """A route to the pages that the folder declares now; for any other path it is not there."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether this request is for a declared page."""
        match, child = super().matches(scope)
        if match is Match.NONE:
            return match, child
        # Before the start there is no folder, and so no page.
        gateway: Gateway | None = getattr(scope["app"].state, "gateway", None)
        declared = gateway is not None and f"/{child['path_params']['path']}" in gateway.folder.pages
        return (match, child) if declared else (Match.NONE, {})


def add_shop_pages(app: FastAPI) -> None:
    """Serve the declared pages, after all routes of the product."""
    app.router.routes.append(DeclaredPages("/{path:path}", shop_page, methods=["GET"], include_in_schema=False))


def shop_page(request: Request) -> Response:
    """What stands in for one page of the shop: its title, and the policies that lead to it."""
    kb = gateway_at(request).folder.current()
    path = f"/{request.path_params['path']}"
    title, say = _called(path, kb)
    leading = [policy for policy in kb.policies.values() if any(link.page == path for link in policy_links(policy))]
    leading.sort(key=lambda policy: policy.title)
    return render("shop_page.html.j2", kb=kb, business=kb.business, path=path, title=title, say=say, leading=leading)


def _called(path: str, kb: KnowledgeBase) -> tuple[str, str]:
    """What the folder calls a page, and says of it; without a link to it, the last part of its path."""
    links = [link for policy in kb.policies.values() for link in policy_links(policy)]
    for link in (*business_links(kb.business), *links):
        if link.page == path:
            return link.title, link.say
    return path.rstrip("/").rpartition("/")[2].partition(".")[0].replace("-", " ").capitalize(), ""
