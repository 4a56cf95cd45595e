"""One process of ours: how it is started, what it says, how it is ended."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, override

_LEASH = Path(__file__).with_name("leash.py")
_LOG_BYTES = 5_000_000
_REMEMBERED_LINES = 30


@dataclass(frozen=True)
class Program:
    """What to run, and where it answers once it is ready (None: as soon as it runs)."""

    name: str
    command: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)
    ready_url: str | None = None


class RunningProgram:
    """A started program in a process group of its own, its output going line by line to a log file.

    Start it from a thread that lives as long as the program may: its leash is tied to that thread.
    """

    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self.log = log
        self.last_lines: deque[str] = deque(maxlen=_REMEMBERED_LINES)
        leash = [sys.executable, "-I", "-S", str(_LEASH), str(os.getpid())]
        self._process = subprocess.Popen(
            [*leash, *program.command],
            cwd=program.cwd,
            env={**os.environ, **program.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._copy_output, name=f"log of {program.name}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """How it ended (negative: the signal that ended it); None while it runs."""
        return self._process.poll()

    def wait(self, seconds: float) -> None:
        """Return when it has ended, or after some seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def is_ready(self) -> bool:
        """Whether it runs and its ready address answers 2xx."""
        if self.exit_code() is not None:
            return False
        return self.program.ready_url is None or answers(self.program.ready_url)

    def signal(self, number: int) -> None:
        """Send a signal to the program and everything it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def end(self, seconds: float) -> None:
        """Ask it to end; end it by force after some seconds."""
        if self.exit_code() is None:
            self.signal(signal.SIGTERM)
            self.wait(seconds)
        self.close()

    def close(self) -> None:
        """Sweep up what is left of its group, and finish its log."""
        self.signal(signal.SIGKILL)
        self._process.wait()
        self._reader.join(2)

    def _copy_output(self) -> None:
        output: IO[bytes] | None = self._process.stdout
        if output is None:
            return
        log = _Log(self.log, maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8", delay=True)
        log.setFormatter(logging.Formatter(f"%(asctime)s {self.program.name}: %(message)s"))
        with contextlib.closing(log), output:
            for raw in output:
                line = raw.decode("utf-8", "replace").rstrip()
                self.last_lines.append(line)
                log.emit(logging.makeLogRecord({"msg": line}))


class _Log(RotatingFileHandler):
    """A log file that turns over when it is long; a full disk must not stop the program behind it."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """Lose the line."""


def answers(url: str) -> bool:
    """Whether an address of ours answers 2xx within a second."""
    try:
        with urllib.request.urlopen(url, timeout=1) as response:  # noqa: S310  an http address we made
            return 200 <= int(response.status) < 300
    except (urllib.error.URLError, OSError, ValueError):
        return False


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return f"killed by {signal.Signals(-code).name}"
    return f"killed by signal {-code}"
