"""The local Xero inside a test's own process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from local.xero.serve import Server


@contextmanager
def running(port: int = 0, **options: str) -> Iterator[Server]:
    """Serves in a thread; gives the server with ``.url``, ``.world`` and ``.app``.

    Options are those of ``local.xero.serve.DEFAULTS``.
    """
    server = Server(port=port, **options)
    thread = threading.Thread(target=server.run, name="local-xero")
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
