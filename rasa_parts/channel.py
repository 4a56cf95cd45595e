"""The only way into Rasa: the gateway's channel, where a message runs once and an error is an error."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from plainly.errors import error_body
from plainly.settings import settings
from rasa_parts import patches
from rasa_parts.once import Once
from rasa_parts.refusal import Refusal
from rasa_parts.requests import TurnRequest, read_object, read_text, read_turn
from rasa_parts.turn import CHANNEL, name_act, run_turn, speech_acts

patches.apply()
logger = logging.getLogger(__name__)
# The gateway gives a turn less than 15 seconds, retries included.
TURN_SECONDS = 10.0

Handler = Callable[[Request], Awaitable[dict[str, Any]]]
Answerer = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


class PlainlyInput(InputChannel):
    """The webhook docs/architecture.md describes: `/webhooks/plainly/`."""

    @classmethod
    def name(cls) -> str:
        """The name in the address."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> PlainlyInput:
        """Take the secret from the environment: a file would end up in a repository."""
        return cls(settings().internal_token)

    def __init__(self, token: str = "") -> None:
        """Without a token only this machine may ask."""
        self._token = token.encode()
        self._turns: Once[dict[str, Any]] = Once()

    def blueprint(self, on_new_message: object) -> Blueprint:
        """The three addresses of the channel."""
        blueprint = Blueprint("plainly_channel")
        blueprint.add_route(self._guarded(_health, open_to_all=True), "/", methods=["GET"], name="health")
        blueprint.add_route(self._guarded(self._turn), "/webhook", methods=["POST"], name="turn")
        blueprint.add_route(self._guarded(_parse), "/parse", methods=["POST"], name="parse")
        return blueprint

    async def _turn(self, request: Request) -> dict[str, Any]:
        agent = _agent(request)
        turn = read_turn(request.body, speech_acts(agent))
        return await self._turns.run(turn.key, (turn.text, turn.act), lambda: _timely(agent, turn))

    def _guarded(self, handler: Handler, *, open_to_all: bool = False) -> Answerer:
        """The handler behind the door: whatever goes wrong becomes a status, a code and a sentence."""

        @wraps(handler)
        async def answer(request: Request) -> HTTPResponse:
            try:
                if not open_to_all:
                    self._check_caller(request)
                return response.json(await handler(request))
            except Refusal as refusal:
                return _error(refusal)
            except Exception:
                logger.exception("A request to the channel failed.")
                return _error(Refusal(503, "turn_failed", "The turn failed inside Rasa. See its log."))

        return answer

    def _check_caller(self, request: Request) -> None:
        if self._token:
            kind, _, given = request.headers.get("authorization", "").partition(" ")
            if kind.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), self._token):
                raise Refusal(401, "wrong_token", "The bearer token is missing or wrong.")
        elif not _is_loopback(request.ip):
            raise Refusal(401, "no_token", "Without PLAINLY_INTERNAL_TOKEN only this machine may ask.")


def _agent(request: Request) -> Agent:
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        raise Refusal(503, "no_model", "No trained model is loaded. Run `make train`.")
    return agent


async def _health(request: Request) -> dict[str, Any]:
    return {"status": "ok", "model": _agent(request).model_id}


async def _parse(request: Request) -> dict[str, Any]:
    agent = _agent(request)
    parsed = await name_act(agent, read_text(read_object(request.body)))
    ranking = [{"act": one["name"], "confidence": round(one["confidence"], 4)} for one in parsed["intent_ranking"]]
    return {"act": parsed["intent"]["name"], "confidence": ranking[0]["confidence"], "ranking": ranking}


async def _timely(agent: Agent, turn: TurnRequest) -> dict[str, Any]:
    try:
        return await asyncio.wait_for(run_turn(agent, turn), TURN_SECONDS)
    except asyncio.TimeoutError:
        raise Refusal(503, "too_slow", f"The turn took more than {TURN_SECONDS:g} seconds.") from None


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _error(refusal: Refusal) -> HTTPResponse:
    return response.json(error_body(refusal.code, refusal.message), status=refusal.status)
