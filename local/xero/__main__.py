"""Starts the local Xero: ``python -m local.xero --port 8001 --state FILE``."""

import argparse
import os
import signal
import sys
from pathlib import Path

from local.xero.serve import DEFAULTS, HOST, Server


def parser() -> argparse.ArgumentParser:
    """Options; each of the app's facts can also come from ``LOCAL_XERO_<NAME>``."""
    options = argparse.ArgumentParser(prog="python -m local.xero", description=__doc__)
    options.add_argument("--host", default=HOST)
    options.add_argument("--port", type=int, default=8001)
    options.add_argument("--state", type=Path, help="keep the data in this file")
    for name, value in DEFAULTS.items():
        given = os.environ.get(f"LOCAL_XERO_{name.upper()}", value)
        options.add_argument(f"--{name.replace('_', '-')}", default=given)
    return options


def main() -> int:
    """Serves until SIGINT or SIGTERM; 1 when the port is taken."""
    chosen = vars(parser().parse_args())
    host, port, saved = chosen.pop("host"), chosen.pop("port"), chosen.pop("state")
    try:
        server = Server(host=host, port=port, saved=saved, **chosen)
    except OSError as error:
        print(f"The local Xero cannot listen on {host}:{port}: {error}.", file=sys.stderr)
        return 1
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop())
    print(f"The local Xero is at {server.url}", flush=True)
    server.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
