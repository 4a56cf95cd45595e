"""Small real programs to supervise."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from plainly.run.ports import free_ports
from plainly.run.program import Program

MakeProgram = Callable[..., Program]

# A web server that started a child of its own, as real servers do.
SERVER = """
import http.server, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
print("serving", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


@pytest.fixture
def server(tmp_path: Path) -> MakeProgram:
    def make(name: str) -> Program:
        port = free_ports(1)[0]
        return Program(name, (sys.executable, "-c", SERVER, str(port)), tmp_path, {}, f"http://127.0.0.1:{port}/")

    return make


def eventually(what: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether something comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.05)
    return what()


def is_alive(pid: int) -> bool:
    """Whether a process runs (one that ended and was not collected does not)."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def family(pid: int) -> list[int]:
    """A process and everything below it."""
    return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
