"""What the worker function does with a message: always acknowledge, unless it crashes."""

from datetime import timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.dispatch.drain import drain

WORKING_SECONDS = 30
"""Half of the function's time, so that a call to Xero begun at the end can still finish."""


def work(event: Any) -> None:
    """Drain the lane that each message names."""
    for record in event:
        deadline = wiring.current().clock.now() + timedelta(seconds=WORKING_SECONDS)
        drain(record.body, deadline=deadline)
