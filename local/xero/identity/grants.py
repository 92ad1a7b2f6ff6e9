"""What a person allowed an app: codes, refresh tokens and their rotation."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

CODE_LIVES = timedelta(minutes=5)
ACCESS_LIVES = timedelta(seconds=1800)
ID_LIVES = timedelta(minutes=5)
GRACE = timedelta(minutes=30)
IDLE = timedelta(days=60)
# How long a dead code or access token is remembered, so as to be refused by its reason.
FORGOTTEN = timedelta(days=1)


class InvalidGrantError(Exception):
    """The code or refresh token is not, or no longer, worth anything."""


@dataclass(slots=True)
class Code:
    """An authorisation code: five minutes, once."""

    value: str
    client_id: str
    user_id: str
    redirect_uri: str
    scopes: list[str]
    expires: datetime
    challenge: str | None
    nonce: str | None
    used: bool = False


@dataclass(slots=True)
class RefreshToken:
    """One link of the rotating chain."""

    value: str
    parent: str | None
    issued: datetime
    consumed: datetime | None = None


@dataclass(slots=True)
class Grant:
    """All that one user allowed one app; belongs to no organisation."""

    client_id: str
    user_id: str
    scopes: list[str]
    auth_event_id: str
    session_id: str
    auth_time: datetime
    tokens: dict[str, RefreshToken] = field(default_factory=dict)

    def issue(self, now: datetime, parent: str | None = None) -> str:
        """A new refresh token; the only one, unless it follows from ``parent``."""
        if parent is None:
            # A new consent yields a token set that supersedes the earlier one.
            self.tokens.clear()
        value = secrets.token_urlsafe(32)
        self.tokens[value] = RefreshToken(value, parent, now)
        return value

    def redeem(self, value: str, now: datetime) -> str:
        """Rotates: gives the next refresh token.

        The token just given up can be retried for thirty minutes, in case the answer was
        lost, as long as none of its successors was used. The first successor used ends
        the grace and its siblings. Raises ``InvalidGrantError``.
        """
        token = self.tokens.get(value)
        if token is None:
            raise InvalidGrantError
        if now >= (token.consumed + GRACE if token.consumed else token.issued + IDLE):
            raise InvalidGrantError
        if token.consumed is None:
            token.consumed = now
            self._settle(token)
        return self.issue(now, parent=value)

    def _settle(self, token: RefreshToken) -> None:
        if token.parent is None:
            return
        self.tokens.pop(token.parent, None)
        for other in list(self.tokens.values()):
            if other.parent == token.parent and other.value != token.value:
                del self.tokens[other.value]


@dataclass(slots=True)
class Issued:
    """One access token that was handed out, so that it can be ended early."""

    client_id: str
    user_id: str | None
    expires: datetime


@dataclass(slots=True)
class Connection:
    """The link of one user, through one app, to one organisation."""

    connection_id: str
    client_id: str
    user_id: str
    tenant_id: str
    auth_event_id: str
    created: datetime
    updated: datetime
