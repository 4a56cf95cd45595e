"""Programs start together, come back when they die, and end together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from plainly.errors import PlainlyError
from plainly.run import ROOT
from plainly.run.program import Program, answers
from plainly.run.supervisor import Supervisor
from tests.run.conftest import MakeProgram, eventually, family, is_alive


def test_that_programs_start_answer_and_end_with_all_they_started(server: MakeProgram, tmp_path: Path) -> None:
    one, two = server("one"), server("two")
    with Supervisor([one, two], logs=tmp_path / "log") as supervisor:
        supervisor.wait_ready(20)
        everything = [pid for name in ("one", "two") for pid in family(supervisor.pid(name) or 0)]
        assert len(everything) == 4
        assert answers(str(one.ready_url))
    assert not any(is_alive(pid) for pid in everything)
    assert supervisor.pid("one") is None


def test_that_each_line_of_output_is_in_the_log_under_its_name(server: MakeProgram, tmp_path: Path) -> None:
    with Supervisor([server("shop")], logs=tmp_path / "log") as supervisor:
        supervisor.wait_ready(20)
        assert eventually(lambda: "shop: serving" in (tmp_path / "log" / "shop.log").read_text())


def test_that_a_killed_program_is_started_again_and_said_so(server: MakeProgram, tmp_path: Path) -> None:
    said: list[str] = []
    with Supervisor([server("one"), server("two")], logs=tmp_path, report=said.append) as supervisor:
        supervisor.wait_ready(20)
        before = {name: supervisor.pid(name) for name in ("one", "two")}
        supervisor.kill("one")
        assert supervisor.pid("one") is None
        supervisor.wait_ready(20)
        assert supervisor.pid("one") != before["one"]
        assert supervisor.pid("two") == before["two"]
    assert len(said) == 1
    assert said[0].startswith("one ended (killed by SIGKILL); starting it again in 0.5 s. See ")


def test_that_a_program_which_keeps_dying_is_tried_less_and_less_often(tmp_path: Path) -> None:
    said: list[str] = []
    marker = tmp_path / "ran"
    code = "import pathlib, sys, time; ran = pathlib.Path(sys.argv[1]); ran.exists() or (ran.touch(), time.sleep(300))"
    program = Program("flaky", (sys.executable, "-c", code, str(marker)), tmp_path)
    with Supervisor([program], logs=tmp_path, report=said.append) as supervisor:
        supervisor.wait_ready(20)
        assert eventually(marker.exists)
        supervisor.kill("flaky")
        assert eventually(lambda: len(said) >= 3)
    assert [line.split(" in ")[1].split(" s.")[0] for line in said[:3]] == ["0.5", "1", "2"]


def test_that_restarting_gives_a_new_process_that_answers(server: MakeProgram, tmp_path: Path) -> None:
    with Supervisor([server("one")], logs=tmp_path) as supervisor:
        supervisor.wait_ready(20)
        before = supervisor.pid("one")
        supervisor.restart("one", 20)
        assert supervisor.pid("one") not in (None, before)


def test_that_a_program_that_dies_while_starting_stops_the_start_with_its_last_words(tmp_path: Path) -> None:
    code = "import sys; sys.exit('no such table: message')"
    program = Program("broken", (sys.executable, "-c", code), tmp_path, {}, "http://127.0.0.1:1/")
    with (
        Supervisor([program], logs=tmp_path) as supervisor,
        pytest.raises(PlainlyError, match=r"(?s)broken ended while starting \(exit code 1\).*no such table: message"),
    ):
        supervisor.wait_ready(20)


def test_that_a_command_that_does_not_exist_is_said_in_words(tmp_path: Path) -> None:
    program = Program("missing", (str(tmp_path / "python"), "-m", "rasa"), tmp_path, {}, "http://127.0.0.1:1/")
    with (
        Supervisor([program], logs=tmp_path) as supervisor,
        pytest.raises(PlainlyError, match=r"cannot be started: No such file or directory\. Run `make setup`"),
    ):
        supervisor.wait_ready(20)


def test_that_a_program_that_never_answers_is_named(tmp_path: Path) -> None:
    program = Program(
        "sleepy", (sys.executable, "-c", "import time; time.sleep(300)"), tmp_path, {}, "http://127.0.0.1:1/"
    )
    with (
        Supervisor([program], logs=tmp_path) as supervisor,
        pytest.raises(PlainlyError, match="Not ready after 1 s: sleepy"),
    ):
        supervisor.wait_ready(1)


def test_that_a_program_deaf_to_sigterm_is_ended_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plainly.run.supervisor._PATIENCE_SECONDS", 0.5)
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(300)"
    )
    with Supervisor([Program("deaf", (sys.executable, "-c", code), tmp_path)], logs=tmp_path) as supervisor:
        assert eventually((tmp_path / "deaf.log").exists)
        pid = supervisor.pid("deaf")
    assert pid
    assert not is_alive(pid)


# What stands between the reader and orphans when the supervisor itself is gone.
SUPERVISE = """
import sys, time
from pathlib import Path
from plainly.run.program import Program
from plainly.run.supervisor import Supervisor
here = Path(sys.argv[1])
sleep = (sys.executable, "-c", "import time; time.sleep(300)")
supervisor = Supervisor([Program(name, sleep, here) for name in ("one", "two")], logs=here)
supervisor.start()
supervisor.wait_ready(20)
time.sleep(0.3)
print(supervisor.pid("one"), supervisor.pid("two"), flush=True)
time.sleep(300)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel keeps the leash on Linux alone")
def test_that_nothing_survives_a_supervisor_ended_with_sigkill(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    with process.stdout as output:
        pids = [int(word) for word in output.readline().split()]
        assert len(pids) == 2
        assert all(is_alive(pid) for pid in pids)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert eventually(lambda: not any(is_alive(pid) for pid in pids), 5)


def test_that_a_hanging_program_is_ended_at_the_stop(
    server: MakeProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plainly.run.supervisor._PATIENCE_SECONDS", 0.5)
    with Supervisor([server("one")], logs=tmp_path) as supervisor:
        supervisor.wait_ready(20)
        pid = supervisor.pid("one")
        supervisor.signal("one", signal.SIGSTOP)
    assert pid
    assert not is_alive(pid)
