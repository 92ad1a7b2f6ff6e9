"""The front door as a child process: `python -m local.cloud.listen PORT API_URL`."""

import signal
import socket
import sys
from types import FrameType

import waitress

from local.cloud.front_door import FrontDoor


def main(port: int, api_url: str) -> None:
    """Serve until SIGTERM; requests under way then have a few seconds to end."""
    signal.signal(signal.SIGTERM, _leave)
    door = FrontDoor(api_url)
    waitress.serve(
        door,
        listen=" ".join(f"{host}:{port}" for host in _hosts()),
        threads=64,
        connection_limit=1000,
        # Well above the door's own limit, so that the door answers and not a reset.
        max_request_body_size=64 * 1024 * 1024,
        clear_untrusted_proxy_headers=False,
        ident=None,
    )


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _hosts() -> list[str]:
    """Return 127.0.0.1, and ::1 where there is one: browsers try it for `localhost`."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return ["127.0.0.1"]
    return ["127.0.0.1", "[::1]"]


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
