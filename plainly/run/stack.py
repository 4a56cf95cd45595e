"""The whole assistant on one machine: gateway, Rasa and the action server."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from plainly.errors import PlainlyError
from plainly.run import ROOT
from plainly.run.ports import free_ports
from plainly.run.program import Program
from plainly.run.supervisor import Supervisor
from plainly.run.training import MODEL, common_environment, rasa_environment
from plainly.settings import PREFIX, misspelt_variables

GATEWAY, RASA, ACTIONS = "gateway", "rasa", "actions"
_LOOPBACK = "127.0.0.1"


class Stack(Supervisor):
    """The three processes of Plainly, on free ports unless told otherwise.

    Only the PLAINLY_ settings in `env` reach them, none of the caller's own; a misspelt one is an error.
    `urls` tells where each answers. Needs a trained model (train_if_needed).

        with Stack(var=tmp_path, env={"PLAINLY_NOW": "2026-01-31"}) as stack:
            stack.wait_ready()
            httpx.post(stack.url + "/api/v1/conversations")
            stack.kill("rasa")
    """

    def __init__(
        self,
        *,
        var: Path,
        env: Mapping[str, str] | None = None,
        root: Path = ROOT,
        report: Callable[[str], None] = lambda line: None,
    ) -> None:
        """`var` takes database and logs. `report` hears one line when a process is lost."""
        given = {key: value for key, value in (env or {}).items() if value}
        for slip in misspelt_variables(given):
            raise PlainlyError("unknown_setting", slip)
        host = given.get("PLAINLY_HOST", _LOOPBACK)
        ports = [
            int(given.get(name, "0")) or free
            for name, free in zip(
                ("PLAINLY_PORT", "PLAINLY_RASA_PORT", "PLAINLY_ACTIONS_PORT"), free_ports(3), strict=True
            )
        ]
        self.urls = {
            name: f"http://{_shown_host(place)}:{port}"
            for name, place, port in zip((GATEWAY, RASA, ACTIONS), (host, _LOOPBACK, _LOOPBACK), ports, strict=True)
        }
        self.var = var
        self.env = {**given, **_wiring(self.urls, ports, var), "PLAINLY_HOST": host}
        self.env.setdefault("PLAINLY_INTERNAL_TOKEN", secrets.token_urlsafe(32))
        super().__init__(_programs(root, self.env, self.urls), logs=var / "log", report=report)

    @property
    def url(self) -> str:
        """Where the website and the customer API are."""
        return self.urls[GATEWAY]

    def pids(self) -> dict[str, int]:
        """The process id of each process that runs now."""
        found = {program.name: self.pid(program.name) for program in self.programs()}
        return {name: pid for name, pid in found.items() if pid is not None}


def _shown_host(host: str) -> str:
    """The address to type: one that listens everywhere is reached at the loopback address."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104  compared, not bound
        return _LOOPBACK
    return f"[{host}]" if ":" in host else host


def _wiring(urls: Mapping[str, str], ports: list[int], var: Path) -> dict[str, str]:
    names = ("PLAINLY_PORT", "PLAINLY_RASA_PORT", "PLAINLY_ACTIONS_PORT")
    return {
        **dict(zip(names, map(str, ports), strict=True)),
        "PLAINLY_RASA_URL": urls[RASA],
        "PLAINLY_ACTIONS_URL": f"{urls[ACTIONS]}/webhook",
        "PLAINLY_VAR": str(var),
    }


def _programs(root: Path, env: Mapping[str, str], urls: Mapping[str, str]) -> list[Program]:
    inherited = {key: "" for key in os.environ if key.startswith(PREFIX)}
    ours = {**inherited, **common_environment(root), **env}
    python = str(root / ".venv" / "bin" / "python")
    return [
        Program(GATEWAY, _gateway_command(python, env), root, ours, f"{urls[GATEWAY]}/readyz"),
        Program(
            RASA,
            _rasa_command(root, env),
            root,
            {**rasa_environment(root), **ours, **_RASA_LIMITS},
            f"{urls[RASA]}/webhooks/plainly/",
        ),
        Program(
            ACTIONS,
            (python, "-m", "plainly.run.actions_server", "actions", env["PLAINLY_ACTIONS_PORT"]),
            root,
            ours,
            f"{urls[ACTIONS]}/health",
        ),
    ]


# Messages reach Rasa from the gateway alone, which refuses long ones; the default would take 100 MB.
_RASA_LIMITS = {"SANIC_WORKERS": "1", "SANIC_REQUEST_MAX_SIZE": "1000000"}


def _gateway_command(python: str, env: Mapping[str, str]) -> tuple[str, ...]:
    app = (python, "-m", "uvicorn", "plainly.gateway.app:create_app", "--factory")
    where = ("--host", env["PLAINLY_HOST"], "--port", env["PLAINLY_PORT"])
    # Sockets and long polls stay open for minutes; a stop does not wait for them.
    # Frames are small: packing each would cost more time than it saves on the way.
    frames = ("--ws-per-message-deflate", "false")
    return (*app, *where, *frames, "--no-access-log", "--timeout-graceful-shutdown", "3")


def _rasa_command(root: Path, env: Mapping[str, str]) -> tuple[str, ...]:
    python = str(root / ".venv-rasa" / "bin" / "python")
    run = (python, "-m", "rasa", "run", "--model", str(root / MODEL))
    where = ("--interface", _LOOPBACK, "--port", env["PLAINLY_RASA_PORT"])
    # Without --enable-api: the gateway needs our own channel alone, and the API would be open to the host.
    return (*run, *where, "--credentials", "credentials.yml", "--endpoints", "endpoints.yml")
