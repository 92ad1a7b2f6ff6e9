"""Somebody else who acts in the middle of what somebody does: between two of its requests."""

from collections.abc import Callable
from contextvars import Context
from typing import Any

from chalicelib.connection.grants import GrantRow
from tests.support.power import WRITES


class Meanwhile:
    """Counts the requests to DynamoDB and lets an act happen, whole, just before one of them.

    With ``writes`` only writes count: what was read before them is then out of date. The act
    runs as another process would: it holds none of the leases of the one it interrupts.
    """

    def __init__(self) -> None:
        self._left, self._writes = 0, False
        self._act: Callable[[], Any] | None = None
        self._events = GrantRow._get_connection().connection.client.meta.events
        self._events.register("before-call", self._before)

    def before(self, request: int, act: Callable[[], Any], *, writes: bool = False) -> None:
        """Let this happen before that request or write (1 is the next)."""
        self._left, self._writes, self._act = request, writes, act

    def end(self) -> Callable[[], Any] | None:
        """What has not happened, because fewer requests were made."""
        act, self._act = self._act, None
        return act

    def close(self) -> None:
        self._events.unregister("before-call", self._before)

    def _before(self, model: Any, **_: Any) -> None:
        self._left -= not self._writes or model.name in WRITES
        if self._act is not None and self._left == 0:
            act, self._act = self._act, None
            Context().run(act)
