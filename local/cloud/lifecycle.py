"""Starts the parts in order, watches them, and stops all of them and nothing else."""

import fcntl
import json
import os
from pathlib import Path
from typing import IO

from local.cloud import mail, ministack, xero
from local.cloud.child import Child
from local.cloud.errors import CannotStartError
from local.cloud.kept import Kept
from local.cloud.options import Options
from local.cloud.package import package
from local.cloud.ports import require_free
from local.cloud.progress import say, step
from local.cloud.stack import Stack, put

READY = "ready.json"


class LocalCloud:
    """MiniStack, the local Xero, the stack and the front door of one `.local` folder."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._kept = Kept(options.home)
        self._children: list[Child] = []
        self._saving: list[Child] = []
        self._lock: IO[str] | None = None
        self._stack: Stack | None = None

    def start(self) -> Stack:
        """Bring everything up; raises CannotStartError, after which stop() is still due."""
        options = self._options
        local_xero = not xero.is_elsewhere(options.env)
        # What a killed run started may still be saving.
        require_free(options.ports, patience=10 if self._kept.ended_unclean else 0)
        self._take_folder()
        lost = self._kept.open()
        if lost:
            say(lost)
        with step("Starting the local cloud"):
            self._start_saving(ministack.child(options), f"{options.cloud_url}/_ministack/ready")
        if local_xero:
            with step("Starting the local Xero"):
                self._start_saving(xero.child(options), options.xero_url)
        self._kept.mark_running()
        self._stack = stack = self._deploy()
        with step("Opening the front door"):
            self._start(self._front_door(stack), f"http://127.0.0.1:{options.ports.app}/health")
        if local_xero:
            self._check_webhook_door()
        return stack

    def say_ready(self) -> None:
        """Write `ready.json`, by which other programs find this copy and know it is open."""
        stack = self._stack
        if stack is None:
            raise RuntimeError("Nothing is ready before start() has returned.")
        facts = {
            "pid": os.getpid(),
            "base_url": self._options.base_url,
            "xero_url": self._options.xero_url,
            "cloud_url": self._options.cloud_url,
            "api_url": stack.api_url,
            "outputs": dict(stack.outputs),
        }
        fresh = self._ready.with_suffix(".new")
        fresh.write_text(json.dumps(facts, indent=2))
        fresh.replace(self._ready)

    def first_ended(self) -> Child | None:
        """Return a child that ended although nobody asked it to."""
        return next((child for child in self._children if not child.running), None)

    def stop(self) -> None:
        """Stop what was started, last first; returns once everything done is saved."""
        ended = {child: child.stop() for child in reversed(self._children)}
        if self._saving and all(ended[child] for child in self._saving):
            self._kept.mark_saved()
        self._children.clear()
        self._saving.clear()
        if self._lock:
            self._ready.unlink(missing_ok=True)
            self._lock.close()

    @property
    def _ready(self) -> Path:
        return self._options.home / READY

    def _deploy(self) -> Stack:
        options = self._options
        with step("Packaging"):
            template = package(
                options.project,
                options.home / "package",
                stage="local",
                region=ministack.REGION,
            )
        with step("Deploying the stack"):
            mail.verify(mail.address(options), options.cloud_url)
            return put(template, _parameters(options), options.cloud_url)

    def _check_webhook_door(self) -> None:
        with step("Letting the local Xero check the webhook door"):
            wrong = xero.check_webhook_door(self._options)
        if wrong:
            say(f"The webhook door failed ({wrong}): statuses come by the schedule alone.")

    def _start(self, child: Child, url: str) -> None:
        self._children.append(child)
        child.start()
        child.wait_until_it_answers(url)

    def _start_saving(self, child: Child, url: str) -> None:
        self._saving.append(child)
        self._start(child, url)

    def _front_door(self, stack: Stack) -> Child:
        return Child(
            "The front door",
            "local.cloud.listen",
            str(self._options.ports.app),
            stack.api_url,
            log=self._options.home / "logs/front-door.log",
            env=os.environ,
            cwd=self._options.project,
        )

    def _take_folder(self) -> None:
        """Refuse a second run on the same saved state, whatever its ports."""
        self._options.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (self._options.home / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise CannotStartError(
                f"Another run uses {self._options.home}; stop it,"
                " or give this one its own folder with LOCAL_DIR=<folder>."
            ) from None
        self._lock = lock
        self._ready.unlink(missing_ok=True)


# On one machine nobody wants to wait a quarter of an hour to see "paid".
EVERY_MINUTE = {"StatusMinutes": "1", "StatusMinutesWithWebhooks": "1"}
PASSED_ON = {
    "SUPPORT_URL": "SupportUrl",
    "XERO_CONSENT": "XeroConsent",
    "XERO_TIER": "XeroTier",
    "LOCAL_WEBHOOKS": "LocalWebhooks",
    "STATUS_MINUTES": "StatusMinutes",
    "STATUS_MINUTES_WITH_WEBHOOKS": "StatusMinutesWithWebhooks",
}


def _parameters(options: Options) -> dict[str, str]:
    chosen = {
        name: options.env[setting]
        for setting, name in PASSED_ON.items()
        if options.env.get(setting)
    }
    base = {
        "PublicBaseUrl": options.base_url,
        "MailFrom": mail.address(options),
        "LocalWebhooks": "allow" if "//localhost" in options.base_url else "deny",
        **EVERY_MINUTE,
        **xero.parameters(options),
    }
    return base | chosen
