"""The deployed stack that the journeys of one test session share."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.cloud.options import Ports
from local.cloud.running import RunningCopy, free_ports
from tests.support.calls import Calls


class SharedStack(RunningCopy):
    """A running copy that remembers, over restarts, which AWS calls its functions made."""

    def __init__(self, home: Path, ports: Ports) -> None:
        super().__init__(home, ports)
        self.calls = Calls()

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 90) -> int:
        # The cloud's trail of calls lives in memory only.
        if self.is_open and how != signal.SIGKILL:
            self.calls.collect(self)
        return super().stop(how, seconds)


@contextmanager
def shared_stack(home: Path) -> Iterator[SharedStack]:
    """Start one on free ports in `home`, and see it stop cleanly."""
    stack = SharedStack(home, free_ports())
    stack.start()
    try:
        yield stack
    finally:
        code = stack.stop()
    assert code == 0, (home / "said.txt").read_text()
