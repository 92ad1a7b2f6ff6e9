"""Makes the tokens that the token endpoint hands out."""

import secrets
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from local.xero.identity.grants import ACCESS_LIVES, FORGOTTEN, ID_LIVES, Grant, Issued
from local.xero.identity.people import User
from local.xero.identity.signing import padded, seconds

if TYPE_CHECKING:
    from local.xero.world import World


def user_tokens(
    world: "World", grant: Grant, refresh_token: str | None, nonce: str | None = None
) -> dict[str, Any]:
    """The answer for a person's grant; an id token only with ``openid``."""
    user = world.users[grant.user_id]
    answer: dict[str, Any] = {}
    if "openid" in grant.scopes:
        answer["id_token"] = _id_token(world, grant, user, nonce)
    answer["access_token"] = _access_token(world, grant, user)
    answer |= _terms(grant.scopes)
    if refresh_token is not None:
        answer["refresh_token"] = refresh_token
    return answer


def app_token(world: "World", client_id: str, scopes: list[str]) -> dict[str, Any]:
    """The answer for an app acting for itself: no user, no refresh token."""
    claims = {**_times(world, client_id, None), "client_id": client_id, "scope": scopes}
    return {"access_token": world.signing.sign(claims), **_terms(scopes)}


def _terms(scopes: list[str]) -> dict[str, Any]:
    return {
        "expires_in": int(ACCESS_LIVES.total_seconds()),
        "token_type": "Bearer",
        "scope": " ".join(scopes),
    }


def _times(world: "World", client_id: str, user_id: str | None) -> dict[str, Any]:
    now = world.clock.now()
    world.issued = {j: i for j, i in world.issued.items() if now - i.expires < FORGOTTEN}
    jti = secrets.token_hex(16).upper()
    world.issued[jti] = Issued(client_id, user_id, now + ACCESS_LIVES)
    return {
        "nbf": seconds(now),
        "exp": seconds(now + ACCESS_LIVES),
        "iat": seconds(now),
        "iss": world.base_url,
        "aud": f"{world.base_url}/resources",
        "jti": jti,
    }


def _access_token(world: "World", grant: Grant, user: User) -> str:
    claims = {
        **_times(world, grant.client_id, user.user_id),
        "client_id": grant.client_id,
        "sub": user.user_id.replace("-", ""),
        "auth_time": seconds(grant.auth_time),
        "xero_userid": user.user_id,
        "global_session_id": grant.session_id,
        "sid": grant.session_id,
        "authentication_event_id": grant.auth_event_id,
        "scope": grant.scopes,
        "amr": ["pwd"],
    }
    return padded(world.signing, claims)


def _id_token(world: "World", grant: Grant, user: User, nonce: str | None) -> str:
    now = world.clock.now()
    claims: dict[str, Any] = {
        "nbf": seconds(now),
        "exp": seconds(now + ID_LIVES),
        "iss": world.base_url,
        "aud": grant.client_id,
        "iat": seconds(now),
        "sid": grant.session_id,
        "sub": user.user_id.replace("-", ""),
        "auth_time": seconds(grant.auth_time),
        "xero_userid": user.user_id,
        "global_session_id": grant.session_id,
        "jti": str(uuid4()),
    }
    if nonce is not None:
        claims["nonce"] = nonce
    if "profile" in grant.scopes:
        claims |= {"given_name": user.given_name, "family_name": user.family_name}
        claims |= {"name": user.name, "preferred_username": user.email}
    if "email" in grant.scopes:
        claims["email"] = user.email
    return world.signing.sign(claims)
