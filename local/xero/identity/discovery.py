"""OpenID discovery and the public keys."""

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from local.xero.identity import scopes
from local.xero.identity.signing import ALGORITHM
from local.xero.present import world

blueprint = Blueprint("discovery", __name__)


@blueprint.get("/.well-known/openid-configuration")
def configuration() -> Response:
    base = world().base_url
    return jsonify(
        {
            "issuer": base,
            "jwks_uri": f"{base}/.well-known/openid-configuration/jwks",
            "authorization_endpoint": f"{base}/identity/connect/authorize",
            "token_endpoint": f"{base}/connect/token",
            "revocation_endpoint": f"{base}/connect/revocation",
            "scopes_supported": sorted({*scopes.WORDS, *scopes.APP_SCOPES}),
            "grant_types_supported": [
                "authorization_code",
                "client_credentials",
                "refresh_token",
            ],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": [
                "client_secret_basic",
                "client_secret_post",
            ],
            "code_challenge_methods_supported": ["S256"],
        }
    )


@blueprint.get("/.well-known/openid-configuration/jwks")
def keys() -> Response:
    return jsonify(world().signing.jwks())
