"""The running server: waitress around the app, the webhook sender, the state on disk."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from waitress import create_server, wasyncore

from local.xero import state
from local.xero.app import create_app
from local.xero.identity.people import App
from local.xero.world import World

HOST = "127.0.0.1"
THREADS = 32
DEFAULTS: Mapping[str, str] = {
    "client_id": "LOCALXEROCLIENTID00000000000000",
    "client_secret": "local-xero-secret",
    "redirect_uri": "http://localhost:8000/xero/callback",
    "webhook_url": "http://localhost:8000/webhooks/xero",
    "webhook_key": "local-xero-webhook-key",
    "app_name": "Workbill",
}


def default_app(**chosen: str) -> App:
    """The registered app; what is not chosen is as in ``DEFAULTS``."""
    facts = {**DEFAULTS, **chosen}
    app = App(
        facts["client_id"],
        facts["client_secret"],
        facts["app_name"],
        [facts["redirect_uri"]],
    )
    app.webhooks.point_at(facts["webhook_url"], facts["webhook_key"])
    return app


class Server:
    """A world that answers on a port; 0 takes any free one."""

    def __init__(
        self, *, host: str = HOST, port: int = 0, saved: Path | None = None, **chosen: str
    ) -> None:
        app = default_app(**chosen)
        self.world = World(app)
        if saved is None or not state.load(self.world, saved):
            self.world.seed()
        self._keep_registered(app)
        self.app = create_app(self.world)
        self._sockets: dict[int, Any] = {}
        self._waitress = create_server(
            self.app, map=self._sockets, host=host, port=port, threads=THREADS
        )
        self.port = int(self._waitress.effective_port)
        self.url = f"http://{host}:{self.port}"
        self.world.base_url = self.url
        self._saver = state.Saver(self.world, saved) if saved else None
        self._stopping = threading.Event()

    def _keep_registered(self, app: App) -> None:
        """Puts the app of this start beside its saved past, so that options count."""
        known = self.world.apps.get(app.client_id)
        if known is None:
            self.world.apps = {app.client_id: app}
            return
        known.secret, known.name = app.secret, app.name
        known.redirect_uris = [
            *app.redirect_uris,
            *(uri for uri in known.redirect_uris if uri not in app.redirect_uris),
        ]
        known.webhooks.point_at(app.webhooks.url, app.webhooks.key)

    def run(self) -> None:
        """Serves until ``stop``; closes everything before it returns."""
        sender = self.app.extensions["sender"]
        sender.start()
        if self._saver:
            self._saver.start()
        try:
            while not self._stopping.is_set():
                wasyncore.loop(timeout=0.2, map=self._sockets, count=1)
        finally:
            self.world.faults.clear()
            self._waitress.task_dispatcher.shutdown()
            wasyncore.close_all(self._sockets, ignore_all=True)
            sender.stop()
            if self._saver:
                self._saver.stop()

    def stop(self) -> None:
        """Asks ``run`` to end; may be called from a signal handler or another thread."""
        self._stopping.set()
