"""A process that loses its power at a write, and does nothing more after that."""

import json
from typing import Any

from chalicelib.connection import tokens
from chalicelib.connection.grants import GrantRow

WRITES = {
    "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem", "PutObject",
}  # fmt: skip


class PowerCut(BaseException):
    """Not an error of the program: nothing in it may catch this."""


class Power:
    """Counts the writes to the present account's tables and stops at the one it is told.

    ``others`` are clients of other services whose writes count too.
    """

    def __init__(self, *others: Any) -> None:
        self._writes_left: int | None = None
        self._among: tuple[str, str] | None = None
        self._after = self._due = False
        self.off = False
        self.writes = 0
        for client in (GrantRow._get_connection().connection.client, *others):
            client.meta.events.register("before-call", self._before)
            client.meta.events.register("after-call", self._after_call)

    def cut_at(self, write: int, *, after: bool, among: tuple[str, str] | None = None) -> None:
        """Cut it at this write (1 is the next), before it is done or after.

        ``among`` counts only those of one kind to one table, such as PutItem to test-jobs.
        """
        self._writes_left, self._after, self._among = write, after, among

    def restore(self) -> None:
        """A new process, which remembers nothing; answers nothing was lost but memory."""
        if self.off:
            tokens._kept.clear()
        self.off, self._due, self._writes_left = False, False, None

    def _before(self, model, params, **_) -> None:
        if self.off:
            raise PowerCut
        self.writes += model.name in WRITES
        if self._writes_left is not None and self._counts(model.name, params["body"]):
            self._writes_left -= 1
            if self._writes_left == 0 and not self._after:
                self._cut()
            self._due = self._writes_left == 0

    def _after_call(self, model, **_) -> None:
        if self._due and model.name in WRITES:
            self._cut()

    def _counts(self, name: str, body: bytes) -> bool:
        if self._among is None:
            return name in WRITES
        kind, table = self._among
        return name == kind and json.loads(body).get("TableName") == table

    def _cut(self) -> None:
        self.off = True
        raise PowerCut
