"""One act per ``Idempotency-Key``: a repeated request is told what the first one was told.

A key belongs to a tenant and is remembered for 24 hours with the hash of the path and body it
came with. While its request is under way the key is claimed; a claim that was never resolved,
because the process died, is open to the next request after ``CLAIMED``. What is behind a route
must therefore bear being begun again; this only keeps honest repetitions from doing so.

Answers of 2xx to 4xx are remembered, except 429, which asks for the same request again; after
5xx the key is free. An answer that holds a secret, or that compresses to more than ``LARGEST``,
is not kept: repeating the request is then a conflict that says so.
"""

import gzip
import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DeleteError, DoesNotExist, PutError

from chalicelib import wiring
from chalicelib.api.problems import problem
from chalicelib.clock import stamp
from chalicelib.errors import Conflict, InvalidInput, TooManyRequests, WorkbillError
from chalicelib.people.caller import Caller
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.rows import Row

KEPT = timedelta(hours=24)
CLAIMED = timedelta(seconds=60)
LONGEST_KEY = 128
LARGEST = 300_000
"""Bytes; DynamoDB's items end at 400 KB."""

Outcome = tuple[int, bytes, Mapping[str, str]]


class KeyReused(WorkbillError):
    """The key came before with another request; use a fresh one."""

    status = 422
    code = "idempotency_key_reused"


class StillUnderWay(Conflict):
    """The first request with this key has not been answered yet."""

    code = "request_under_way"


class AnswerNotKept(Conflict):
    """The request was done, and its answer was secret or too large to keep."""

    code = "answer_not_kept"


class OnceRow(Row):
    """A key in use: claimed while ``status`` is null, answered afterwards."""

    table = "people"

    class Meta:
        pass

    fingerprint = UnicodeAttribute()
    free_at = UnicodeAttribute()
    claim = UnicodeAttribute()
    status = NumberAttribute(null=True)
    body = BinaryAttribute(legacy_encoding=False, null=True)
    headers = JSONAttribute(null=True)


def once(
    caller: Caller,
    key: str,
    path: str,
    raw: bytes,
    act: Callable[[], Outcome],
    *,
    secret: bool = False,
) -> Outcome:
    """What ``act`` answers, or what it answered when this request first came.

    With ``secret`` the answer itself is not kept.
    Raises InvalidInput for an unusable key, KeyReused, StillUnderWay and AnswerNotKept.
    """
    if not (key.isascii() and key.isprintable() and len(key) <= LONGEST_KEY):
        raise InvalidInput(f"Idempotency-Key takes up to {LONGEST_KEY} printable characters.")
    fingerprint = hashlib.sha256(f"{path}\n".encode() + raw).hexdigest()
    row = _claim(f"{caller.tenant_id}#idempotency", key, fingerprint)
    if row is None:
        return _remembered(f"{caller.tenant_id}#idempotency", key, fingerprint)
    try:
        outcome = act()
    except WorkbillError as error:
        if error.status >= 500 or isinstance(error, TooManyRequests):  # noqa: PLR2004  5xx
            _let_go(row)
        else:
            _keep(row, _as_outcome(error))
        raise
    except BaseException:
        _let_go(row)
        raise
    _keep(row, outcome, secret=secret)
    return outcome


def _claim(partition: str, key: str, fingerprint: str) -> OnceRow | None:
    """The row to answer in, or None when the key is taken."""
    present = wiring.current()
    now = present.clock.now()
    row = OnceRow(partition, key)
    row.fingerprint = fingerprint
    row.claim = present.token()
    row.free_at = stamp(now + CLAIMED)
    row.expires_at = now + KEPT
    return (
        row if _put(row, OnceRow.pk.does_not_exist() | (OnceRow.free_at <= stamp(now))) else None
    )


def _keep(row: OnceRow, outcome: Outcome, *, secret: bool = False) -> None:
    """Store the answer, unless the claim was lost to a later request."""
    status, body, headers = outcome
    packed = gzip.compress(body, mtime=0)
    row.status = status
    row.body = None if secret or len(packed) > LARGEST else packed
    row.headers = dict(headers)
    row.free_at = stamp(wiring.current().clock.now() + KEPT)
    _put(row, OnceRow.claim == row.claim)


def _let_go(row: OnceRow) -> None:
    try:
        row.delete(condition=OnceRow.claim == row.claim)
    except DeleteError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


def _remembered(partition: str, key: str, fingerprint: str) -> Outcome:
    try:
        row = OnceRow.get(partition, key, consistent_read=True)
    except DoesNotExist:
        raise StillUnderWay(
            "The first request with this key has just failed. Repeat it."
        ) from None
    if row.fingerprint != fingerprint:
        raise KeyReused("This Idempotency-Key came before with another request. Use a new one.")
    if row.status is None:
        raise StillUnderWay("The first request with this key is still under way. Wait for it.")
    if row.body is None:
        raise AnswerNotKept(
            "This request was done, and its answer is not kept. Look at the resource instead."
        )
    headers = {**row.headers, "Idempotency-Replayed": "true"}
    return int(row.status), gzip.decompress(row.body), headers


def _as_outcome(error: WorkbillError) -> Outcome:
    response = problem(error)
    headers: dict[str, Any] = response.headers
    return response.status_code, response.body.encode(), headers


def _put(row: OnceRow, condition: Any) -> bool:
    try:
        row.save(condition=condition)
    except PutError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True
