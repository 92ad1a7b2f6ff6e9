"""The app that is registered with Xero: its credentials, kept in Secrets Manager."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from chalicelib import wiring
from chalicelib.errors import MisconfiguredError

KEPT = timedelta(minutes=5)
"""How long a process trusts what it read, so that a changed secret is soon in use everywhere."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to Xero; printing it shows no secret."""

    client_id: str
    client_secret: str = field(repr=False, default="")
    webhook_key: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class _Kept:
    wiring: wiring.Wiring
    read_at: datetime
    credentials: Credentials


_kept: _Kept | None = None


def credentials() -> Credentials:
    """The app's credentials, at most five minutes old; raises MisconfiguredError."""
    global _kept  # noqa: PLW0603  one process serves one deployment
    present = wiring.current()
    now = present.clock.now()
    if _kept is None or _kept.wiring is not present or now - _kept.read_at >= KEPT:
        _kept = _Kept(present, now, _read(present))
    return _kept.credentials


def _read(present: wiring.Wiring) -> Credentials:
    name = present.settings.xero_secret_name
    secret = present.secrets_manager.get_secret_value(SecretId=name)["SecretString"]
    try:
        found = msgspec.json.decode(secret, type=Credentials)
    except msgspec.MsgspecError:
        raise MisconfiguredError("The secret with Xero's credentials cannot be read.") from None
    if not found.client_id or not found.client_secret:
        raise MisconfiguredError("XERO_CLIENT_ID and XERO_CLIENT_SECRET are not set.")
    return found
