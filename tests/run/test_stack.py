"""The whole assistant starts, mends itself and goes away without a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from plainly.errors import PlainlyError
from plainly.run import ROOT
from plainly.run.program import answers
from plainly.run.stack import Stack
from tests.run.conftest import eventually, is_alive


def test_that_only_the_settings_given_reach_the_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINLY_DATABASE_URL", "sqlite:////tmp/somebody-elses.db")
    stack = Stack(var=tmp_path, env={"PLAINLY_NOW": "2026-01-31", "PLAINLY_PORT": "8123"})
    assert stack.url == "http://127.0.0.1:8123"
    assert stack.env["PLAINLY_NOW"] == "2026-01-31"
    assert stack.env["PLAINLY_ACTIONS_URL"] == f"{stack.urls['actions']}/webhook"
    for program in stack.programs():
        assert program.env["PLAINLY_DATABASE_URL"] == ""
        assert program.env["PLAINLY_INTERNAL_TOKEN"] == stack.env["PLAINLY_INTERNAL_TOKEN"] != ""


def test_that_a_misspelt_setting_of_a_stack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlainlyError, match="did you mean PLAINLY_NOW"):
        Stack(var=tmp_path, env={"PLAINLY_NWO": "2026-01-31"})


@pytest.mark.parametrize(
    ("host", "url"),
    [("0.0.0.0", "http://127.0.0.1:8123"), ("::1", "http://[::1]:8123"), ("127.0.0.1", "http://127.0.0.1:8123")],
)
def test_that_the_url_printed_is_one_a_browser_can_open(tmp_path: Path, host: str, url: str) -> None:
    assert Stack(var=tmp_path, env={"PLAINLY_HOST": host, "PLAINLY_PORT": "8123"}).url == url


def test_that_rasas_own_api_is_never_opened(tmp_path: Path) -> None:
    commands = {program.name: program.command for program in Stack(var=tmp_path).programs()}
    assert "--enable-api" not in commands["rasa"]
    assert commands["rasa"][commands["rasa"].index("--interface") + 1] == "127.0.0.1"


@pytest.mark.stack
@pytest.mark.parametrize("name", ["gateway", "rasa", "actions"])
def test_that_a_process_killed_comes_back_and_the_assistant_is_ready_again(stack: Stack, name: str) -> None:
    before = stack.pids()
    stack.kill(name)
    assert not answers(f"{stack.url}/readyz")
    stack.wait_ready(60)
    assert eventually(lambda: answers(f"{stack.url}/readyz"))
    assert stack.pids() == {**before, name: stack.pids()[name]}
    assert stack.pids()[name] != before[name]


@pytest.mark.stack
def test_that_rasa_and_the_actions_listen_on_this_machine_alone(stack: Stack) -> None:
    for name in ("rasa", "actions"):
        places = {c.laddr.ip for c in psutil.Process(stack.pids()[name]).net_connections() if c.status == "LISTEN"}
        assert places == {"127.0.0.1"}


@pytest.fixture
def make_run(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    env = {**os.environ, "PLAINLY_PORT": "0", "PLAINLY_VAR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "plainly.run"]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout
    with process.stdout:
        yield process
        process.kill()
        process.wait()


def url_printed(process: subprocess.Popen[str]) -> tuple[str, list[str]]:
    """The URL, and every line said up to it."""
    lines: list[str] = []
    for line in process.stdout or []:
        lines.append(line)
        if "http://" in line:
            return next(word for word in line.split() if word.startswith("http://")), lines
    raise AssertionError("no URL was printed:\n" + "".join(lines))


@pytest.mark.stack
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_that_make_run_prints_one_url_that_answers_and_leaves_nothing_behind(
    make_run: subprocess.Popen[str], number: signal.Signals
) -> None:
    url, _ = url_printed(make_run)
    with urllib.request.urlopen(f"{url}healthz", timeout=5) as response:
        assert response.status == 200
    started = [child.pid for child in psutil.Process(make_run.pid).children(recursive=True)]
    assert len(started) >= 3
    make_run.send_signal(number)
    assert make_run.wait(30) == (-number if number == signal.SIGKILL else 0)
    assert eventually(lambda: not any(is_alive(pid) for pid in started), 5)
    if number != signal.SIGKILL and make_run.stdout:
        assert make_run.stdout.read().splitlines()[-1] == "Stopped."
