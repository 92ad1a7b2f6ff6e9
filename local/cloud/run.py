"""The command behind `make run`: everything up, the address said, until asked to stop."""

import os
import sys
import time
from collections.abc import Mapping

import requests

from local import demo_tenant
from local.cloud.errors import CannotStartError
from local.cloud.leash import parent_is_interrupted, stop_with_parent
from local.cloud.lifecycle import LocalCloud
from local.cloud.options import Options
from local.cloud.progress import complain, say, step
from local.cloud.signals import Signals, StopAsked
from local.demo.person import LostError
from local.operator import OperatorError


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
        demo = _demo_tenant(options)
        cloud.say_ready()
        _announce(options, demo)
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


def _demo_tenant(options: Options) -> Mapping[str, str]:
    with step("Opening the demo tenant"):
        try:
            return demo_tenant.ensure(
                options.base_url,
                options.xero_url,
                options.cloud_url,
                options.home / "demo.json",
            )
        except (OperatorError, LostError, requests.RequestException) as error:
            raise CannotStartError(f"The demo tenant could not be opened: {error}") from error


def _announce(options: Options, demo: Mapping[str, str]) -> None:
    say(f"\nWorkbill is at {options.base_url} (Ctrl-C stops it and keeps the data).")
    say(f"  Sign in as {demo['email']} with the password {demo['password']}")
    say(f"  and a code of the key {demo['totp_secret']}, from an authenticator app")
    say("  or by `make code`.")


def _watch(cloud: LocalCloud, *, tied: bool) -> None:
    while not (tied and parent_is_interrupted()):
        ended = cloud.first_ended()
        if ended:
            raise CannotStartError(f"{ended.name} ended by itself: {ended.last_words()}")
        time.sleep(0.5)
    raise StopAsked
