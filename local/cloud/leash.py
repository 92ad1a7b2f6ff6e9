"""Runs a module so that it ends with its parent: `python -m local.cloud.leash MODULE …`.

Nothing is left behind when the program that started it is killed.
"""

import ctypes
import os
import runpy
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def stop_with_parent() -> None:
    """Ask the kernel to send this process SIGTERM when its parent ends.

    SIGTERM rather than SIGKILL: a killed parent still lets its children save.
    Does nothing where the kernel is not Linux.
    """
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        # The parent ended before the request was made.
        os.kill(os.getpid(), signal.SIGTERM)


def parent_is_interrupted() -> bool:
    """Say whether the parent is handling a SIGINT, as make does while it waits for us.

    A terminal's Ctrl-C reaches a whole group. A SIGINT sent to make alone is not passed
    on: make waits for us to end, in its handler, during which the kernel blocks the signal.
    """
    try:
        status = Path(f"/proc/{os.getppid()}/status").read_text()
    except OSError:
        return False
    blocked = next(line for line in status.splitlines() if line.startswith("SigBlk:"))
    return bool(int(blocked.split()[1], 16) & 1 << (signal.SIGINT - 1))


if __name__ == "__main__":
    stop_with_parent()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
