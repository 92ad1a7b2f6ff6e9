"""The token and revocation endpoints."""

import base64
import hashlib
import secrets

from flask import Blueprint, Response, jsonify, request
from werkzeug.wrappers import Response as Answer

from local.xero.identity.client import OAuthError, authenticated
from local.xero.identity.grants import Code, Grant, InvalidGrantError
from local.xero.identity.issue import app_token, user_tokens
from local.xero.identity.people import App
from local.xero.identity.scopes import APP_SCOPES
from local.xero.present import world

blueprint = Blueprint("token", __name__)

KNOWN = frozenset(
    {
        "grant_type",
        "code",
        "redirect_uri",
        "code_verifier",
        "refresh_token",
        "scope",
        "client_id",
        "client_secret",
    }
)


@blueprint.errorhandler(OAuthError)
def refused(error: OAuthError) -> Answer:
    return error.response()


@blueprint.after_request
def uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response


@blueprint.post("/connect/token")
def token() -> Answer:
    """Turns a code, a refresh token or an app's own credentials into an access token."""
    if unknown := request.form.keys() - KNOWN:
        world().unexpected(request, f"unknown parameters: {sorted(unknown)}")
    app = authenticated(request, world().apps)
    kind = request.form.get("grant_type", "")
    if kind == "authorization_code":
        return _by_code(app)
    if kind == "refresh_token":
        return _by_refresh_token(app)
    if kind == "client_credentials":
        return _by_app(app)
    raise OAuthError("unsupported_grant_type")


def _by_code(app: App) -> Answer:
    code = world().codes.get(request.form.get("code", ""))
    if code is None or code.client_id != app.client_id or not _usable(code):
        raise OAuthError("invalid_grant")
    code.used = True
    grant = world().grants.get((code.client_id, code.user_id))
    if grant is None:
        raise OAuthError("invalid_grant")
    lasting = "offline_access" in grant.scopes
    refresh_token = grant.issue(world().clock.now()) if lasting else None
    return jsonify(user_tokens(world(), grant, refresh_token, code.nonce))


def _usable(code: Code) -> bool:
    if code.used or world().clock.now() >= code.expires:
        return False
    if request.form.get("redirect_uri") != code.redirect_uri:
        return False
    verifier = request.form.get("code_verifier", "")
    return code.challenge is None or _proves(verifier, code.challenge)


def _proves(verifier: str, challenge: str) -> bool:
    """Whether the PKCE verifier (43 to 128 characters) hashes to the challenge."""
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return 43 <= len(verifier) <= 128 and secrets.compare_digest(made, challenge)


def _by_refresh_token(app: App) -> Answer:
    value = request.form.get("refresh_token", "")
    grant = holder(app, value)
    if grant is None:
        raise OAuthError("invalid_grant")
    try:
        following = grant.redeem(value, world().clock.now())
    except InvalidGrantError as error:
        raise OAuthError("invalid_grant") from error
    return jsonify(user_tokens(world(), grant, following))


def _by_app(app: App) -> Answer:
    if not app.secret:
        raise OAuthError("unauthorized_client")
    wanted = request.form.get("scope", "app.connections").split()
    if not APP_SCOPES.issuperset(wanted):
        raise OAuthError("invalid_scope")
    return jsonify(app_token(world(), app.client_id, wanted))


@blueprint.post("/connect/revocation")
def revocation() -> Answer:
    """Ends a user's grant and all of that user's connections; an unknown token is fine."""
    app = authenticated(request, world().apps)
    grant = holder(app, request.form.get("token", ""))
    if grant is not None:
        del world().grants[grant.client_id, grant.user_id]
        world().disconnect(app.client_id, user_id=grant.user_id)
    return Response("", 200)


def holder(app: App, refresh_token: str) -> Grant | None:
    """The grant of that app which knows this refresh token."""
    for grant in world().grants.values():
        if grant.client_id == app.client_id and refresh_token in grant.tokens:
            return grant
    return None
