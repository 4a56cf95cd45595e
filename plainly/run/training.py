"""Training the Rasa model when what it is made from has changed, and never twice for the same.

`python -m plainly.run.training` does it by hand.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from plainly.errors import PlainlyError
from plainly.run import ROOT
from plainly.run.program import Program, RunningProgram, how_it_ended
from plainly.settings import settings

SOURCES = ("config.yml", "domain.yml", "domain", "data", "rasa_parts", "encoder", "requirements/rasa.txt")
MODEL = Path("models/plainly.tar.gz")
_HEARTBEAT_SECONDS = 10

Report = Callable[[str], None]


def source_hash(root: Path) -> str:
    """A digest of what the model is made from: each file's name and content, and the sentence model chosen."""
    digest = hashlib.sha256(str(settings().model_dir).encode())
    for path in sorted(_source_files(root)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def _source_files(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        place = root / name
        if place.is_file():
            yield place
        for path in place.rglob("*"):
            if path.is_file() and path.suffix in (".yml", ".yaml", ".py", ".json", ".txt"):
                yield path


def train_if_needed(root: Path, *, rasa_python: Path | None = None, report: Report = print) -> Path:
    """The path of an up-to-date model, trained now if there is none. Raises PlainlyError with Rasa's reason."""
    python = rasa_python or root / ".venv-rasa" / "bin" / "python"
    _check_there(root, python)
    model, stamp = root / MODEL, root / MODEL.with_suffix(".sources")
    model.parent.mkdir(exist_ok=True)
    with _one_at_a_time(root / "models" / ".lock", report):
        wanted = source_hash(root)
        if model.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
            return model
        stamp.unlink(missing_ok=True)
        _train(root, python, report).replace(model)
        stamp.write_text(wanted, encoding="utf-8")
    return model


def _check_there(root: Path, python: Path) -> None:
    missing = [name for name in ("config.yml", "domain.yml", "data") if not (root / name).exists()]
    if missing:
        raise PlainlyError(
            "nothing_to_train", f"The Rasa model cannot be trained: {', '.join(missing)} missing in {root}."
        )
    if not python.exists():
        raise PlainlyError("no_rasa", f"Rasa is not installed: {python} is missing. Run `make setup`.")


@contextlib.contextmanager
def _one_at_a_time(path: Path, report: Report) -> Iterator[None]:
    """Tests and a running assistant may both find the model old; one trains, the other waits for it."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            report("Another process is training the model; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _train(root: Path, python: Path, report: Report) -> Path:
    """Train into a folder of its own, so that a broken training leaves the old model alone."""
    folder = root / "models" / "training"
    shutil.rmtree(folder, ignore_errors=True)
    logs = root / "var" / "log"
    logs.mkdir(parents=True, exist_ok=True)
    report("Training the Rasa model (about a minute, only when its sources change) ...")
    begin = time.monotonic()
    running = RunningProgram(_training(root, python, folder), logs / "training.log")
    try:
        code = _wait(running, begin, report)
    finally:
        running.end(5)
    trained = folder / MODEL.name
    if code or not trained.is_file():
        raise _failure(running, code)
    report(f"    trained in {time.monotonic() - begin:.0f} s")
    return trained


def _training(root: Path, python: Path, folder: Path) -> Program:
    arguments = [
        "train",
        "--domain",
        "domain" if (root / "domain").is_dir() else "domain.yml",
        "--config",
        "config.yml",
    ]
    where = ["--data", "data", "--out", str(folder), "--fixed-model-name", MODEL.name.split(".")[0]]
    return Program("training", (str(python), "-m", "rasa", *arguments, *where), root, rasa_environment(root))


def common_environment(root: Path) -> dict[str, str]:
    """What each of our processes needs in its environment; the operator's own thread counts win."""
    threads = {name: os.environ.get(name, "1") for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    return {
        **threads,
        "TOKENIZERS_PARALLELISM": "false",
        "PYTHONPATH": str(root),
        "PYTHONUNBUFFERED": "1",
        # Compiling all of Rasa anew at each start takes longer than loading it.
        "PYTHONDONTWRITEBYTECODE": "",
    }


def rasa_environment(root: Path) -> dict[str, str]:
    """What a Rasa process of ours needs besides: silence about old libraries, and no telemetry."""
    return {
        **common_environment(root),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
        "MPLCONFIGDIR": str(root / "var" / "cache" / "matplotlib"),
    }


def _wait(running: RunningProgram, begin: float, report: Report) -> int:
    next_line = _HEARTBEAT_SECONDS
    while (code := running.exit_code()) is None:
        time.sleep(0.1)
        if time.monotonic() - begin > next_line:
            report(f"    ... {next_line} s")
            next_line += _HEARTBEAT_SECONDS
    return code


def _failure(running: RunningProgram, code: int) -> PlainlyError:
    said = "\n".join(f"    {line}" for line in list(running.last_lines)[-8:])
    return PlainlyError(
        "training_failed",
        f"The Rasa model could not be trained ({how_it_ended(code)}). Rasa's last words, from {running.log}:\n{said}",
        {"exit_code": code},
    )


def main() -> int:
    """Train by hand: `make train`."""
    try:
        model = train_if_needed(ROOT)
    except PlainlyError as error:
        print(error.message, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"The model is up to date: {model.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
