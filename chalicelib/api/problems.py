"""Errors as problem JSON (RFC 9457) with a stable ``code``."""

from http import HTTPStatus
from typing import Any

import msgspec
from chalice.app import Response

from chalicelib.errors import TooManyRequests, WorkbillError


class Problem(msgspec.Struct, omit_defaults=True):
    """The body of every failed call; ``field`` names the input at fault."""

    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    type: str = "about:blank"
    correlation_id: str | None = None


def problem(error: WorkbillError) -> Response:
    """The response to a failed call."""
    body = Problem(
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        detail=error.sentence,
        code=error.code,
        field=error.field,
        correlation_id=getattr(error, "correlation_id", None),
    )
    headers: dict[str, Any] = {"Content-Type": "application/problem+json"}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
    return Response(msgspec.json.encode(body).decode(), status_code=error.status, headers=headers)
