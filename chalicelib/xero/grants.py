"""What Xero's identity side answers: grants, and the refusals that OAuth 2.0 names."""

import base64
from dataclasses import dataclass, field
from typing import Any

from chalicelib.xero.errors import (
    GrantEnded,
    XeroCallError,
    XeroGrantIncomplete,
    XeroMisconfigured,
    XeroRefusedClient,
    XeroUnavailable,
    XeroUnreadable,
)
from chalicelib.xero.formats import read_json

# The names are those of RFC 6749, 5.2; only the first means that a person has to reconnect.
GRANT_FAILURES: dict[str, type[XeroCallError]] = {
    "invalid_grant": GrantEnded,
    "invalid_client": XeroRefusedClient,
    "unauthorized_client": XeroRefusedClient,
    "unsupported_grant_type": XeroMisconfigured,
    "invalid_request": XeroMisconfigured,
    "invalid_scope": XeroMisconfigured,
    "server_error": XeroUnavailable,
    "temporarily_unavailable": XeroUnavailable,
}


def grant_failure(name: str) -> type[XeroCallError] | None:
    """The error for one of OAuth's names; None for a name that is not OAuth's."""
    return GRANT_FAILURES.get(name)


@dataclass(frozen=True, slots=True)
class TokenSet:
    """A grant as Xero gave it; printing it shows no token.

    ``expires_in`` is in seconds from the answer. ``xero_user_id`` is whose grant it is: a later
    one of the same person supersedes it. ``authentication_event_id`` names this consent.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    scope: frozenset[str]
    id_token: str = field(repr=False, default="")
    xero_user_id: str = ""
    authentication_event_id: str = ""


def read_token_set(answer: Any) -> TokenSet:
    """The grant in a token endpoint's answer.

    Raises XeroGrantIncomplete when the refresh token is missing, XeroUnreadable when the rest
    is not a grant.
    """
    access_token = read_access_token(answer)
    refresh_token = answer.get("refresh_token")
    if not isinstance(refresh_token, str) or not refresh_token:
        raise XeroGrantIncomplete
    claims = read_claims(access_token)
    return TokenSet(
        access_token=access_token,
        refresh_token=refresh_token,
        expires_in=_seconds(answer.get("expires_in")),
        scope=_scope(answer.get("scope")) or _scope(claims.get("scope")),
        id_token=str(answer.get("id_token") or ""),
        xero_user_id=str(claims.get("xero_userid") or ""),
        authentication_event_id=str(claims.get("authentication_event_id") or ""),
    )


def read_access_token(answer: Any) -> str:
    """The access token in a token endpoint's answer; raises XeroUnreadable when there is none."""
    if not isinstance(answer, dict) or not isinstance(answer.get("access_token"), str):
        raise XeroUnreadable
    return str(answer["access_token"])


def read_claims(token: str) -> dict[str, Any]:
    """The claims of an access token, without checking its signature.

    It came straight from its issuer over TLS, which is what the signature would prove (OpenID
    Connect Core, 3.1.3.7); a token from anywhere else must not be read this way.
    """
    try:
        payload = token.split(".")[1]
        claims = read_json(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        claims = None
    if not isinstance(claims, dict):
        raise XeroUnreadable
    return claims


def _seconds(value: Any) -> int:
    try:
        return max(int(value), 0)
    except (TypeError, ValueError):
        return 0


def _scope(value: Any) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset(value.split())
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()
