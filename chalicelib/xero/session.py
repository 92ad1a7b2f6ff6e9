"""The pool of connections to Xero, fit for a process that sleeps between requests."""

import time
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter

IDLE_SECONDS = 20.0


class AwakeAdapter(HTTPAdapter):
    """Begins anew after a pause instead of trusting connections from before it.

    A function is frozen between requests, and a connection that died meanwhile looks alive. A
    write sent into it would be lost with its outcome unknown. The wall clock is read, because
    the others may stand still with the function.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__()
        self._now = now
        self._last_used = now()

    def send(
        self, request: requests.PreparedRequest, *args: Any, **facts: Any
    ) -> requests.Response:
        """Send by a connection that was in use a moment ago, or by a new one."""
        if self._now() - self._last_used > IDLE_SECONDS:
            self.close()
        try:
            return super().send(request, *args, **facts)
        finally:
            self._last_used = self._now()


def new_session(now: Callable[[], float] = time.time) -> requests.Session:
    """A pool for every call of a process; without cookies, for many organisations share it."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        session.mount(scheme, AwakeAdapter(now))
    return session
