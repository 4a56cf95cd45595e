"""The supervisor's page: how the desk stands now, how it went over time, and the conversations behind each number."""

from plainly.gateway.reports.routes import router

__all__ = ["router"]
