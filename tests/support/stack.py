"""The deployed stack that the journeys of one test session share."""

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.cloud.options import Ports
from local.cloud.running import RunningCopy, free_ports
from tests.support.calls import Calls
from tests.support.observed import Observed


class SharedStack(RunningCopy):
    """A running copy that remembers which AWS calls its functions made, and what went by.

    ``by_hand`` counts how often each function was run that is run by schedule otherwise.
    """

    def __init__(self, home: Path, ports: Ports) -> None:
        super().__init__(home, ports)
        self.calls = Calls()
        self.by_hand: Counter[str] = Counter()
        self.observed = Observed(self.base_url)

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
        with stack.observed.watching():
            yield stack
    finally:
        code = stack.stop()
    assert code == 0, (home / "said.txt").read_text()
