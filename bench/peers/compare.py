"""The comparison: each peer in a process of its own, measured from outside.

Calls and bytes are those that the local Xero counted, seconds are from the start of the process
to its end, and memory is the most that it had. A peer whose pins conflict with ours has an
environment of its own, made from a pinned file when it is first needed.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.stack import Stack

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parents[1] / "build" / "peers"
CONTACTS_PATH = "/api.xro/2.0/Contacts"
MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Peer:
    """Who reads the contacts, by which script and pins, and what it does with them."""

    name: str
    script: str
    requirements: str
    does: str


PEERS = (
    Peer(
        "Workbill, its client alone",
        "workbill.py",
        "",
        "pages of 1,000; every field typed; one contact at fault is left out and named",
    ),
    Peer(
        "xero-python (Xero's own)",
        "xero_sdk.py",
        "",
        "pages of 1,000 when told; every field typed; one unknown word fails the page",
    ),
    Peer(
        "pyxero", "pyxero_peer.py", "pyxero.txt", "pages of 1,000 when told; plain dictionaries"
    ),
    Peer(
        "tap-xero",
        "tap.py",
        "tap_xero.txt",
        "pages of 100, fixed; held to a schema and written out as lines",
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What an import cost; ``contacts`` are those that came in."""

    name: str
    does: str
    contacts: int
    calls: int
    megabytes: float
    seconds: float
    memory: float


def measure(stack: Stack) -> Iterator[Row]:
    """Workbill's whole import, then every peer; the limits of Xero are off for all."""
    stack.order("limits", {"enabled": False})
    yield _whole(stack)
    token = stack.token()
    for peer in PEERS:
        yield _peer(stack, peer, token)


def _whole(stack: Stack) -> Row:
    """The import as people ask for it: through the queue, until every client is stored."""
    program, before = stack.journey.program, stack.last_call()
    began = time.monotonic()
    job = program.finished(program.post("/imports/clients"), seconds=600)
    seconds = time.monotonic() - began
    return Row(
        "Workbill, the whole import",
        "the same, and every client stored in DynamoDB, resumable at each page",
        job["progress"]["done"],
        *_counted(stack, before),
        seconds,
        stack.most_memory("worker") / MEGA,
    )


def _peer(stack: Stack, peer: Peer, token: str) -> Row:
    before = stack.last_call()
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603  our own script
        [_python(peer), HERE / peer.script],
        env={**_environment(), "ACCESS_TOKEN": token, **stack.facts()},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - began
    if done.returncode:
        raise RuntimeError(f"{peer.name} failed: {done.stderr[-2000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return Row(
        peer.name,
        peer.does,
        told["contacts"],
        *_counted(stack, before),
        seconds,
        told["memory"] / MEGA,
    )


def _counted(stack: Stack, before: int) -> tuple[int, float]:
    calls = stack.calls_since(before, CONTACTS_PATH)
    return len(calls), sum(call["bytes_out"] for call in calls) / MEGA


def _python(peer: Peer) -> str:
    """The interpreter of the peer's own environment, made anew when its pins have changed."""
    if not peer.requirements:
        return sys.executable
    pins = HERE / peer.requirements
    home = ENVIRONMENTS / peer.requirements.removesuffix(".txt")
    python, stamp = home / "bin/python", home / "installed"
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        _run(sys.executable, "-m", "venv", "--clear", str(home))
        install = ("-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes")
        _run(str(python), *install, "--disable-pip-version-check", "--requirement", str(pins))
        stamp.write_text(wanted)
    return str(python)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)  # noqa: S603  commands named here


def _environment() -> dict[str, str]:
    """A peer may find our own code, and nothing of a developer's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XERO_")}
    return {**kept, "PYTHONPATH": str(HERE.parents[1])}
