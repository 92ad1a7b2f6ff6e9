"""Xero's six-minute memory of answers to calls that carried an ``Idempotency-Key``."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Request, Response

from local.xero.problems import TurnedAwayError, problem

REMEMBERED = timedelta(minutes=6)
LONGEST_KEY = 128
METHODS = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, slots=True)
class Remembered:
    """One stored answer and the fingerprint of the request that got it."""

    fingerprint: str
    until: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(slots=True)
class Memory:
    """Answers by app and key; errors are remembered too."""

    answers: dict[tuple[str, str], Remembered] = field(default_factory=dict)

    def recall(
        self, request: Request, client_id: str, now: datetime, make: Callable[[], Response]
    ) -> tuple[Response, bool]:
        """The answer and whether it was a replay; makes and stores it when the key is new.

        Raises ``TurnedAwayError`` for a key that is too long or was used with another
        request. A request without a key, or of another method, is simply made.
        """
        key = request.headers.get("Idempotency-Key", "")
        if not key or request.method not in METHODS:
            return make(), False
        if len(key) > LONGEST_KEY:
            raise _refused(f"Idempotency Key: {key} is longer than {LONGEST_KEY} characters.")
        self._forget(now)
        known = self.answers.get((client_id, key))
        mark = fingerprint(request)
        if known is None:
            return self._store((client_id, key), mark, now, make()), False
        if known.fingerprint != mark:
            raise _refused(f"Idempotency Key: {key} is used with a different request.")
        return Response(known.body, known.status, list(known.headers)), True

    def _store(
        self, name: tuple[str, str], mark: str, now: datetime, answer: Response
    ) -> Response:
        headers = tuple(answer.headers.items())
        self.answers[name] = Remembered(
            mark, now + REMEMBERED, answer.status_code, headers, answer.get_data()
        )
        return answer

    def _forget(self, now: datetime) -> None:
        for name in [name for name, kept in self.answers.items() if kept.until <= now]:
            del self.answers[name]


def fingerprint(request: Request) -> str:
    """What must be equal for a replay: method, address, body, and the organisation.

    Xero documents the first three; an answer of one organisation is never replayed to
    another, so the tenant id counts as part of the address.
    """
    parts = (
        request.method.encode(),
        request.full_path.encode(),
        request.headers.get("xero-tenant-id", "").encode(),
        request.get_data(),
    )
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _refused(detail: str) -> TurnedAwayError:
    return TurnedAwayError(problem(400, "Bad Request", detail))
