"""Tells a taken port before anything is started on it."""

import errno
import socket
import time

from local.cloud.errors import CannotStartError
from local.cloud.options import Ports


def require_free(ports: Ports, patience: float = 0) -> None:
    """Raise CannotStartError naming the first port that something else listens on.

    Waits up to `patience` seconds for a run that is just ending.
    """
    deadline = time.monotonic() + patience
    for setting, port, what in (
        ("PORT", ports.app, "Workbill"),
        ("XERO_PORT", ports.xero, "the local Xero"),
        ("CLOUD_PORT", ports.cloud, "the local cloud"),
    ):
        while not is_free(port):
            if time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            raise CannotStartError(
                f"Port {port}, meant for {what}, is in use; stop what holds it"
                f" or choose another with {setting}=<number>."
            )


def is_free(port: int) -> bool:
    """Say whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        # A port whose last connections are still closing down is free to a server.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            return False
    return True
