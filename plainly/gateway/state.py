"""What one gateway process holds while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from starlette.requests import HTTPConnection

from plainly.gateway.console.board import Board
from plainly.gateway.folder import Folder
from plainly.gateway.hub import Hub
from plainly.gateway.limits import Limits
from plainly.gateway.rasa import Rasa
from plainly.settings import Settings
from plainly.store import Store


@dataclass
class Gateway:
    """The process's database, folder, news, limits and the desk's lists. `stopping` is set when it is asked to end."""

    settings: Settings
    store: Store
    folder: Folder
    hub: Hub
    rasa: Rasa
    limits: Limits
    board: Board
    stopping: bool = False

    @property
    def timezone(self) -> str:
        """The time zone of the business."""
        return self.folder.kb.business.hours.timezone if self.folder.kb else str(self.settings.timezone)


async def gateway_of(connection: HTTPConnection) -> Gateway:
    """The gateway a request came to. Async, as FastAPI gives plain functions a thread each."""
    return gateway_at(connection)


def gateway_at(connection: HTTPConnection) -> Gateway:
    """The gateway a request or a live connection came to."""
    return cast("Gateway", connection.app.state.gateway)
