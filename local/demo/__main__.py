"""The command behind `make demo`; exits non-zero when any step fails."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from local.cloud.lifecycle import READY
from local.cloud.options import Options
from local.cloud.running import RunningCopy
from local.demo.counted import Account
from local.demo.journey import Journey
from local.demo.person import LostError
from local.demo.program import RefusedError


def main() -> int:
    """Walk the journey against a running copy, or one started for it."""
    options = Options.from_env(os.environ)
    with running(options) as demo:
        account = Account(demo["xero_url"])
        try:
            Journey(demo, account).walk()
        except (LostError, RefusedError, requests.RequestException) as error:
            print(f"\n{type(error).__name__}: {error}", file=sys.stderr)
            return 1
        print(f"\n{account.table()}")
    return 0


@contextmanager
def running(options: Options) -> Iterator[dict[str, str]]:
    """What ``.local/demo.json`` says of the copy that runs here, started if there is none."""
    if (options.home / READY).exists() and _answers(options):
        yield _read(options.home)
        return
    print("Starting Workbill for the demo …", flush=True)
    copy = RunningCopy(options.home, options.ports, options.env)
    print(copy.start())
    try:
        yield _read(options.home)
    finally:
        copy.stop()


def _answers(options: Options) -> bool:
    try:
        return requests.get(f"{options.base_url}/health", timeout=10).ok
    except requests.RequestException:
        return False


def _read(home: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((home / "demo.json").read_text())
    return found


if __name__ == "__main__":
    sys.exit(main())
