"""Turns the wish to stop, however it comes, into one exception and no second one."""

import signal
from types import FrameType

from local.cloud.progress import say


class StopAsked(BaseException):
    """SIGINT, SIGTERM or SIGHUP came; not an Exception, so that nothing swallows it."""


class Signals:
    """Raises StopAsked in the main thread at the first signal, and never again."""

    def __init__(self) -> None:
        self._stopping = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            # Under nohup the end of the terminal is no wish to stop.
            signal.signal(signal.SIGHUP, self._on_signal)

    def protect_stopping(self) -> None:
        """From here on nothing interrupts the saving of state."""
        self._stopping = True

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping:
            say("Still stopping: saving what was done.")
            return
        self._stopping = True
        raise StopAsked
