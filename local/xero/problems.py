"""Answers given at the door, before an organisation's books are reached."""

import json
from typing import Any
from uuid import uuid4

from flask import Response


class TurnedAwayError(Exception):
    """A call that ends at the door with the answer it carries."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def problem(status: int, title: str, detail: str, **headers: str) -> Response:
    """Xero's problem JSON, spelt with the capitals that live answers have."""
    body: dict[str, Any] = {
        "Type": None,
        "Title": title,
        "Status": status,
        "Detail": detail,
        "Instance": str(uuid4()),
        "Extensions": {},
    }
    response = Response(json.dumps(body), status, mimetype="application/problem+json")
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def forbidden() -> Response:
    """What a missing, foreign or disconnected tenant id gets."""
    return problem(403, "Forbidden", "AuthenticationUnsuccessful")


def unauthorised(detail: str, **headers: str) -> Response:
    """What a bad, absent or too narrow access token gets."""
    return problem(401, "Unauthorized", detail, **headers)


def server_error() -> Response:
    """Xero's own words for a failure on its side."""
    body = {
        "Title": "An error occurred",
        "Detail": "An error occurred in Xero. Check the API Status page "
        "http://status.developer.xero.com for current service status.",
        "Status": 500,
        "Instance": str(uuid4()),
    }
    return Response(json.dumps(body), 500, mimetype="application/json")


def too_large() -> Response:
    """What a request over ten megabytes gets."""
    return Response("Request Entity Too Large", 413, mimetype="text/plain")


def too_many(problem_name: str, retry_after: int | None) -> Response:
    """A 429; one for concurrency carries no ``Retry-After``."""
    response = Response("", 429, mimetype="text/plain")
    response.headers["X-Rate-Limit-Problem"] = problem_name
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
