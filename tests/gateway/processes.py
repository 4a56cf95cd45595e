"""Real processes for the gateway's tests: the gateway itself, and a peer that speaks Rasa's side of the wire."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from tests import web

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OPEN = "2026-11-24T11:00"  # a Tuesday
CLOSED = "2026-11-24T22:00"

Json = dict[str, Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class StandInRasa:
    """The scripted peer, in a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, str(HERE / "stand_in_rasa.py")]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def calls(self, sender: str) -> list[Json]:
        """What it was asked for one conversation, in order."""
        found: list[Json] = web.get(f"{self.url}/calls", params={"sender": sender}).json()
        return found

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


class GatewayProcess:
    """A gateway served by uvicorn, as in production."""

    def __init__(self, database_url: str, rasa_url: str, log: Path, env: Mapping[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PLAINLY_")},
            "PLAINLY_DATABASE_URL": database_url,
            "PLAINLY_RASA_URL": rasa_url,
            "PLAINLY_ACTIONS_URL": f"{rasa_url}/webhook",
            "PLAINLY_INTERNAL_TOKEN": "between us",
            "PLAINLY_KB": str(HERE / "kb"),
            "PLAINLY_NOW": OPEN,
            "PLAINLY_RATE_LIMIT": "0",
            **(env or {}),
        }
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        app = [sys.executable, "-m", "uvicorn", "plainly.gateway.app:create_app", "--factory", "--no-access-log"]
        command = [*app, "--port", str(self.port), "--timeout-graceful-shutdown", "2"]
        command += ["--ws-per-message-deflate", "false"]
        with self._log.open("ab") as output:
            process = subprocess.Popen(command, cwd=ROOT, env=self._env, stdout=output, stderr=output)
        self._wait_alive(process)
        return process

    def _wait_alive(self, process: subprocess.Popen[bytes]) -> None:
        for _ in range(300):
            if process.poll() is not None:
                break
            try:
                if web.get(f"{self.url}/healthz", timeout=1).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError(self._log.read_text())

    def kill(self) -> None:
        """SIGKILL, without a chance to tidy up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def restart(self) -> None:
        self.process = self._start()

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def log(self) -> str:
        return self._log.read_text()


@contextmanager
def running(gateway: GatewayProcess) -> Iterator[GatewayProcess]:
    try:
        yield gateway
    finally:
        gateway.end()


@contextmanager
def two_gateways(
    database_url: str, rasa_url: str, folder: Path, env: Mapping[str, str] | None = None
) -> Iterator[tuple[GatewayProcess, GatewayProcess]]:
    """Two gateways on one database that start at once, as after a release."""
    with ThreadPoolExecutor(2) as pool, ExitStack() as stack:
        starting = [pool.submit(GatewayProcess, database_url, rasa_url, folder / name, env) for name in ("one", "two")]
        one, two = (stack.enter_context(running(started.result())) for started in starting)
        yield one, two


@dataclass
class Customer:
    """A customer at the HTTP API, with a conversation of their own."""

    gateway: GatewayProcess
    id: str = ""
    token: str = ""
    seen: int = 0
    read: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.id:
            return
        opened = web.post(f"{self.gateway.url}/api/v1/conversations")
        assert opened.status_code == 201, opened.text
        self.id, self.token, self.seen = opened.json()["id"], opened.json()["token"], opened.json()["seq"]

    @property
    def address(self) -> str:
        return f"{self.gateway.url}/api/v1/conversations/{self.id}/messages"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, **body: Any) -> httpx.Response:
        return web.post(self.address, json={"id": uuid4().hex, **body}, headers=self.headers, timeout=10)

    def say(self, text: str) -> int:
        sent = self.post(text=text)
        assert sent.status_code == 202, sent.text
        seq: int = sent.json()["seq"]
        return seq

    def tap(self, button: str) -> httpx.Response:
        return self.post(button=button)

    def look(self, after: int = 0, wait: float = 0) -> Json:
        found = web.get(self.address, params={"after": after, "wait": wait}, headers=self.headers, timeout=wait + 10)
        assert found.status_code == 200, found.text
        state: Json = found.json()
        return state

    def ask(self, text: str) -> Json:
        """Say something and wait for the one answer to it."""
        return self.answer_after(self.say(text))

    def answer_after(self, seq: int, seconds: float = 25) -> Json:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for message in self.look(seq, wait=5)["messages"]:
                if message["author"] != "customer":
                    answer: Json = message
                    return answer
        raise AssertionError(f"no answer; the gateway says: {self.gateway.log()[-3000:]}")

    def settled(self, seconds: float = 25) -> Json:
        """What stands there once the bot owes nothing more."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = self.look()
            if not state["typing"]:
                return state
            time.sleep(0.05)
        raise AssertionError("still typing")

    def texts(self, author: str) -> list[str]:
        return [message["text"] for message in self.settled()["messages"] if message["author"] == author]
