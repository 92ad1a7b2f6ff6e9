"""Who calls: the access token and the organisation of an accounting call."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import jwt
from flask import Request, Response

from local.xero.identity import scopes
from local.xero.problems import TurnedAwayError, forbidden, unauthorised

if TYPE_CHECKING:
    from local.xero.identity.people import User
    from local.xero.world import Organisation, World


@dataclass(frozen=True, slots=True)
class Caller:
    """What an access token says; ``user`` is empty for an app calling for itself."""

    client_id: str
    user: "User | None"
    scopes: frozenset[str]
    auth_event_id: str | None


def identify(world: "World", request: Request) -> Caller:
    """The caller named by the bearer token; raises ``TurnedAwayError`` with a 401."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise TurnedAwayError(unauthorised("AuthenticationUnsuccessful"))
    try:
        claims = world.signing.claims(token.strip())
    except jwt.PyJWTError as error:
        raise TurnedAwayError(unauthorised("AuthenticationUnsuccessful")) from error
    issued = world.issued.get(claims["jti"])
    if issued is None:
        raise TurnedAwayError(unauthorised("AuthenticationUnsuccessful"))
    if issued.expires <= world.clock.now():
        raise TurnedAwayError(token_expired(issued.expires))
    return Caller(
        client_id=claims["client_id"],
        user=world.users.get(issued.user_id or ""),
        scopes=frozenset(claims["scope"]),
        auth_event_id=claims.get("authentication_event_id"),
    )


def token_expired(at: datetime) -> Response:
    """The 401 of a token past its time."""
    return unauthorised(f"TokenExpired: token expired at {at:%m/%d/%Y %H:%M:%S}")


def open_organisation(world: "World", caller: Caller, tenant_id: str) -> "Organisation":
    """The organisation of the tenant header; raises ``TurnedAwayError`` with a 403.

    It takes a connection of this very user through this app, an organisation that still
    exists, and a user who may still open it.
    """
    user, organisation = caller.user, world.organisations.get(tenant_id)
    if user is None or organisation is None or tenant_id not in user.organisations:
        raise TurnedAwayError(forbidden())
    if world.connection(caller.client_id, user.user_id, tenant_id) is None:
        raise TurnedAwayError(forbidden())
    return organisation


def require_scope(caller: Caller, method: str, path: str) -> None:
    """Raises ``TurnedAwayError`` with a 401 that says the scope is missing."""
    needed = scopes.needed(method, path)
    if needed and not needed & caller.scopes:
        raise TurnedAwayError(
            unauthorised("AuthorizationUnsuccessful", WWW_Authenticate="insufficient_scope")
        )
