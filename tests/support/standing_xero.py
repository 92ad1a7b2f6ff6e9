"""A local Xero that stands from one test to the next; each test finds a new world in it.

Laying its routes and making its key take a fifth of a second, which hundreds of tests would wait
for. Nothing of a world is handed on but that key: books, people and the people's ids are made
anew, so that no token that this process remembers of one world is taken in the next.
"""

import atexit
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from local.xero.serve import Server, default_app
from local.xero.world import World

APP = {"client_id": "test-client", "client_secret": "test-client-secret"}
QUIET_WITHIN = 5.0

_free: list[Server] = []


@contextmanager
def fresh_xero() -> Iterator[Server]:
    """A server that nobody else uses until the end, with the world it would start with."""
    server = _free.pop() if _free else _started()
    _renew(server)
    try:
        yield server
    finally:
        server.world.faults.clear()
        if _is_quiet(server):
            _free.append(server)
        else:
            server.stop()


def _started() -> Server:
    server = Server(**APP)
    # A daemon, because Python waits for the others before it says that it ends.
    thread = threading.Thread(target=server.run, name="local-xero", daemon=True)
    thread.start()
    atexit.register(thread.join)
    atexit.register(server.stop)
    return server


def _renew(server: Server) -> None:
    """Put a new world where the old one was; a call of the old one still knows only that."""
    before = server.world
    world = World(default_app(**APP), signing=before.signing)
    world.seed()
    world.base_url = server.url
    with before.lock:
        server.world = server.app.extensions["world"] = world
        server.app.extensions["sender"].world = world


def _is_quiet(server: Server) -> bool:
    """Whether every call has been answered; waits for those that a fault held back."""
    calls = server._waitress.task_dispatcher
    late = time.monotonic() + QUIET_WITHIN
    while calls.queue or calls.active_count:
        if time.monotonic() > late:
            return False
        time.sleep(0.002)
    return True
