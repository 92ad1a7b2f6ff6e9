"""Which app is calling the token and revocation endpoints."""

import secrets

from flask import Request, jsonify
from werkzeug.wrappers import Response

from local.xero.identity.people import App


class OAuthError(Exception):
    """A refusal in OAuth's own words: HTTP 400 and ``{"error": code}``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def response(self) -> Response:
        answer = jsonify({"error": self.code})
        answer.status_code = 400
        return answer


def authenticated(request: Request, apps: dict[str, App]) -> App:
    """The app, by HTTP Basic or by credentials in the form; raises ``OAuthError``.

    An app of the PKCE kind has no secret and sends its id alone.
    """
    basic = request.authorization
    if basic is not None and basic.type == "basic":
        client_id, secret = basic.username or "", basic.password or ""
    else:
        client_id = request.form.get("client_id", "")
        secret = request.form.get("client_secret", "")
    app = apps.get(client_id)
    if app is None or not secrets.compare_digest(app.secret.encode(), secret.encode()):
        raise OAuthError("invalid_client")
    return app
