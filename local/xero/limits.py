"""Rate limits: fixed windows per organisation and app, and five calls at a time."""

import hashlib
import math
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from flask import Response

from local.xero.problems import TurnedAwayError, too_many

MINUTE = 60
DAY = 86_400
REMAINING = {
    "day": "X-DayLimit-Remaining",
    "minute": "X-MinLimit-Remaining",
    "appminute": "X-AppMinLimit-Remaining",
}

Key = tuple[str, ...]


@dataclass(slots=True)
class Sizes:
    """How many calls each window admits; the published numbers of the paid tiers."""

    minute: int = 60
    day: int = 5_000
    app_minute: int = 10_000
    concurrent: int = 5


@dataclass(frozen=True, slots=True)
class Window:
    """One fixed window: whose it is, when it started and when it ends (epoch seconds)."""

    problem: str
    key: Key
    size: int
    start: int
    ends: int


class Limiter:
    """Counts admitted calls; a refused call costs nothing."""

    def __init__(self) -> None:
        self.sizes = Sizes()
        self.enabled = True
        self._used: dict[tuple[str, Key], tuple[int, int]] = {}
        self._running: Counter[Key] = Counter()
        self._lock = threading.Lock()

    def settings(self) -> dict[str, object]:
        """The sizes and whether they are enforced."""
        return {"enabled": self.enabled, **asdict(self.sizes)}

    def reset(self) -> None:
        """Starts every window afresh; calls in flight stay counted."""
        with self._lock:
            self._used.clear()

    @contextmanager
    def slot(self, client_id: str, tenant_id: str, now: datetime) -> Iterator[None]:
        """Holds one of the concurrent places; raises ``TurnedAwayError`` with a 429."""
        key = (client_id, tenant_id)
        with self._lock:
            if self.enabled and self._running[key] >= self.sizes.concurrent:
                raise TurnedAwayError(too_many("concurrent", None))
            if self.enabled:
                self._spend(self._windows(client_id, tenant_id, now), now)
            self._running[key] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[key] -= 1

    def headers(self, client_id: str, tenant_id: str, now: datetime) -> dict[str, str]:
        """The three remaining-headers; they do not move while limits are off."""
        with self._lock:
            return {
                REMAINING[window.problem]: str(max(0, window.size - self._count(window)))
                for window in self._windows(client_id, tenant_id, now)
            }

    def refusal(self, name: str, tenant_id: str, now: datetime) -> Response:
        """The 429 that a full window of that name would give now."""
        if name == "concurrent":
            return too_many(name, None)
        windows = {window.problem: window for window in self._windows("", tenant_id, now)}
        return too_many(name, _wait(windows[name], now))

    def _spend(self, windows: list[Window], now: datetime) -> None:
        for window in windows:
            if self._count(window) >= window.size:
                raise TurnedAwayError(too_many(window.problem, _wait(window, now)))
        for window in windows:
            name = (window.problem, window.key)
            self._used[name] = (window.start, self._count(window) + 1)

    def _count(self, window: Window) -> int:
        start, count = self._used.get((window.problem, window.key), (window.start, 0))
        return count if start == window.start else 0

    def _windows(self, client_id: str, tenant_id: str, now: datetime) -> list[Window]:
        second = int(now.timestamp())
        # Each organisation's day starts at a time of its own.
        shift = int.from_bytes(hashlib.sha256(tenant_id.encode()).digest()[:4]) % DAY
        day = (second - shift) // DAY * DAY + shift
        minute = second // MINUTE * MINUTE
        both, sizes = (client_id, tenant_id), self.sizes
        return [
            Window("day", both, sizes.day, day, day + DAY),
            Window("minute", both, sizes.minute, minute, minute + MINUTE),
            Window("appminute", (client_id,), sizes.app_minute, minute, minute + MINUTE),
        ]


def _wait(window: Window, now: datetime) -> int:
    return max(1, math.ceil(window.ends - now.timestamp()))
