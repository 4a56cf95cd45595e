"""Makes both environments, .venv and .venv-rasa, exactly as the hash-locked requirements say.

Runs on any Python from 3.8 with nothing installed. Does nothing when nothing has changed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
LOG = ROOT / "var" / "log" / "setup.log"
HEARTBEAT_SECONDS = 10


class Environment(NamedTuple):
    """One environment to make."""

    folder: str
    python: str
    lock: str
    why: str
    gigabytes: float
    own_package: bool


ENVIRONMENTS = (
    Environment(".venv", "3.12", "requirements/dev.txt", "the assistant", 1.5, True),
    Environment(".venv-rasa", "3.10", "requirements/rasa.txt", "Rasa 3.6, which runs on nothing newer", 4.0, False),
)


class Trouble(Exception):
    """Something the person at the keyboard has to mend, in one sentence."""


def main() -> int:
    """Make what is missing or out of date; say what is being done."""
    with one_at_a_time():
        todo = [env for env in ENVIRONMENTS if stamp_text(env) != read_stamp(env)]
        if not todo:
            return 0
        pythons = {env: find_python(env) for env in todo}
        check_space(todo)
        uv = find_uv() or fetch_uv()
        for env in todo:
            make(env, pythons[env], uv)
        read_policies()
    return 0


def read_policies() -> None:
    """Turn the policies' sentences into vectors now, so that the first question is answered at once."""
    if any((ROOT / "var" / "cache").glob("vectors-*.npz")):
        return
    # A broken folder is no fault of the environments: whoever starts Plainly is told.
    with contextlib.suppress(Trouble):
        run("Reading the policies, once", [str(ROOT / ".venv" / "bin" / "python"), "-m", "plainly.cli", "ask", "hello"])


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two terminals may both say `make run`; the second waits for the first."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with open(ROOT / "var" / "setup.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another make is setting up; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stamp_text(env: Environment) -> str:
    """What an up-to-date environment was made from."""
    digest = hashlib.sha256((ROOT / env.lock).read_bytes())
    if env.own_package:
        digest.update((ROOT / "pyproject.toml").read_bytes())
    return f"{env.python} {ROOT} {digest.hexdigest()}"


def read_stamp(env: Environment) -> str | None:
    """What the environment there was made from; None when it is not whole."""
    stamp = ROOT / env.folder / "plainly-stamp"
    if not stamp.is_file() or python_version(str(ROOT / env.folder / "bin" / "python")) != env.python:
        return None
    return stamp.read_text(encoding="utf-8")


# Pythons


def find_python(env: Environment) -> str:
    """A Python of the minor version an environment needs."""
    for candidate in python_candidates(env.python):
        if python_version(candidate) == env.python:
            return candidate
    raise Trouble(
        f"Python {env.python} is needed for {env.why}, and was not found: install it "
        f"(for example `pyenv install {env.python}` or `uv python install {env.python}`) and run make again."
    )


def python_candidates(version: str) -> Iterator[str]:
    """Where a Python of that version may be, nearest first."""
    yield sys.executable
    for folder in (*os.environ.get("PATH", "").split(os.pathsep), "/usr/local/bin", "/usr/bin"):
        for name in (f"python{version}", "python3"):
            if folder and os.access(os.path.join(folder, name), os.X_OK):
                yield os.path.join(folder, name)
    homes = (
        Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions",
        Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or Path.home() / ".local/share/uv/python"),
    )
    for home in homes:
        yield from (str(path) for path in sorted(home.glob(f"*{version}.*/bin/python3")))


def python_version(command: str) -> str | None:
    """Its minor version, such as 3.12; None when it is no working CPython."""
    code = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([command, "-c", code], capture_output=True, text=True, timeout=30, check=False, cwd=ROOT)
    except (OSError, subprocess.TimeoutExpired):
        return None
    name, _, version = done.stdout.strip().partition(" ")
    return version if done.returncode == 0 and name == "cpython" else None


# uv


def find_uv() -> str | None:
    """A uv that works: our own, or one on the PATH (a pyenv shim may be there and not work)."""
    for candidate in (str(TOOLS / "bin" / "uv"), shutil.which("uv")):
        if candidate and works([candidate, "--version"]):
            return candidate
    return None


def works(command: list[str]) -> bool:
    """Whether a command exists and ends well."""
    try:
        return subprocess.run(command, capture_output=True, timeout=30, check=False, cwd=ROOT).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def fetch_uv() -> str:
    """Install uv into .tools with pip, from its own hash-locked file."""
    if not works([sys.executable, "-c", "import ensurepip, venv"]):
        raise Trouble(
            f"{sys.executable} cannot make environments, because its ensurepip is missing: install it "
            "(on Debian and Ubuntu: apt-get install python3-venv), or install uv, and run make again."
        )
    run("Fetching uv, which installs the rest", [sys.executable, "-m", "venv", "--clear", str(TOOLS)])
    pip = [str(TOOLS / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    run("Installing uv into .tools", [*pip, "--require-hashes", "-r", "requirements/tools.txt"])
    return str(TOOLS / "bin" / "uv")


# Environments


def check_space(todo: list[Environment]) -> None:
    """Refuse to start what cannot be finished."""
    needed = sum(env.gigabytes for env in todo if not (ROOT / env.folder).exists())
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < needed:
        raise Trouble(no_space(f"{needed:.1f} GB are needed and {free:.1f} GB are free"))


def make(env: Environment, python: str, uv: str) -> None:
    """Make or mend one environment, then leave its stamp."""
    folder = ROOT / env.folder
    inside = str(folder / "bin" / "python")
    (folder / "plainly-stamp").unlink(missing_ok=True)
    if python_version(inside) != env.python:
        run(f"Making {env.folder} with Python {env.python}", [uv, "venv", "--clear", "--python", python, str(folder)])
    packages = len(re.findall(r"^[A-Za-z0-9][^ ]*==", (ROOT / env.lock).read_text(encoding="utf-8"), re.MULTILINE))
    pip = [uv, "pip"]
    run(
        f"Installing {packages} packages for {env.why}",
        [*pip, "sync", "--require-hashes", "--python", inside, env.lock],
    )
    if env.own_package:
        own = ["install", "--no-deps", "--no-build-isolation", "--editable", ".", "--python", inside]
        run("Installing the plainly command", [*pip, *own])
    (folder / "plainly-stamp").write_text(stamp_text(env), encoding="utf-8")


def run(what: str, command: list[str]) -> None:
    """Run one step with its output in the log; say that it still runs, and how it ended."""
    say(f"{what} ...")
    start = time.monotonic()
    with open(LOG, "ab") as log:
        log.write(f"\n$ {' '.join(command)}\n".encode())
        log.flush()
        begin = log.tell()
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=quiet_env())
        try:
            wait_with_heartbeat(process, start)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    if process.returncode:
        raise Trouble(explain(what, LOG.read_bytes()[begin:].decode("utf-8", "replace")))
    say(f"    done in {time.monotonic() - start:.0f} s")


def wait_with_heartbeat(process: subprocess.Popen[bytes], start: float) -> None:
    """Wait, with a line every ten seconds so that nobody thinks it hangs."""
    while True:
        try:
            process.wait(HEARTBEAT_SECONDS)
        except subprocess.TimeoutExpired:
            say(f"    ... {time.monotonic() - start:.0f} s")
        else:
            return


def quiet_env() -> dict[str, str]:
    """The environment without what would lead the installers astray."""
    env = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")}
    return {**env, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}


def explain(what: str, output: str) -> str:
    """One sentence for a failed step."""
    details = f"Details are in {LOG.relative_to(ROOT)}."
    if re.search(r"No space left on device|os error 28|Errno 28|Disk quota exceeded", output):
        return no_space(f"{shutil.disk_usage(ROOT).free / 1e9:.1f} GB are free")
    if re.search(r"hash mismatch|Hash mismatch|DO NOT MATCH THE HASHES", output):
        return f"{what} was refused: a download is not the file the lock names (wrong hash). {details}"
    if re.search(r"dns error|[Ff]ailed to (fetch|connect|download)|error sending request|timed? ?out|"
                 r"NewConnectionError|No matching distribution", output):  # fmt: skip
        return f"{what} failed: the package index could not be reached. Check the network and run make again. {details}"
    return f"{what} failed. {details}"


def no_space(figures: str) -> str:
    """The sentence for a full disk."""
    return f"There is not enough disk space at {ROOT}: {figures}. Free some and run make again."


def say(line: str) -> None:
    """One line of progress."""
    print(line, flush=True)


def give_up(line: str, code: int) -> NoReturn:
    """One sentence on standard error, and the exit code."""
    print(line, file=sys.stderr, flush=True)
    sys.exit(code)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        give_up(str(trouble), 1)
    except KeyboardInterrupt:
        give_up("Stopped; `make setup` goes on from here.", 130)
    except OSError as error:
        full = error.errno == 28
        give_up(
            no_space("none is left") if full else f"Setting up failed: {error}. Check that file and run make again.", 1
        )
