"""Waiting for what comes by itself."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], *wanted: T, seconds: float = 60) -> T:
    """Look until it is one of these, or time is up; answers what was seen last."""
    deadline = time.monotonic() + seconds
    seen = look()
    while seen not in wanted and time.monotonic() < deadline:
        time.sleep(0.2)
        seen = look()
    return seen
