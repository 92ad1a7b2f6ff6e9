"""A program outside that Workbill tells of what happens."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver(ThreadingHTTPServer):
    """Takes whatever it is told; ``got`` is each delivery's headers and body, in order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Doorman)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/workbill"
        self.got: list[tuple[dict[str, str], bytes]] = []

    def told(self) -> list[str]:
        """The types of the events, in order."""
        return [json.loads(body)["type"] for _, body in self.got]


class Doorman(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def receiving() -> Iterator[Receiver]:
    """One that listens on a free port until the end."""
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()
