"""Puts the gateway together: start it with `uvicorn plainly.gateway.app:create_app --factory`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import structlog
from anyio import to_thread
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from plainly.gateway import api, assets, clauses, desk_page, health, live, pages, shop_pages
from plainly.gateway.console import live as console_live
from plainly.gateway.console import routes as console
from plainly.gateway.console.board import Board
from plainly.gateway.console.keeper import Keeper
from plainly.gateway.edge import BodyLimit, LastResort, SafeHeaders
from plainly.gateway.folder import Folder
from plainly.gateway.hub import Hub
from plainly.gateway.identity import router as identity_router
from plainly.gateway.limits import Limits
from plainly.gateway.problems import add_error_shape
from plainly.gateway.rasa import Patience, Rasa
from plainly.gateway.rating.closing import Closer
from plainly.gateway.rating.routes import router as rating_router
from plainly.gateway.reports import router as reports_router
from plainly.gateway.staff import owning
from plainly.gateway.staff import pages as staff_pages
from plainly.gateway.staff.host import DeskHost
from plainly.gateway.state import Gateway
from plainly.gateway.suggesting import help_desks, saved
from plainly.gateway.suggesting import routes as suggesting
from plainly.gateway.turns import TurnBook
from plainly.gateway.worker import Worker
from plainly.settings import Settings, settings
from plainly.store import Store
from plainly.store.types import new_id


def create_app(patience: Patience | None = None) -> FastAPI:
    """The web application, with the settings the environment has now."""
    current = settings()
    _set_up_log(current.log_level)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(current, patience) as gateway:
            app.state.gateway = gateway
            yield

    app = FastAPI(
        title="Plainly",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    for router in (api.router, live.router, clauses.router, health.router, assets.router, pages.router):
        app.include_router(router)
    app.include_router(identity_router)
    app.include_router(console.router)
    app.include_router(console_live.router)
    for router in (suggesting.router, saved.router, help_desks.router):
        app.include_router(router)
    app.include_router(rating_router)
    app.include_router(reports_router)
    app.include_router(staff_pages.router)
    app.include_router(owning.router)
    app.include_router(desk_page.router)
    assets.add_static(app)
    shop_pages.add_shop_pages(app)
    add_error_shape(app)
    _add_layers(app, current)
    return app


def _add_layers(app: FastAPI, current: Settings) -> None:
    """The last one added is the outermost."""
    app.add_middleware(LastResort)
    app.add_middleware(BodyLimit)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(current.allowed_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Retry-After"],
        max_age=600,
    )
    app.add_middleware(DeskHost, desk_host=current.desk_host)
    app.add_middleware(SafeHeaders)


@contextlib.asynccontextmanager
async def running(current: Settings, patience: Patience | None = None) -> AsyncIterator[Gateway]:
    """Everything a gateway needs while it runs, and its worker at work."""
    store = await to_thread.run_sync(Store, current.database_url)
    folder = Folder(current.kb)
    await to_thread.run_sync(folder.refresh)
    hub = Hub(store)
    rasa = Rasa(current.rasa_url, current.internal_token, patience)
    board = Board(store, folder, hub)
    gateway = Gateway(current, store, folder, hub, rasa, Limits(current.rate_limit), board)
    keeper = Keeper(store, folder, hub, current.assign)
    worker = Worker(TurnBook(store, folder, new_id()), rasa, hub)
    closer = Closer(store, folder, current.silent_hours)
    jobs = (worker.run(), hub.follow(), folder.follow(), closer.follow(), board.follow(), keeper.follow())
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        yield gateway
    finally:
        gateway.stopping = True
        hub.wake_all()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await worker.stop()
        await rasa.close()
        store.close()


def _set_up_log(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=False,
    )
