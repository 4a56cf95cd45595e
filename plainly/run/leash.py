"""Starts a command that dies with the process that started it.

Run as a script: `python leash.py PARENT_PID command ...`. On Linux the kernel then kills the
command when its supervisor ends for any reason, SIGKILL included, so nothing is left behind.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Become the command, on a leash."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # The supervisor may have ended before the leash was on.
    if os.getppid() == parent:
        try:
            os.execvp(command[0], command)  # noqa: S606  the supervisor names the command
        except OSError as error:
            sys.exit(f"{command[0]} cannot be started: {error.strerror}. Run `make setup`.")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
