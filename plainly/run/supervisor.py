"""Keeps several programs running together, and ends them together."""

from __future__ import annotations

import contextlib
import queue
import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from plainly.errors import PlainlyError
from plainly.run.program import Program, RunningProgram, how_it_ended

_LOOK_SECONDS = 0.1
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
# A program that ran this long was well; its next failure is a new one.
_WELL_SECONDS = 60.0
_PATIENCE_SECONDS = 8.0

Report = Callable[[str], None]


class _Slot:
    """The place of one program: what runs in it now, and when to start the next."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.running: RunningProgram | None = None
        self.started = 0.0
        self.start_at: float | None = 0.0
        self.pause = _FIRST_PAUSE


class Supervisor:
    """Runs programs until it is stopped; starts one again when it dies, pausing longer each time.

    `with Supervisor(...) as supervisor:` starts and stops it. Thread-safe.
    """

    def __init__(self, programs: Sequence[Program], *, logs: Path, report: Report = lambda line: None) -> None:
        """`report` hears one line whenever a program is lost and started again."""
        self._slots = {program.name: _Slot(program) for program in programs}
        self._logs = logs
        self._report = report
        self._orders: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._ready_once = False
        self._began = 0.0

    def start(self) -> None:
        """Start every program; wait_ready() tells when they answer."""
        self._logs.mkdir(parents=True, exist_ok=True)
        self._stopping.clear()
        self._ready_once = False
        self._began = time.monotonic()
        for slot in self._slots.values():
            slot.start_at = 0.0
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End every program and what it started; returns when all are gone."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def wait_ready(self, seconds: float = 180, progress: Report = lambda line: None) -> None:
        """Return once every program answers. Raises PlainlyError when one cannot start or time is up."""
        begin = time.monotonic()
        waiting = dict(self._slots)
        while waiting:
            if not self.is_running():
                raise PlainlyError("stack_stopped", "Stopped before everything was ready.")
            self._check_alive()
            for name in [name for name, slot in waiting.items() if slot.running and slot.running.is_ready()]:
                progress(f"{name} is ready ({time.monotonic() - self._began:.0f} s)")
                del waiting[name]
            if time.monotonic() - begin > seconds:
                raise self._too_slow(list(waiting), seconds)
            time.sleep(_LOOK_SECONDS)
        self._ready_once = True

    def programs(self) -> list[Program]:
        """What it runs."""
        return [slot.program for slot in self._slots.values()]

    def pid(self, name: str) -> int | None:
        """The process id of a program; None while it does not run."""
        running = self._slots[name].running
        return running.pid if running and running.exit_code() is None else None

    def is_running(self) -> bool:
        """Whether it was started and not stopped."""
        return self._thread is not None and self._thread.is_alive()

    def signal(self, name: str, number: int) -> None:
        """Send a signal to a program, for example SIGSTOP to make it hang."""
        running = self._slots[name].running
        if running:
            running.signal(number)

    def kill(self, name: str) -> None:
        """End a program with SIGKILL, as a crash would, and return when it is dead.

        It is started again after the usual pause; wait_ready() waits for that.
        """
        running = self._slots[name].running
        if running:
            running.signal(signal.SIGKILL)
            running.wait(_PATIENCE_SECONDS)

    def restart(self, name: str, seconds: float = 60) -> None:
        """End a program politely, start it again, and wait until it answers."""
        done = threading.Event()
        self._orders.put(lambda: self._end_and_tell(self._slots[name], done))
        done.wait(_PATIENCE_SECONDS + 5)
        self.wait_ready(seconds)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # Everything below runs in the watching thread: it is the parent the programs' leashes are tied to.

    def _watch(self) -> None:
        try:
            while not self._stopping.is_set():
                with contextlib.suppress(queue.Empty):
                    self._orders.get(timeout=_LOOK_SECONDS)()
                for slot in self._slots.values():
                    self._look_at(slot)
        finally:
            self._end_all()

    def _look_at(self, slot: _Slot) -> None:
        now = time.monotonic()
        code = slot.running.exit_code() if slot.running else None
        if slot.running and code is not None:
            self._note_death(slot, code, now)
        elif slot.running and now - slot.started > _WELL_SECONDS:
            slot.pause = _FIRST_PAUSE
        if slot.start_at is not None and now >= slot.start_at:
            slot.start_at, slot.started = None, now
            self._launch(slot, now)

    def _launch(self, slot: _Slot, now: float) -> None:
        try:
            slot.running = RunningProgram(slot.program, self._logs / f"{slot.program.name}.log")
        except OSError as error:
            # Out of processes or memory: that may pass.
            self._report(f"{slot.program.name} cannot be started ({error}); trying again in {slot.pause:g} s.")
            slot.running, slot.start_at = None, now + slot.pause
            slot.pause = min(slot.pause * 2, _LONGEST_PAUSE)

    def _note_death(self, slot: _Slot, code: int, now: float) -> None:
        if slot.running is None or slot.start_at is not None:
            return
        slot.running.close()
        slot.start_at = now + slot.pause
        if self._ready_once:
            again = f"starting it again in {slot.pause:g} s"
            self._report(f"{slot.program.name} ended ({how_it_ended(code)}); {again}. See {slot.running.log}")
        slot.pause = min(slot.pause * 2, _LONGEST_PAUSE)

    def _end(self, slot: _Slot) -> None:
        if slot.running:
            slot.running.end(_PATIENCE_SECONDS)
            slot.running = None
        slot.start_at = time.monotonic()

    def _end_and_tell(self, slot: _Slot, done: threading.Event) -> None:
        self._end(slot)
        done.set()

    def _end_all(self) -> None:
        running = [slot.running for slot in self._slots.values() if slot.running]
        for one in running:
            if one.exit_code() is None:
                one.signal(signal.SIGTERM)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        for one in running:
            one.end(max(0.0, deadline - time.monotonic()))
        for slot in self._slots.values():
            slot.running = None

    def _check_alive(self) -> None:
        """Before everything was ready once, a death is a failure to start, not a crash to mend."""
        if self._ready_once:
            return
        for slot in self._slots.values():
            running = slot.running
            code = running.exit_code() if running else None
            if running and code is not None:
                running.close()
                raise PlainlyError(
                    "program_did_not_start",
                    f"{slot.program.name} ended while starting ({how_it_ended(code)}). Its last words, from "
                    f"{running.log}:\n" + "\n".join(f"    {line}" for line in running.last_lines),
                    {"program": slot.program.name, "exit_code": code},
                )

    def _too_slow(self, names: list[str], seconds: float) -> PlainlyError:
        return PlainlyError(
            "program_not_ready",
            f"Not ready after {seconds:.0f} s: {', '.join(names)}. See the logs in {self._logs}.",
            {"programs": names},
        )
