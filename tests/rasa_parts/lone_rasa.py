"""The real Rasa process and an action server that echoes, without the rest of the assistant."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import httpx

from plainly.run import ROOT
from plainly.run.ports import free_ports
from plainly.run.program import Program
from plainly.run.supervisor import Supervisor
from plainly.run.training import MODEL, common_environment, rasa_environment
from tests import web

TOKEN = "a token for tests"
NOW = "2026-11-20T11:00:00+00:00"
ECHO = Path(__file__).with_name("echo_server.py")


class LoneRasa(Supervisor):
    """Rasa on a free port, ready to be asked for turns. Needs a trained model."""

    def __init__(self, logs: Path) -> None:
        rasa_port, actions_port = free_ports(2)
        self.root_url = f"http://127.0.0.1:{rasa_port}"
        self.url = f"{self.root_url}/webhooks/plainly"
        self.http = web.Client(timeout=30, headers={"Authorization": f"Bearer {TOKEN}"})
        wiring = {"PLAINLY_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook", "PLAINLY_INTERNAL_TOKEN": TOKEN}
        command = (".venv-rasa/bin/python", "-m", "rasa", "run", "--model", str(MODEL), "--port", str(rasa_port))
        files = ("--interface", "127.0.0.1", "--credentials", "credentials.yml", "--endpoints", "endpoints.yml")
        rasa = Program("rasa", (*command, *files), ROOT, {**rasa_environment(ROOT), **wiring}, f"{self.url}/")
        echo = (sys.executable, str(ECHO), str(actions_port))
        health = f"http://127.0.0.1:{actions_port}/health"
        super().__init__([rasa, Program("actions", echo, ROOT, common_environment(ROOT), health)], logs=logs)

    def stop(self) -> None:
        """End both processes and hang up."""
        self.http.close()
        super().stop()

    def ask(self, text: str, message_id: str, **changes: Any) -> httpx.Response:
        """Ask for a turn. `act`, `awaiting`, `sender` and `case` change what is sent."""
        return self.http.post(f"{self.url}/webhook", json=body(text, message_id, **changes))

    def parse(self, text: str) -> dict[str, Any]:
        """What the model makes of a text."""
        answer = self.http.post(f"{self.url}/parse", json={"text": text})
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def body(
    text: str,
    message_id: str,
    *,
    act: str | None = None,
    awaiting: str = "nothing",
    sender: str = "conversation-1",
    case: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The request of docs/architecture.md."""
    case = case if case is not None else {"now": NOW, "context": {"awaiting": awaiting}}
    return {"sender": sender, "message_id": message_id, "text": text, "act": act, "metadata": {"case": case}}
