"""The one way out to Xero: addresses, time limits, headers, the record of every call."""

import time
from collections.abc import Callable
from urllib.parse import quote, urlencode

import requests

from chalicelib.xero.call import JSON, Call
from chalicelib.xero.call_record import CallRecord
from chalicelib.xero.errors import XeroCallError, XeroRateLimited, XeroUnavailable
from chalicelib.xero.failures import CORRELATION, from_exception, from_response
from chalicelib.xero.limits import Limits
from chalicelib.xero.session import new_session

CONNECT_SECONDS = 3.05
READ_SECONDS = 15.0
LEAST_SECONDS = 0.5
"""With less time than this left, a call is not begun: its answer could not be awaited."""

SUCCESSES = 2
ORGANISATION = "xero-tenant-id"


def admitted() -> None:
    """Let every call be made."""


def unrecorded(_record: CallRecord) -> None:
    """Keep no record."""


class Transport:
    """Sends calls to one base address, each once and within a time limit.

    ``admit`` is asked before every call, and raises where it has to wait. ``on_call`` gets one
    record for every call, whatever became of it. ``time_left`` tells the seconds that the caller
    still has, and shortens every wait; a read limit is the longest silence, not the longest
    answer. ``session`` is to come from ``new_session``.
    """

    def __init__(
        self,
        base_url: str,
        *,
        session: requests.Session | None = None,
        user_agent: str = "Workbill",
        admit: Callable[[], None] = admitted,
        on_call: Callable[[CallRecord], None] = unrecorded,
        read_seconds: float = READ_SECONDS,
        time_left: Callable[[], float] | None = None,
        ticks: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._session = session or new_session()
        self._user_agent = user_agent
        self._admit = admit
        self._on_call = on_call
        self._read_seconds = read_seconds
        self._time_left = time_left
        self._ticks = ticks

    def send(self, call: Call) -> requests.Response:
        """The answer to a call: 2xx, or 304 to a conditional read; else a XeroCallError.

        The error bears neither the request nor the library's exception, since both hold the
        token.
        """
        timeout = (CONNECT_SECONDS, self._read_limit(call))
        self._admit()
        began = self._ticks()
        response, failure = self._attempt(call, timeout)
        self._on_call(self._record(call, response, failure, self._ticks() - began))
        if response is None or failure:
            raise failure or XeroUnavailable
        return response

    def _attempt(
        self, call: Call, timeout: tuple[float, float]
    ) -> tuple[requests.Response | None, XeroCallError | None]:
        try:
            response = self._request(call, timeout)
        except (requests.RequestException, OSError) as exception:
            return None, from_exception(exception, call)
        return response, None if _succeeded(response) else from_response(response, call)

    def _request(self, call: Call, timeout: tuple[float, float]) -> requests.Response:
        return self._session.request(
            call.method,
            self.base_url + call.path + ("?" + _written(call) if call.query else ""),
            data=call.body,
            headers={
                "Accept": JSON,
                "Accept-Encoding": "gzip",
                "User-Agent": self._user_agent,
                **call.headers,
            },
            auth=call.auth,
            timeout=timeout,
            allow_redirects=False,
            verify=True,
        )

    def _read_limit(self, call: Call) -> float:
        limit = call.timeout or self._read_seconds
        if self._time_left is None:
            return limit
        left = self._time_left()
        if left < LEAST_SECONDS:
            raise XeroUnavailable("There was no time left to ask Xero. Nothing was changed.")
        return min(limit, left)

    def _record(
        self,
        call: Call,
        response: requests.Response | None,
        failure: XeroCallError | None,
        seconds: float,
    ) -> CallRecord:
        headers = {} if response is None else response.headers
        return CallRecord(
            method=call.method,
            path=call.template or call.path,
            status=None if response is None else response.status_code,
            milliseconds=round(seconds * 1000),
            bytes_out=len(call.body or b""),
            bytes_in=0 if response is None else _bytes_in(response),
            correlation_id=headers.get(CORRELATION),
            limits=Limits.read(headers),
            failure=failure.code if failure else None,
            organisation_id=call.headers.get(ORGANISATION),
            refused_by=failure.problem if isinstance(failure, XeroRateLimited) else None,
            retry_after=failure.retry_after if isinstance(failure, XeroRateLimited) else None,
        )


def _written(call: Call) -> str:
    return urlencode(call.query, quote_via=quote)


def _succeeded(response: requests.Response) -> bool:
    status = response.status_code
    return status // 100 == SUCCESSES or status == requests.codes.not_modified


def _bytes_in(response: requests.Response) -> int:
    return response.raw.tell() if response.raw else len(response.content)
