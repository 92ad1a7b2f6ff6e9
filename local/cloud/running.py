"""A running copy of everything, seen from outside: started, asked, stopped, killed.

This is what tests and the demo hold: the same `python -m local.cloud` that `make run`
starts, on ports and in a folder of its own.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local.cloud.aws import client
from local.cloud.lifecycle import READY
from local.cloud.options import PROJECT, Ports

# A developer's own settings must change no result here, least of all reach a real Xero.
SETTINGS = ("XERO_", "PUBLIC_BASE_URL", "SUPPORT_URL", "MAIL_FROM", "AWS_")

MOST_EVENTS = 10_000


class RunningCopy:
    """One copy of Workbill, its cloud and its Xero; it survives restarts as one object."""

    def __init__(self, home: Path, ports: Ports, env: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.ports = ports
        self.base_url = f"http://localhost:{ports.app}"
        self.xero_url = f"http://127.0.0.1:{ports.xero}"
        self.cloud_url = f"http://127.0.0.1:{ports.cloud}"
        self._env = env or {}
        self._process: subprocess.Popen[str] | None = None

    def start(self, seconds: float = 120) -> str:
        """Start and wait until it is open; return what it said.

        Raises RuntimeError with its words when it ends instead.
        """
        said = self.home / "said.txt"
        self.home.mkdir(parents=True, exist_ok=True)
        with said.open("w") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.cloud", "--stop-with-parent"],
                cwd=PROJECT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
            )
        deadline = time.monotonic() + seconds
        while not self.is_open:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(said.read_text())
            time.sleep(0.05)
        return said.read_text()

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 90) -> int:
        """Ask it to stop, wait until it has, and return its exit code."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(how)
        try:
            return self._process.wait(seconds)
        finally:
            self._process = None

    def restart(self) -> None:
        """Stop it cleanly and start it again: same ports, same data."""
        self.stop()
        self.start()

    def environment(self) -> dict[str, str]:
        """Return what `make run` has to be given to start this very copy."""
        neutral = {k: v for k, v in os.environ.items() if not k.startswith(SETTINGS)}
        return {
            **neutral,
            "PORT": str(self.ports.app),
            "XERO_PORT": str(self.ports.xero),
            "CLOUD_PORT": str(self.ports.cloud),
            "LOCAL_DIR": str(self.home),
            **self._env,
        }

    def client(self, service: str) -> Any:
        """Return a boto3 client of this copy's cloud, as its account's owner."""
        return client(service, self.cloud_url)

    @property
    def is_open(self) -> bool:
        """Say whether it has announced itself, and still runs."""
        if self._process is None or self._process.poll() is not None:
            return False
        try:
            return bool(self.facts["pid"] == self._process.pid)
        except FileNotFoundError:
            return False

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("This copy does not run.")
        return self._process.pid

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the copy says of itself: its addresses and the stack's outputs."""
        facts: dict[str, Any] = json.loads((self.home / READY).read_text())
        return facts

    def function(self, name: str) -> str:
        """Return the deployed name of the function that `app.py` calls `name`."""
        for deployed in self._functions():
            if deployed["Handler"] == f"app.{name}":
                return str(deployed["FunctionName"])
        raise KeyError(name)

    def logs(self, since: float = 0, *, holding: str = "") -> str:
        """Return what the functions wrote since a time (as of time.time()), one by one.

        With `holding`, only lines with these words.
        """
        logs = self.client("logs")
        pattern = holding and f'"{holding}"'
        said = []
        for deployed in self._functions():
            group = f"/aws/lambda/{deployed['FunctionName']}"
            try:
                lines = list(_lines(logs, group, int(since * 1000), pattern))
            except logs.exceptions.ResourceNotFoundException:
                continue
            said += [f"== {deployed['Handler']}", *lines]
        return "\n".join(said)

    def _functions(self) -> list[Mapping[str, Any]]:
        pages = self.client("lambda").get_paginator("list_functions").paginate()
        return [function for page in pages for function in page["Functions"]]


def _lines(logs: Any, group: str, start: int, pattern: str) -> Iterator[str]:
    """Every line from a moment on; the local cloud gives 10,000 at once, and no way to more."""
    known = 0
    while True:
        page = logs.filter_log_events(logGroupName=group, startTime=start, filterPattern=pattern)
        events = page["events"]
        yield from (event["message"] for event in events[known:])
        if len(events) < MOST_EVENTS:
            return
        start = events[-1]["timestamp"]
        known = sum(event["timestamp"] == start for event in events)


def free_ports() -> Ports:
    """Return three ports that nothing listens on now."""
    with socket.socket() as app, socket.socket() as xero, socket.socket() as cloud:
        for one in (app, xero, cloud):
            one.bind(("127.0.0.1", 0))
        return Ports(*(one.getsockname()[1] for one in (app, xero, cloud)))
