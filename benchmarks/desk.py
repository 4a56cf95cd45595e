"""How fast words travel at the desk: 200 customers with open sockets, 20 agents with open consoles, one gateway.

Rasa is a stand-in, so that the figures are the gateway's own. The load generator shares the machine with it.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from benchmarks.report import Options, Section, ms, p95, spread
from plainly.gateway.staff.guard import COOKIE
from plainly.store import Store
from tests.gateway.processes import GatewayProcess, StandInRasa
from tests.gateway.processes import running as serving
from tests.gateway.staff.people import Desk, make_staff
from tests.store.databases import drop_database, fresh_database

CUSTOMERS, AGENTS, EACH = 200, 20, 4
PAUSE_SECONDS = 3.0
"""An agent writes every three seconds, over their four conversations: more than people do."""
LOST_SECONDS = 10.0

Json = dict[str, Any]


@dataclass
class Seen:
    """When things were seen on screens, in seconds; and what a screen waits for."""

    waiting: dict[str, asyncio.Future[float]] = field(default_factory=dict)

    def expect(self, what: str) -> asyncio.Future[float]:
        self.waiting[what] = asyncio.get_running_loop().create_future()
        return self.waiting[what]

    def note(self, what: str) -> None:
        future = self.waiting.pop(what, None)
        if future is not None and not future.done():
            future.set_result(time.perf_counter())


@dataclass
class Screens:
    """What customers and consoles were shown; `frames` counts those sent to consoles, `processor` is in seconds."""

    customers: Seen = field(default_factory=Seen)
    consoles: Seen = field(default_factory=Seen)
    frames: int = 0
    processor: float = 0.0


@dataclass
class Visitor:
    """A customer with an open socket."""

    id: str
    token: str


def run(options: Options) -> Section:
    rounds, escalations = (4, 10) if options.quick else (16, 60)
    with gateway() as (process, store):
        words, handoffs, screens = asyncio.run(_measure(process, store, rounds, escalations))
    kind = "PostgreSQL" if os.environ.get("PLAINLY_TEST_POSTGRES_URL") else "SQLite"
    section = Section("The desk under load")
    section.add(f"{CUSTOMERS} customer sockets, {AGENTS} consoles, one gateway on {kind}.")
    rows = [
        ("an agent's message, from sending it to the customer's screen", len(words), *spread(words), ms(max(words))),
        ("an escalation, from asking to every console", len(handoffs), *spread(handoffs), ms(max(handoffs))),
    ]
    section.table(("what", "times", "median", "95th percentile", "longest"), rows)
    section.add(f"The gateway spent {ms(screens.processor / len(words))} of processor time on each such message.")
    section.add(
        f"The consoles were sent {screens.frames} frames meanwhile. Aims: 150 ms and 1 s at the 95th percentile."
    )
    section.details.append(json.dumps({"words": words, "handoffs": handoffs}))
    if p95(words) > 0.15 or p95(handoffs) > 1:
        section.add("Not met on this run.")
    return section


@contextmanager
def gateway() -> Iterator[tuple[GatewayProcess, Store]]:
    """One gateway on a fresh database: PostgreSQL where there is one to test with, else SQLite."""
    kind = "postgresql" if os.environ.get("PLAINLY_TEST_POSTGRES_URL") else "sqlite"
    with TemporaryDirectory() as folder:
        rasa, address = StandInRasa(), fresh_database(kind, Path(folder))
        try:
            with serving(GatewayProcess(address, rasa.url, Path(folder) / "log", {"PLAINLY_NOW": ""})) as process:
                store = Store(address)
                yield process, store
                store.close()
        finally:
            rasa.end()
            drop_database(address)


async def _measure(
    process: GatewayProcess, store: Store, rounds: int, escalations: int
) -> tuple[list[float], list[float], Screens]:
    desks = [_signed_in(process, store, number) for number in range(AGENTS)]
    screens = Screens()
    limits = httpx.Limits(max_connections=60)
    async with httpx.AsyncClient(base_url=process.url, timeout=30, limits=limits, trust_env=False) as http:
        visitors = [await _open(http) for _ in range(CUSTOMERS)]
        async with _sockets(process, visitors, desks, screens):
            mine = await _claim_all(http, visitors[: AGENTS * EACH], desks)
            begin = _processor(process)
            words = await _converse(http, mine, screens.customers, rounds)
            screens.processor = _processor(process) - begin
            handoffs = await _escalate(http, visitors[AGENTS * EACH :][:escalations], screens.consoles)
    for desk in desks:
        desk.close()
    return words, handoffs, screens


def _processor(process: GatewayProcess) -> float:
    """Seconds of processor time the gateway has used."""
    used = psutil.Process(process.process.pid).cpu_times()
    return float(used.user + used.system)


def _signed_in(process: GatewayProcess, store: Store, number: int) -> Desk:
    return Desk(process, store, staff=make_staff(store, name=f"Agent {number}"))


async def _open(http: httpx.AsyncClient) -> Visitor:
    opened = (await http.post("/api/v1/conversations")).raise_for_status().json()
    return Visitor(opened["id"], opened["token"])


@asynccontextmanager
async def _sockets(
    process: GatewayProcess, visitors: list[Visitor], desks: list[Desk], screens: Screens
) -> AsyncIterator[None]:
    base = process.url.replace("http", "ws", 1)
    tasks: list[asyncio.Task[None]] = []
    sockets: list[ClientConnection] = []
    for visitor in visitors:
        socket = await connect(f"{base}/api/v1/conversations/{visitor.id}/live", proxy=None, compression=None)
        await socket.send(json.dumps({"token": visitor.token, "after": 0}))
        sockets.append(socket)
        tasks.append(asyncio.create_task(_read(socket, _on_screen(screens.customers))))
    for number, desk in enumerate(desks):
        cookie, own = {"Cookie": f"{COOKIE}={desk.token}"}, Origin(process.url)
        address = f"{base}/api/v1/desk/live"
        socket = await connect(address, additional_headers=cookie, origin=own, proxy=None, max_size=None)
        sockets.append(socket)
        tasks.append(asyncio.create_task(_read(socket, _on_console(screens, number))))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(socket.close() for socket in sockets), return_exceptions=True)


async def _read(socket: ClientConnection, take: Callable[[Json], None]) -> None:
    try:
        async for text in socket:
            take(json.loads(text))
    except ConnectionClosed:
        return


def _on_screen(screens: Seen) -> Callable[[Json], None]:
    def take(frame: Json) -> None:
        for message in frame.get("messages", ()):
            screens.note(message["id"])

    return take


def _on_console(screens: Screens, number: int) -> Callable[[Json], None]:
    def take(frame: Json) -> None:
        screens.frames += 1
        for item in frame.get("changed", ()):
            if item["owner"] == "queue":
                screens.consoles.note(f"{item['id']} {number}")

    return take


async def _claim_all(
    http: httpx.AsyncClient, visitors: list[Visitor], desks: list[Desk]
) -> list[tuple[Desk, list[Visitor]]]:
    """Each agent takes their conversations from the bot."""
    mine = [(desk, visitors[at * EACH : (at + 1) * EACH]) for at, desk in enumerate(desks)]
    for desk, theirs in mine:
        for visitor in theirs:
            await _staff(http, desk, visitor, "claim", {"epoch": 0})
    return mine


async def _staff(http: httpx.AsyncClient, desk: Desk, visitor: Visitor, what: str, body: Json) -> None:
    headers = {"X-CSRF": desk.csrf, "Cookie": f"{COOKIE}={desk.token}"}
    path = f"/api/v1/desk/conversations/{visitor.id}/{what}"
    (await http.post(path, json=body, headers=headers)).raise_for_status()


async def _customer(http: httpx.AsyncClient, visitor: Visitor, id_: str, text: str) -> None:
    headers = {"Authorization": f"Bearer {visitor.token}"}
    path = f"/api/v1/conversations/{visitor.id}/messages"
    (await http.post(path, json={"id": id_, "text": text}, headers=headers)).raise_for_status()


async def _converse(
    http: httpx.AsyncClient, mine: list[tuple[Desk, list[Visitor]]], screens: Seen, rounds: int
) -> list[float]:
    """All agents write at their own pace, and every other message is answered."""

    async def agent(number: int, desk: Desk, visitors: list[Visitor]) -> list[float]:
        await asyncio.sleep(PAUSE_SECONDS * number / len(mine))
        taken = []
        for turn in range(rounds):
            visitor, id_ = visitors[turn % len(visitors)], f"a{turn}-{number}"
            begin, seen = time.perf_counter(), screens.expect(id_)
            await _staff(http, desk, visitor, "messages", {"epoch": 1, "id": id_, "text": f"Message {turn}."})
            taken.append(await asyncio.wait_for(seen, LOST_SECONDS) - begin)
            if turn % 2:
                await _customer(http, visitor, f"c{turn}-{number}", "Thanks, and then?")
            await asyncio.sleep(PAUSE_SECONDS)
        return taken

    found = await asyncio.gather(*(agent(number, *one) for number, one in enumerate(mine)))
    return [seconds for one in found for seconds in one]


async def _escalate(http: httpx.AsyncClient, visitors: list[Visitor], consoles: Seen) -> list[float]:
    """One after the other asks for a person; timed until the last of the consoles shows it."""
    taken = []
    for visitor in visitors:
        seen = [consoles.expect(f"{visitor.id} {number}") for number in range(AGENTS)]
        begin = time.perf_counter()
        await _customer(http, visitor, "escalate", "escalate asked")
        taken.append(max(await asyncio.wait_for(asyncio.gather(*seen), LOST_SECONDS)) - begin)
        await asyncio.sleep(0.1)
    return taken
