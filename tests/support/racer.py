"""One of several processes that call Xero all at once, as Lambda's would.

``python -m tests.support.racer TENANT THREADS`` says "ready" once every thread has what it needs,
starts when it is told anything, and says in JSON how each call ended. The calls are not counted
with the organisation's: so many at once would have to wait for its lane.
"""

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from chalicelib import wiring
from chalicelib.connection import reach, store, tokens
from chalicelib.errors import WorkbillError
from chalicelib.xero.call_record import CallRecord

PATIENCE = 60
"""Seconds in which the other threads must be ready, or none starts."""


class Uncounted:
    """Lets every call go at once."""

    def admit(self) -> None:
        """Nothing has to wait."""

    def note(self, record: CallRecord) -> None:
        """Nobody counts."""

    def time_left(self) -> float:
        """More than any call here takes."""
        return PATIENCE


def race(tenant_id: str, threads: int) -> list[str]:
    """What each thread's call ended with: the organisation's name, or an error's code."""
    # Clients of AWS are a process's own; threads that all found none would make one each.
    connection = store.active(tenant_id)
    assert wiring.current().kms is not None
    ready = threading.Barrier(threads + 1, timeout=PATIENCE)
    go = threading.Barrier(threads + 1, timeout=PATIENCE)

    def ask(token: str) -> str:
        books = reach.accounting(token, connection.organisation_id, Uncounted())
        return books.organisation().name

    def one(_number: int) -> str:
        ready.wait()
        go.wait()
        try:
            return tokens.using(connection.xero_userid, ask)
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
