"""Ties a process to its parent, so that nothing is left behind when that is killed."""

import ctypes
import os
import signal
import sys

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
