"""The local Xero without a socket: each call runs at once, in the thread that makes it.

Time may pass between a request and its arrival, and a process may end before or after it.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPMessage
from types import SimpleNamespace
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from waitress.channel import ClientDisconnected
from werkzeug.test import EnvironBuilder, run_wsgi_app

from local.xero.app import create_app
from local.xero.serve import default_app
from local.xero.world import World

URL = "https://xero.test"


class Wire(HTTPAdapter):
    """Carries requests straight into the app.

    ``point`` is called before a request leaves and after its answer is there. The answers of the
    requests that ``late`` picks are lost; these arrive only when so much time has passed.
    """

    def __init__(self, app: Any, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.app, self.now = app, now
        self.point: Callable[[str], None] = lambda _what: None
        self.late: Callable[[requests.PreparedRequest], timedelta | None] = lambda _: None
        self.under_way: list[tuple[datetime, requests.PreparedRequest]] = []

    def send(
        self, request: requests.PreparedRequest, *_args: Any, **_facts: Any
    ) -> requests.Response:
        what = f"{request.method} {request.path_url.partition('?')[0]}"
        self.point(f"before {what}")
        delay = self.late(request)
        if delay is not None:
            self.under_way.append((self.now() + delay, request))
            raise requests.ReadTimeout
        answer = self._ask(request)
        self.point(f"after {what}")
        return answer

    def arrive(self) -> None:
        """Let those late requests in whose time has come."""
        due = [request for moment, request in self.under_way if moment <= self.now()]
        self.under_way = [one for one in self.under_way if one[0] > self.now()]
        for request in due:
            self._ask(request)

    def _ask(self, request: requests.PreparedRequest) -> requests.Response:
        path, _, query = request.path_url.partition("?")
        asked = EnvironBuilder(
            path=path,
            query_string=query,
            base_url=URL,
            method=request.method or "GET",
            headers=dict(request.headers),
            data=request.body,
        )
        try:
            parts, status, headers = run_wsgi_app(self.app, asked.get_environ(), buffered=True)
        except ClientDisconnected:
            raise requests.ConnectionError from None
        message = HTTPMessage()
        for name, value in headers.items():
            message.add_header(name, value)
        raw: Any = HTTPResponse(
            io.BytesIO(b"".join(parts)),
            headers=headers.items(),
            status=int(status.partition(" ")[0]),
            preload_content=False,
            original_response=SimpleNamespace(msg=message, isclosed=lambda: True),
        )
        return self.build_response(request, raw)


@dataclass
class InProcess:
    """In the place of a running server; its time is ``now``, which a test moves."""

    now: Callable[[], datetime]
    url: str = URL
    world: World = field(init=False)
    wire: Wire = field(init=False)

    def __post_init__(self) -> None:
        app = default_app(client_id="test-client", client_secret="test-client-secret")
        self.world = World(app)
        self.world.base_url = URL
        self.world.seed()
        self.wire = Wire(create_app(self.world), self.now)

    def session(self) -> requests.Session:
        """A browser, or a pool of connections, that reaches this Xero and nothing else."""
        session = requests.Session()
        session.trust_env = False
        session.mount("https://", self.wire)
        return session
