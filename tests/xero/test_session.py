import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chalicelib.xero.session import IDLE_SECONDS, new_session


class Door(BaseHTTPRequestHandler):
    """Answers with the caller's port, which tells one connection from another."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        answer = str(self.client_address[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Set-Cookie", "session=1; Path=/")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def door() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


class Wall:
    """A clock that goes when told."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_connection_is_used_again_while_it_is_fresh(door):
    wall = Wall()
    with new_session(wall) as session:
        first = session.get(door).text
        wall.seconds += IDLE_SECONDS

        assert session.get(door).text == first


def test_a_connection_from_before_a_pause_is_not_trusted(door):
    wall = Wall()
    with new_session(wall) as session:
        first = session.get(door).text
        wall.seconds += IDLE_SECONDS + 1

        assert session.get(door).text != first


def test_no_cookie_is_kept(door):
    with new_session() as session:
        session.get(door)

        assert not session.cookies
