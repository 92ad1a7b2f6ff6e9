"""A process that the local cloud started and will stop again."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from local.cloud.errors import CannotStartError


class Child:
    """One server process in its own session, writing to its own log.

    It ends with us, even when we are killed. Its own session keeps a terminal's Ctrl-C
    from it: it is stopped by us, in order, and by SIGTERM.
    """

    def __init__(
        self, name: str, module: str, *args: str, log: Path, env: Mapping[str, str], cwd: Path
    ) -> None:
        self.name = name
        self.log = log
        self._env = env
        self._cwd = cwd
        self._command = [sys.executable, "-m", "local.cloud.leash", module, *args]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._cwd,
                env=dict(self._env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def wait_until_it_answers(self, url: str, seconds: float = 60) -> None:
        """Poll until any HTTP answer comes; raise CannotStartError with the log's end."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.running:
                raise CannotStartError(f"{self.name} stopped while starting: {self.last_words()}")
            if _answers(url, deadline - time.monotonic()):
                return
            time.sleep(0.05)
        raise CannotStartError(f"{self.name} did not answer at {url} in {seconds:.0f} s.")

    def last_words(self) -> str:
        """Return the last line of the log that says something, and where the rest is."""
        lines = self.log.read_text(errors="replace").split("\n") if self.log.exists() else []
        said = [line.strip() for line in lines if line.strip()]
        return f"{said[-1] if said else 'it said nothing'} (see {self.log})"

    def stop(self, grace: float = 60) -> bool:
        """Send SIGTERM, give it `grace` seconds to save, then SIGKILL its whole group.

        Returns whether it ended by itself with success.
        """
        process = self._process
        if process is None:
            return True
        if process.poll() is None:
            process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
        _kill_group(process.pid)
        return process.wait() == 0


def _answers(url: str, seconds: float) -> bool:
    # One question is given all the time there is: the first answer may need a function to start,
    # and every question that is given up and asked again would start one more beside it.
    try:
        with urllib.request.urlopen(url, timeout=max(seconds, 1)):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError as answer:
        answer.close()
        return True
    except OSError:
        return False


def _kill_group(pid: int) -> None:
    """End what the process itself started and left behind, such as busy functions."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
