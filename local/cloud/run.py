"""The command behind `make run`: everything up, the address said, until asked to stop."""

import os
import sys
import time

from local.cloud.errors import CannotStartError
from local.cloud.leash import parent_is_interrupted, stop_with_parent
from local.cloud.lifecycle import LocalCloud
from local.cloud.options import Options
from local.cloud.progress import complain, say
from local.cloud.signals import Signals, StopAsked


def run() -> int:
    """Return the exit code: 0 when asked to stop, 1 when something was in the way."""
    tied = "--stop-with-parent" in sys.argv[1:]
    if tied:
        stop_with_parent()
    signals = Signals()
    code = 0
    cloud = None
    try:
        options = Options.from_env(os.environ)
        cloud = LocalCloud(options)
        cloud.start()
        cloud.say_ready()
        say(f"\nWorkbill is at {options.base_url} (Ctrl-C stops it and keeps the data).")
        _watch(cloud, tied=tied)
    except StopAsked:
        say("\nStopping: saving what was done.")
    except CannotStartError as reason:
        complain(str(reason))
        code = 1
    finally:
        signals.protect_stopping()
        if cloud:
            cloud.stop()
    return code


def _watch(cloud: LocalCloud, *, tied: bool) -> None:
    while not (tied and parent_is_interrupted()):
        ended = cloud.first_ended()
        if ended:
            raise CannotStartError(f"{ended.name} ended by itself: {ended.last_words()}")
        time.sleep(0.5)
    raise StopAsked
