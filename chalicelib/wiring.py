"""The composition root: builds what the rest is handed, once per process, when first asked.

Production uses the environment; a test calls ``use`` with its own clock or settings.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.clock import Clock, SystemClock
from chalicelib.settings import Settings

if TYPE_CHECKING:
    import requests

    from chalicelib.dispatch.budget import AppBudget
    from chalicelib.events.post import Deliver


@dataclass
class Wiring:
    """Everything with a lifetime: settings, clock, waiting, randomness and clients of AWS.

    ``clients`` are made when first needed, some 20 ms each, and kept by name of service.
    """

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)
    token: Callable[[], str] = lambda: secrets.token_urlsafe(32)
    sleep: Callable[[float], None] = time.sleep
    trail_ends: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Number and hash of the last audit entry that this process knows of, by tenant."""
    clients: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def app_budget(self) -> "AppBudget":
        """What this process last heard of the calls that all organisations share."""
        from chalicelib.dispatch.budget import AppBudget

        return AppBudget()

    @property
    def sqs(self) -> Any:
        """The queue service; used for wakes only."""
        return self._client("sqs")

    @property
    def kms(self) -> Any:
        """The key service; encrypts tokens and two-factor seeds, signs audit checkpoints."""
        return self._client("kms")

    @property
    def s3(self) -> Any:
        """The object store; holds uploads, exports and PDFs.

        Forms for uploads are signed with version 4, the only one that new buckets take.
        """
        from botocore.config import Config

        return self._client("s3", config=Config(signature_version="s3v4"))

    @property
    def ses(self) -> Any:
        """The mail service; gives up in seconds, because a person waits behind it."""
        from botocore.config import Config

        return self._client(
            "ses",
            config=Config(
                connect_timeout=2,
                read_timeout=4,
                retries={"mode": "standard", "total_max_attempts": 2},
            ),
        )

    @property
    def secrets_manager(self) -> Any:
        """The secret store; holds the Xero app's credentials."""
        return self._client("secretsmanager")

    @cached_property
    def http(self) -> "requests.Session":
        """One pool of connections for all calls to Xero."""
        from chalicelib.xero.session import new_session

        return new_session()

    @cached_property
    def deliver(self) -> "Deliver":
        """The way out to the endpoints that tenants named."""
        from chalicelib.events.post import Post

        return Post(local=self.settings.local_webhooks)

    @cached_property
    def _session(self) -> Any:
        import botocore.session

        return botocore.session.get_session()

    def _client(self, name: str, **options: Any) -> Any:
        if name not in self.clients:
            self.clients[name] = self._session.create_client(name, **options)
        return self.clients[name]


_present: Wiring | None = None


def current() -> Wiring:
    """The wiring of this process; raises MisconfiguredError when the settings cannot work."""
    global _present  # noqa: PLW0603  one process serves one deployment
    if _present is None:
        _present = Wiring(Settings.from_env())
    return _present


def use(wiring: Wiring | None) -> None:
    """Replace the wiring of this process; None means: build it anew when next asked."""
    global _present  # noqa: PLW0603
    _present = wiring
