"""What every route shares: decoded path parameters, and errors turned into answers.

Chalice hands path parameters over undecoded, and lets no middleware see an exception, so the
view itself is wrapped here.
"""

import functools
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from chalice.app import Blueprint, Request, Response

from chalicelib import log
from chalicelib.errors import WorkbillError

View = Callable[..., Response]

FORM = "application/x-www-form-urlencoded"

COMMON_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}


class Doors(Blueprint):
    """A blueprint of routes that answer errors in their own way; see the subclasses."""

    def request(self) -> Request:
        """The request being answered."""
        return self.current_request

    def answer_error(self, error: WorkbillError) -> Response:
        """The answer to a failure; a subclass says how it looks."""
        raise NotImplementedError

    def add(self, method: str, path: str, view: View, **options: Any) -> None:
        """Register a view for one method of one path."""

        @functools.wraps(view)
        def door(**path_parameters: str) -> Response:
            decoded = {name: unquote(value) for name, value in path_parameters.items()}
            try:
                response = view(**decoded)
            except WorkbillError as error:
                if error.status >= 500:  # noqa: PLR2004  the server's own range
                    _record(error)
                response = self.answer_error(error)
            except Exception as error:  # noqa: BLE001  the last door: nothing fails in silence
                _record(error)
                response = self.answer_error(WorkbillError("Something went wrong on our side."))
            response.headers = {**COMMON_HEADERS, **response.headers}
            return response

        self.route(path, methods=[method], name=f"{view.__module__}.{view.__name__}", **options)(
            door
        )


def body_of(request: Request) -> bytes:
    """The body as it came."""
    raw = request.raw_body
    return raw.encode() if isinstance(raw, str) else raw


def source_of(request: Request) -> str:
    """The address a request came from, as the gateway saw it, not as a header claims."""
    source: str = request.context.get("identity", {}).get("sourceIp", "")
    return source


def _record(error: Exception) -> None:
    log.event(
        "request_failed",
        error=type(error).__name__,
        said=str(error),
        where="".join(traceback.format_exception(error)[-4:]),
    )
