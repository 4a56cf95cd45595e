"""Staff at their consoles, for tests: what they ask over HTTP, and the live connection of one console."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
from websockets.sync.client import connect
from websockets.sync.connection import Connection
from websockets.typing import Origin

from plainly.gateway.staff.guard import COOKIE
from plainly.store import Store
from tests.gateway.processes import Customer, GatewayProcess, Json
from tests.gateway.staff.people import Desk, make_staff

API = "/api/v1/desk"


class Agent(Desk):
    """A member of staff who works."""

    def __init__(self, gateway: GatewayProcess, store: Store, role: str = "agent", name: str = "Sam", **given: Any):
        staff = given.pop("staff", None) or make_staff(store, role, name=name, **given)
        super().__init__(gateway, store, staff=staff)
        self.id: str = self.staff.id
        self.name: str = self.staff.name

    def see(self, conversation: str) -> Json:
        found: Json = self.get(f"{API}/conversations/{conversation}").raise_for_status().json()
        return found

    def item(self, conversation: str) -> Json:
        item: Json = self.see(conversation)["item"]
        return item

    def listed(self, view: str, q: str = "") -> list[str]:
        found = self.get(f"{API}/conversations", params={"view": view, "q": q}).raise_for_status().json()
        return [item["id"] for item in found["items"]]

    def tries(self, conversation: str, what: str, epoch: int | None = None, **body: Any) -> httpx.Response:
        """Does something as of an epoch, by default the one it has now."""
        if epoch is None and what not in ("wake", "notes", "typing"):
            epoch = self.item(conversation)["epoch"]
        given = body if epoch is None else {"epoch": epoch, **body}
        return self.post(f"{API}/conversations/{conversation}/{what}", json=given)

    def does(self, conversation: str, what: str, epoch: int | None = None, **body: Any) -> Json:
        answer = self.tries(conversation, what, epoch, **body)
        assert answer.is_success, answer.text
        item: Json = answer.json() if answer.content else {}
        return item

    def writes(self, conversation: str, text: str, **body: Any) -> int:
        sent = self.does(conversation, "messages", id=body.pop("id", uuid4().hex), text=text, **body)
        return int(sent["seq"])


def code(answer: httpx.Response) -> tuple[int, str]:
    """The status and code of a refusal."""
    return answer.status_code, str(answer.json()["error"]["code"])


class Console:
    """The live connection of one console. Keeps what it was told, as the real one does."""

    def __init__(self, socket: Connection) -> None:
        self.socket = socket
        self.items: dict[str, Json] = {}
        self.staff: dict[str, Json] = {}
        self.messages: dict[str, list[Json]] = {}
        self.frames: list[Json] = []
        self.seq = -1

    def send(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def hear(self, seconds: float = 10) -> Json:
        """The next frame, taken in."""
        frame: Json = json.loads(self.socket.recv(seconds))
        assert frame["seq"] == (0 if frame["type"] == "hello" else self.seq + 1), "a frame was lost"
        self.seq = frame["seq"]
        self.frames.append(frame)
        if frame["type"] == "hello":
            self.items = {item["id"]: item for item in frame["items"]}
        elif frame["type"] == "items":
            self.items.update({item["id"]: item for item in frame["changed"]})
            for id_ in frame["gone"]:
                self.items.pop(id_, None)
        elif frame["type"] == "messages":
            self.messages.setdefault(frame["conversation"], []).extend(frame["messages"])
        if "staff" in frame and frame["type"] in ("hello", "staff"):
            self.staff = {one["id"]: one for one in frame["staff"]}
        return frame

    def until(self, holds: Callable[[Console], bool], seconds: float = 10) -> Console:
        """Hears until something holds."""
        end = time.monotonic() + seconds
        while not holds(self):
            left = end - time.monotonic()
            assert left > 0, f"it never came; the last frames: {self.frames[-3:]}"
            try:
                self.hear(left)
            except TimeoutError:
                continue
        return self

    def texts(self, conversation: str) -> list[str]:
        return [message["text"] for message in self.messages.get(conversation, [])]


@contextmanager
def console(agent: Agent, origin: str | None = None, hello: bool = True) -> Iterator[Console]:
    address = str(agent.base_url).replace("http", "ws", 1).rstrip("/") + f"{API}/live"
    headers = {"Cookie": f"{COOKIE}={agent.token}"}
    own = Origin(origin or str(agent.base_url).rstrip("/"))
    with connect(address, additional_headers=headers, origin=own, proxy=None, max_size=None) as socket:
        opened = Console(socket)
        if hello:
            assert opened.hear()["type"] == "hello"
        yield opened


def in_queue(gateway: GatewayProcess, reason: str = "asked") -> Customer:
    """A customer who asked for a person and waits."""
    customer = Customer(gateway)
    assert customer.ask(f"escalate {reason}")["status"] == "escalated"
    return customer


def texts(customer: Customer, author: str) -> list[str]:
    """What the customer sees of one author's."""
    return [message["text"] for message in customer.look()["messages"] if message["author"] == author]


def wait_until(holds: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)
