"""Where a process waits for AWS or for Xero: there it may die, or others may act."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any

from chalicelib import wiring
from chalicelib.connection import tokens
from chalicelib.dispatch.budget import AppBudget
from chalicelib.storage.rows import transaction_connection


class PowerCut(BaseException):
    """Not an error of the program: nothing in it may catch this."""


class AwaitPoints:
    """Counts the points that one piece of work passes, and does something at one of them.

    There is one before and one after each request to DynamoDB, each call to Xero and each wake.
    """

    def __init__(self) -> None:
        self.passed = 0
        self.off = False
        self._at, self._act = 0, _nothing
        self._aside = False
        events = transaction_connection().client.meta.events
        events.register_first("before-call.dynamodb", self._before)
        events.register_last("after-call.dynamodb", self._after)

    def leave(self) -> None:
        """Count no more in the clients that other tests use."""
        events = transaction_connection().client.meta.events
        events.unregister("before-call.dynamodb", self._before)
        events.unregister("after-call.dynamodb", self._after)

    def arm(self, at: int, act: Callable[[], None]) -> None:
        """Do this at that point from now on (1 is the next); 0 is never."""
        self.passed, self._at, self._act = 0, at, act

    def cut(self) -> None:
        """The process is gone: nothing that it still wants to do is done."""
        self.off = True
        raise PowerCut

    def restore(self) -> None:
        """A new process; answers nothing was lost but memory."""
        self._at, self._act = 0, _nothing
        if self.off:
            self.off = False
            forget()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is done here is another process's, and not counted."""
        before, self._aside = self._aside, True
        try:
            yield
        finally:
            self._aside = before

    def point(self, _what: str = "") -> None:
        """A piece of work comes by."""
        if self._aside:
            return
        if self.off:
            raise PowerCut
        self.passed += 1
        if self.passed == self._at:
            self._at = 0
            self._act()

    def _before(self, **_: Any) -> None:
        self.point()

    def _after(self, **_: Any) -> None:
        self.point()


def elsewhere(points: AwaitPoints, act: Callable[[], None]) -> None:
    """Let another process do something while this one waits; it holds no lease of this one's."""
    with points.aside():
        Context().run(act)


def forget() -> None:
    """What a process remembers of tokens, limits and the trail's end goes with it."""
    present = wiring.current()
    tokens._kept.clear()
    present.trail_ends.clear()
    present.__dict__["app_budget"] = AppBudget()


def _nothing() -> None:
    """Do nothing."""
