"""A port that cannot be used is explained, with the setting to change."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plainly.errors import PlainlyError
from plainly.run import ROOT
from plainly.run.ports import check_port, free_ports


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        yield sock.getsockname()[1]


def test_that_free_ports_differ_and_can_be_used() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    for port in ports:
        check_port("127.0.0.1", port)


def test_that_a_taken_port_names_itself_and_the_setting(taken: int) -> None:
    with pytest.raises(PlainlyError, match=rf"Port {taken} is in use.*PLAINLY_PORT={taken + 1}"):
        check_port("127.0.0.1", taken)


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
def test_that_an_address_of_another_machine_names_the_setting(host: str) -> None:
    with pytest.raises(PlainlyError, match=f"cannot listen on {host}.*PLAINLY_HOST"):
        check_port(host, 8000)


def run_plainly(tmp_path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PLAINLY_VAR": str(tmp_path / "var"), **env}
    command = [sys.executable, "-m", "plainly.run"]
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60, check=False)


def test_that_make_run_on_a_taken_port_says_one_sentence(taken: int, tmp_path: Path) -> None:
    done = run_plainly(tmp_path, PLAINLY_PORT=str(taken))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"Port {taken} is in use: stop what uses it, or choose another one, as in PLAINLY_PORT={taken + 1} make run."
    ]


def test_that_make_run_with_a_wrong_setting_says_one_sentence(tmp_path: Path) -> None:
    done = run_plainly(tmp_path, PLAINLY_TIMEZONE="Mars/Olympus")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "PLAINLY_TIMEZONE must be a time zone such as Europe/London, but it is 'Mars/Olympus'."
    ]


def test_that_make_run_with_a_var_folder_that_is_a_file_says_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    done = run_plainly(tmp_path, PLAINLY_PORT="0")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "set PLAINLY_VAR" in done.stderr


def test_that_make_run_with_a_broken_policy_folder_shows_what_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    (folder / "business.yml").write_text("name: [")
    done = run_plainly(tmp_path, PLAINLY_PORT="0", PLAINLY_KB=str(folder))
    assert done.returncode == 1
    assert "business.yml" in done.stderr
    assert "Traceback" not in done.stderr
    assert "does not start with a broken policy folder" in done.stderr
