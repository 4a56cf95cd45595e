"""The supervisor's pages: how the desk stands now, how it went over time, what customers told us beside their case."""

from fastapi import APIRouter

from plainly.gateway.reports import routes, voice

router = APIRouter()
router.include_router(routes.router)
router.include_router(voice.router)

__all__ = ["router"]
