"""One of several processes that call Xero all at once, as Lambda's would.

``python -m tests.support.racer TENANT THREADS`` says "ready" once every thread has its
connections to AWS, starts when it is told anything, and says in JSON how each call ended.
"""

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from chalicelib.connection import access, store
from chalicelib.errors import WorkbillError

PATIENCE = 60
"""Seconds in which the other threads must be ready, or none starts."""


def race(tenant_id: str, threads: int) -> list[str]:
    """What each thread's call ended with: the organisation's name, or an error's code."""
    ready = threading.Barrier(threads + 1, timeout=PATIENCE)
    go = threading.Barrier(threads + 1, timeout=PATIENCE)

    def one(_number: int) -> str:
        connection = store.active(tenant_id)
        ready.wait()
        go.wait()
        try:
            return access.call(connection, lambda books: books.organisation().name)
        except WorkbillError as error:
            return error.code

    with ThreadPoolExecutor(threads) as pool:
        ended = [pool.submit(one, number) for number in range(threads)]
        ready.wait()
        print("ready", flush=True)  # noqa: T201  how a racer speaks
        sys.stdin.readline()
        go.wait()
        return [one.result() for one in ended]


if __name__ == "__main__":
    print(json.dumps(race(sys.argv[1], int(sys.argv[2]))))  # noqa: T201  how a racer speaks
