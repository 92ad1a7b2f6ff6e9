"""The command behind `make run`: everything up, the address said, until asked to stop."""

import json
import os
import time

from local.cloud.errors import CannotStartError
from local.cloud.leash import stop_with_parent
from local.cloud.lifecycle import LocalCloud
from local.cloud.options import Options
from local.cloud.progress import complain, say
from local.cloud.signals import Signals, StopAsked
from local.cloud.stack import Stack

READY = "ready.json"


def run() -> int:
    """Return the exit code: 0 when asked to stop, 1 when something was in the way."""
    if os.environ.get("MAKELEVEL"):
        stop_with_parent()
    signals = Signals()
    code = 0
    cloud = None
    try:
        options = Options.from_env(os.environ)
        cloud = LocalCloud(options)
        _announce(options, cloud.start())
        _watch(cloud)
    except StopAsked:
        say("\nStopping: saving what was done.")
    except CannotStartError as reason:
        complain(str(reason))
        code = 1
    finally:
        signals.protect_stopping()
        if cloud:
            (options.home / READY).unlink(missing_ok=True)
            cloud.stop()
    return code


def _announce(options: Options, stack: Stack) -> None:
    facts = {
        "pid": os.getpid(),
        "base_url": options.base_url,
        "xero_url": options.xero_url,
        "cloud_url": options.cloud_url,
        "api_url": stack.api_url,
        "outputs": dict(stack.outputs),
    }
    ready = options.home / READY
    ready.with_suffix(".new").write_text(json.dumps(facts, indent=2))
    ready.with_suffix(".new").replace(ready)
    say(f"\nWorkbill is at {options.base_url} (Ctrl-C stops it and keeps the data).")


def _watch(cloud: LocalCloud) -> None:
    while True:
        ended = cloud.first_ended()
        if ended:
            raise CannotStartError(f"{ended.name} ended by itself: {ended.last_words()}")
        time.sleep(0.5)
