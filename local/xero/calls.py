"""The log of calls made by apps: what benches count and tests look at."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from flask import Request, Response

KEPT = 100_000
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
VARIABLE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


@dataclass(slots=True)
class Call:
    """One request of an app and what became of it; bodies only when asked to keep them."""

    number: int
    at: str
    method: str
    path: str
    template: str
    query: str
    bytes_in: int
    idempotency_key: str | None
    tenant_id: str | None
    client_id: str | None = None
    status: int | None = None
    bytes_out: int = 0
    replayed: bool = False
    fault: str | None = None
    correlation_id: str | None = None
    request_body: str | None = None
    response_body: str | None = None


@dataclass(slots=True)
class CallLog:
    """The latest calls, oldest first."""

    keep_bodies: bool = False
    _calls: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT))
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def begin(self, request: Request, now: datetime) -> Call:
        """Notes an arriving call; its outcome is added by ``end``."""
        body = request.get_data()
        call = Call(
            number=next(self._numbers),
            at=now.isoformat(),
            method=request.method,
            path=request.path,
            template=template(request),
            query=request.query_string.decode("ascii", "replace"),
            bytes_in=len(body),
            idempotency_key=request.headers.get("Idempotency-Key"),
            tenant_id=request.headers.get("xero-tenant-id"),
        )
        if self.keep_bodies:
            call.request_body = body.decode("utf-8", "replace")
        self._calls.append(call)
        return call

    def end(self, call: Call, response: Response) -> None:
        """Adds what was answered."""
        body = response.get_data()
        call.status = response.status_code
        call.bytes_out = len(body)
        if self.keep_bodies:
            call.response_body = body.decode("utf-8", "replace")

    def clear(self) -> None:
        self._calls.clear()

    def listed(
        self, since: int = 0, method: str = "", path: str = "", tenant_id: str = ""
    ) -> list[dict[str, Any]]:
        """Calls numbered above ``since``, by method, part of the path and organisation."""
        return [
            asdict(call)
            for call in list(self._calls)
            if call.number > since
            and method in ("", call.method)
            and path in call.path
            and tenant_id in ("", call.tenant_id)
        ]


def grouped(calls: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Count and bytes by method and path template."""
    groups: dict[str, dict[str, int]] = {}
    for call in calls:
        name = f"{call['method']} {call['template']}"
        group = groups.setdefault(name, {"count": 0, "bytes_in": 0, "bytes_out": 0})
        group["count"] += 1
        group["bytes_in"] += call["bytes_in"]
        group["bytes_out"] += call["bytes_out"]
    return groups


def template(request: Request) -> str:
    """The path with its variable parts named, so that calls can be counted together."""
    if request.url_rule is not None:
        return VARIABLE.sub(r"{\1}", request.url_rule.rule)
    return GUID.sub("{id}", request.path)
