"""`make run`: check, train if needed, start everything, print the URL, keep it running."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from plainly.errors import PlainlyError
from plainly.run import ROOT
from plainly.run.ports import check_port
from plainly.run.stack import Stack
from plainly.run.training import train_if_needed
from plainly.settings import VARIABLES, Settings, misspelt_variables, settings

_NEEDED_BYTES = 200_000_000
_AT_ONCE_SECONDS = 3.0


class _Stop(BaseException):
    """Somebody asked us to stop."""


def main() -> int:
    """Run until Ctrl-C or SIGTERM; 0 after a stop that was asked for, 1 when something must be mended."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        _run(settings())
    except _Stop:
        _say("Stopped.")
        return 0
    except PlainlyError as error:
        print(error.message, file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        print(f"Plainly could not start: {error}.", file=sys.stderr, flush=True)
        return 1
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    # A second Ctrl-C while we end the processes must not leave one behind.
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    raise _Stop


def _run(current: Settings) -> None:
    for line in misspelt_variables(os.environ):
        _say(f"Note: {line}")
    if current.port:
        check_port(current.host, current.port)
    _check_space(current.var)
    check = _start_check(current)
    try:
        _serve(current, check)
    finally:
        check.kill()


def _serve(current: Settings, check: subprocess.Popen[str]) -> None:
    train_if_needed(ROOT, report=_say)
    if not any(current.cache.glob("vectors-*")):
        _read_policies(current)
    own = {name: os.environ[name] for name in VARIABLES if name in os.environ}
    fixed = {"PLAINLY_PORT": str(current.port or ""), "PLAINLY_KB": str(current.kb)}
    stack = Stack(var=current.var, env={**own, **fixed}, report=_say)
    _say("Starting the gateway, Rasa and the actions ...")
    try:
        stack.start()
        _end_check(check)
        stack.wait_ready(progress=lambda line: _say(f"    {line}"))
        # Made only now: passwords of a start that failed would never be seen.
        for line in about_the_desk(current.desk_host, _demo_staff()):
            _say(line)
        _say(f"Plainly answers at {stack.url}/ (Ctrl-C stops it)")
        while True:
            time.sleep(3600)
    finally:
        stack.stop()


def _check_space(var: Path) -> None:
    try:
        var.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(var).free
    except OSError as error:
        raise PlainlyError(
            "var_unusable", f"The folder {var} cannot be written ({error.strerror}): set PLAINLY_VAR to one that can."
        ) from error
    if free < _NEEDED_BYTES:
        raise PlainlyError(
            "no_space",
            f"There is not enough disk space at {var}: {free / 1e6:.0f} MB are free, {_NEEDED_BYTES / 1e6:.0f} MB are "
            "needed. Free some, or set PLAINLY_VAR to another place.",
        )


def _start_check(current: Settings) -> subprocess.Popen[str]:
    """The checker at work; it takes about as long as the processes take to start. Most errors show at once."""
    _say("Checking the policies ...")
    command = [sys.executable, "-m", "plainly.cli", "check", "--kb", str(current.kb)]
    check = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with suppress(subprocess.TimeoutExpired):
        if check.wait(_AT_ONCE_SECONDS):
            _end_check(check)
    return check


def _end_check(check: subprocess.Popen[str]) -> None:
    """Show the checker's own report and stop when the folder has an error."""
    report = check.communicate()[0].strip()
    if check.returncode:
        raise PlainlyError("broken_policies", f"{report}\n\nPlainly does not start with a broken policy folder.")


def _read_policies(current: Settings) -> None:
    """Fill the cache of sentence vectors: a minute or two the first time, seconds afterwards."""
    _say("Reading the policies (a minute or two the first time) ...")
    command = [sys.executable, "-m", "plainly.cli", "ask", "hello", "--kb", str(current.kb)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PlainlyError("cannot_read_policies", f"The policies cannot be read: {done.stderr.strip()}")


def _demo_staff() -> Mapping[str, Any]:
    """Make the demo's accounts of staff the first time; their passwords are printed now and kept nowhere."""
    command = [sys.executable, "-m", "plainly.cli", "user", "demo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PlainlyError("no_staff", f"The accounts of staff cannot be read: {done.stderr.strip()}")
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def about_the_desk(host: str, staff: Mapping[str, Any]) -> list[str]:
    """What to say about signing in, without an address of its own: one URL is printed, the customers'.

    `host` is the desk's own host name, if any; `staff` is what `plainly user demo` printed.
    """
    lines = [f"Staff sign in at /desk/sign-in{f' on {host}' if host else ''}"]
    if staff["accounts"]:
        lines.append("    Accounts for the demo, made now; the passwords are shown this once:")
        lines += [f"        {one['role']:<10}  {one['login']:<10}  {one['password']}" for one in staff["accounts"]]
    elif staff["anybody"]:
        lines.append("    Forgot a password? .venv/bin/plainly user password LOGIN --generate")
    else:
        lines.append("    Nobody has an account yet: .venv/bin/plainly user add LOGIN --role owner")
    return lines


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
