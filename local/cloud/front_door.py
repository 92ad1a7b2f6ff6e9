"""Plays the custom domain in front of API Gateway, with the limits that AWS has.

MiniStack lets requests be larger and last longer than AWS does, and answers under a
path of its own; what works through this door works behind a custom domain.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any

import urllib3
import urllib3.util
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as TookTooLongError

# Of one connection only, RFC 9110 section 7.6.1; never passed on.
HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# Lambda gives anything else to API Gateway as base64, which is a third longer.
TEXT = ("text/", "application/json", "application/problem+json", "application/javascript")

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What AWS takes, gives and waits for; a test may set shorter ones.

    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html and
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
    """

    size: int = 6 * 1024 * 1024
    seconds: float = 29.0
    # Not AWS's: every function in flight is a Python process of this machine.
    in_flight: int = 16


def _refusal(status: int, message: str) -> tuple[int, Headers, bytes]:
    """Say no in the words of API Gateway."""
    body = f'{{"message": "{message}"}}'.encode()
    return status, [("Content-Type", "application/json")], body


BAD_GATEWAY = _refusal(502, "Internal server error")


class FrontDoor:
    """A WSGI application that passes each request on to the API at `api_url`."""

    def __init__(self, api_url: str, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._api_url = api_url
        self._room = BoundedSemaphore(self._limits.in_flight)
        self._pool = urllib3.PoolManager(maxsize=self._limits.in_flight, retries=False)

    def __call__(
        self, environ: Mapping[str, Any], start_response: Callable[[str, Headers], Any]
    ) -> Iterable[bytes]:
        status, headers, body = self._answer(environ)
        start_response(f"{status} {_phrase(status)}", headers)
        return [body]

    def close(self) -> None:
        """Let go of the connections to the API."""
        self._pool.clear()

    def _answer(self, environ: Mapping[str, Any]) -> tuple[int, Headers, bytes]:
        if int(environ.get("CONTENT_LENGTH") or 0) > self._limits.size:
            return _refusal(413, "Request Too Long")
        try:
            answer = self._in_time(environ)
        except NewConnectionError:
            # urllib3 counts it among the timeouts.
            return BAD_GATEWAY
        except TookTooLongError:
            return _refusal(504, "Endpoint request timed out")
        except HTTPError:
            return BAD_GATEWAY
        if _size_in_lambda(answer) > self._limits.size:
            return BAD_GATEWAY
        return answer.status, list(_end_to_end(answer.headers.items())), answer.data

    def _in_time(self, environ: Mapping[str, Any]) -> urllib3.BaseHTTPResponse:
        """Ask the API; waiting for room counts as waiting for the answer."""
        deadline = time.monotonic() + self._limits.seconds
        if not self._room.acquire(timeout=self._limits.seconds):
            raise TookTooLongError
        try:
            return self._ask(environ, max(0.01, deadline - time.monotonic()))
        finally:
            self._room.release()

    def _ask(self, environ: Mapping[str, Any], seconds: float) -> urllib3.BaseHTTPResponse:
        return self._pool.request(
            environ["REQUEST_METHOD"],
            self._api_url + _target(environ),
            body=environ["wsgi.input"].read() or None,
            headers=_forwarded_headers(environ),
            redirect=False,
            decode_content=False,
            timeout=urllib3.Timeout(total=seconds),
        )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _target(environ: Mapping[str, Any]) -> str:
    """Return path and query exactly as they were sent, still percent-encoded."""
    target: str = environ["REQUEST_URI"]
    if target.startswith("/"):
        return target
    # A proxy's absolute form, http://host/path.
    return "/" + target.partition("://")[2].partition("/")[2]


def _forwarded_headers(environ: Mapping[str, Any]) -> urllib3.HTTPHeaderDict:
    named = (
        (name[5:].replace("_", "-").title(), value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    )
    headers = urllib3.HTTPHeaderDict(_end_to_end(named))
    headers.setdefault("Accept-Encoding", urllib3.util.SKIP_HEADER)
    headers.setdefault("User-Agent", urllib3.util.SKIP_HEADER)
    if environ.get("CONTENT_TYPE"):
        headers["Content-Type"] = environ["CONTENT_TYPE"]
    client = environ.get("REMOTE_ADDR", "")
    before = headers.get("X-Forwarded-For")
    headers["X-Forwarded-For"] = f"{before}, {client}" if before else client
    headers["X-Forwarded-Proto"] = environ["wsgi.url_scheme"]
    headers["X-Forwarded-Host"] = headers.get("Host", "")
    headers["X-Forwarded-Port"] = environ["SERVER_PORT"]
    return headers


def _end_to_end(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return (
        (name, value)
        for name, value in headers
        if name.lower() not in HOP_BY_HOP and name.lower() != "content-length"
    )


def _size_in_lambda(answer: urllib3.BaseHTTPResponse) -> int:
    """Return the bytes the function's answer took, of which AWS counts six million."""
    size = len(answer.data)
    if answer.headers.get("Content-Type", "").startswith(TEXT):
        return size
    return -(-size // 3) * 4
