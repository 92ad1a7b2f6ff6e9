"""Who can sign in, and which apps may ask them."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from local.xero.webhooks.subscription import Subscription

REDIRECTS_KEPT = 50


@dataclass(slots=True)
class User:
    """A person with a Xero log-in; ``organisations`` are the tenant ids they may open."""

    user_id: str
    email: str
    password: str
    given_name: str
    family_name: str
    organisations: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(slots=True)
class App:
    """An app registered with Xero; without a secret it is the PKCE kind."""

    client_id: str
    secret: str
    name: str
    redirect_uris: list[str] = field(default_factory=list)
    webhooks: Subscription = field(default_factory=Subscription)


def redirect_refusal(uri: str) -> str | None:
    """Why Xero would not register this redirect URI, or nothing.

    https only, except ``http://localhost`` with any port; 127.0.0.1 is refused.
    """
    parts = urlsplit(uri)
    if parts.fragment or "*" in uri:
        return f"{uri} may hold neither a fragment nor a wildcard."
    if parts.scheme == "https" and parts.hostname:
        return None
    if parts.scheme == "http" and parts.hostname == "localhost":
        return None
    return f"{uri} must be https, or http://localhost."
