"""All checks in one go: linters, types, the policy folder, then every test. Runs on .venv."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINTERS = {
    "ruff": ["-m", "ruff", "check", "--quiet", "."],
    "ruff format": ["-m", "ruff", "format", "--quiet", "--check", "."],
    "mypy": ["-m", "mypy"],
}
CHECKS = {**LINTERS, "plainly check": ["-m", "plainly.cli", "check"]}
# One worker takes the tests that share the running assistant, another those of the browser; both the quick ones.
PYTEST = ["-m", "pytest", "-n", "2", "--dist", "loadgroup", "--junitxml=var/test/junit.xml"]
LOCAL_POSTGRES = "postgresql://plainly:plainly@127.0.0.1:5432/plainly_test"


def main(arguments: list[str]) -> int:
    """Run what was asked for; 0 when all of it passed."""
    if arguments[:1] == ["--lint-only"]:
        return 0 if check(LINTERS) else 1
    if arguments[:1] == ["--check-only"]:
        return 0 if check(CHECKS) else 1
    # Before the tests, whose time limit it would use up; it needs one core, the checks the other.
    training = subprocess.Popen([sys.executable, "-m", "plainly.run.training"], cwd=ROOT)
    passed = check(CHECKS)
    passed = training.wait() == 0 and passed
    passes("sentence vectors", ["-m", "plainly.cli", "ask", "hello"])
    failed = run_tests(arguments)
    if not passed:
        print("The tests ran, but a check before them failed: see above.", flush=True)
    return failed or (0 if passed else 1)


def run_tests(arguments: list[str]) -> int:
    """All tests; Ctrl-C reaches them too, and they are given the time to stop what they started."""
    tests = subprocess.Popen([sys.executable, *PYTEST, *arguments], cwd=ROOT, env=test_environment())
    while True:
        try:
            return tests.wait()
        except KeyboardInterrupt:
            print("Stopping the tests ...", flush=True)


def check(steps: dict[str, list[str]]) -> bool:
    """Run each step; what it has to say is shown only when it fails."""
    results = [passes(name, command) for name, command in steps.items()]
    return all(results)


def passes(name: str, command: list[str]) -> bool:
    """Run one step."""
    start = time.monotonic()
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    verdict = "FAILED" if done.returncode else "ok"
    print(f"{name:14} {verdict} ({time.monotonic() - start:.0f} s)", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def test_environment() -> dict[str, str]:
    """The environment of the tests: no setting of the operator's, and PostgreSQL where there is one."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("PLAINLY_")}
    # The workers share the cores: threads of their own would only get in each other's way.
    env = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **env}
    url = os.environ.get("PLAINLY_TEST_POSTGRES_URL") or LOCAL_POSTGRES
    trouble = postgres_trouble(url)
    if trouble is None:
        print("PostgreSQL answers: database tests run on it and on SQLite.", flush=True)
        return {**env, "PLAINLY_TEST_POSTGRES_URL": url}
    print(f"No PostgreSQL for tests ({trouble}): database tests run on SQLite alone. "
          "Set PLAINLY_TEST_POSTGRES_URL to use one.", flush=True)  # fmt: skip
    return env


def postgres_trouble(url: str) -> str | None:
    """Why a test database cannot be used; None when it can."""
    import psycopg

    try:
        psycopg.connect(url.replace("+psycopg", ""), connect_timeout=3).close()
    except psycopg.Error as error:
        return (str(error).strip().splitlines() or ["no connection"])[-1].strip()
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
