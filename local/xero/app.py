"""The Flask app: every host of Xero's in one, and the screen for a person."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response
from waitress.channel import ClientDisconnected

from local.xero import accounting, control, door, identity, screen
from local.xero.inject import DROP
from local.xero.webhooks.send import Sender
from local.xero.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class LocalXero(Flask):
    """Sends each call to an endpoint through the door."""

    def full_dispatch_request(self) -> Response:
        return door.pass_through(self.extensions["world"], super().full_dispatch_request)


class Dropping:
    """Closes the connection without an answer when a fault asked for that."""

    def __init__(self, inner: "WSGIApplication") -> None:
        self.inner = inner

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        answer = self.inner(environ, start_response)
        if environ.get(DROP):
            # Nothing was written yet; waitress hangs up when it hears this.
            raise ClientDisconnected
        return answer


def create_app(world: World) -> Flask:
    """The app around that world; the sender is reached as ``extensions["sender"]``."""
    app = LocalXero(__name__, static_folder=None)
    # Only the words "Saved." and the like travel in this cookie.
    app.secret_key = secrets.token_bytes(32)
    app.config.update(SESSION_COOKIE_NAME="local-xero-said", SESSION_COOKIE_SAMESITE="Lax")
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    app.extensions["world"] = world
    app.extensions["sender"] = Sender(world)
    blueprints: tuple[Any, ...] = (
        accounting.blueprint,
        *identity.blueprints(),
        control.blueprint,
        screen.blueprint,
    )
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    app.wsgi_app = Dropping(app.wsgi_app)  # type: ignore[method-assign] # Flask's own advice
    return app
