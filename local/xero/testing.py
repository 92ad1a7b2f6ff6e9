"""The local Xero inside a test's own process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.xero.serve import Server


@contextmanager
def running(port: int = 0, **options: Any) -> Iterator[Server]:
    """Serves in a thread; gives the server with ``.url``, ``.world`` and ``.app``.

    Options are those of ``local.xero.serve.DEFAULTS``, and ``saved``, a file's path.
    """
    server = Server(port=port, **options)
    thread = threading.Thread(target=server.run, name="local-xero")
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
