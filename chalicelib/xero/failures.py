"""Which of our errors an exception of ``requests`` or an answer of Xero's is."""

import re
import ssl
from collections.abc import Iterator
from typing import Any

import requests
from requests import exceptions as broken
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from chalicelib.xero import limits, messages
from chalicelib.xero.call import Call
from chalicelib.xero.errors import (
    Message,
    XeroCallError,
    XeroForbidden,
    XeroIdempotencyMisuse,
    XeroMisconfigured,
    XeroNotFound,
    XeroOutcomeUnknown,
    XeroRateLimited,
    XeroRejected,
    XeroScopeMissing,
    XeroTokenExpired,
    XeroUnauthorised,
    XeroUnavailable,
    XeroUnreadable,
)
from chalicelib.xero.formats import read_json
from chalicelib.xero.grants import grant_failure
from chalicelib.xero.sentences import explain

UNFORMED = (
    broken.URLRequired,
    broken.MissingSchema,
    broken.InvalidSchema,
    broken.InvalidURL,
    broken.InvalidHeader,
)
NEVER_SENT = (
    broken.ConnectTimeout,
    ConnectTimeoutError,
    NewConnectionError,
    ssl.SSLCertVerificationError,
)
CORRELATION = "Xero-Correlation-Id"
# Xero's own FAQ writes the word with and without its second "i".
SCOPE_MISSING = re.compile(r"insuffici?ent[_ ]scope", re.IGNORECASE)
KEY_MISUSED = re.compile(r"idempotency", re.IGNORECASE)
NOT_IMPLEMENTED = 501
REFUSALS = 4


def from_exception(exception: Exception, call: Call) -> XeroCallError:
    """The error for a call that brought no answer.

    A write counts as never sent only when the connection itself failed; any other break may
    have come after Xero did it.
    """
    if isinstance(exception, UNFORMED):
        return XeroMisconfigured()
    sent = not any(isinstance(cause, NEVER_SENT) for cause in _causes(exception))
    return XeroOutcomeUnknown() if call.writes and sent else XeroUnavailable()


def from_response(response: requests.Response, call: Call) -> XeroCallError:
    """The error for an answer that is not a success."""
    body = json_of(response)
    facts: dict[str, Any] = {
        "correlation_id": response.headers.get(CORRELATION),
        "http_status": response.status_code,
        "body": messages.plain_words(response.text) if body is None else response.text,
    }
    if isinstance(body, dict) and isinstance(body.get("error"), str):
        grant_problem = grant_failure(body["error"])
        if grant_problem:
            return grant_problem(**facts)
    match response.status_code:
        case 401:
            return _unauthorised(response, body)(**facts)
        case 403:
            return XeroForbidden(**facts)
        case 404:
            return XeroNotFound(**facts)
        case 429:
            return XeroRateLimited(
                retry_after=limits.retry_after(response.headers),
                problem=limits.problem(response.headers),
                correlation_id=facts["correlation_id"],
            )
    return _refused_or_lost(response.status_code, call, body, facts)


def unreadable(response: requests.Response, call: Call) -> XeroCallError:
    """The error for a success that is not what was asked for; a write may have been done."""
    kind = XeroOutcomeUnknown if call.writes else XeroUnreadable
    return kind(
        correlation_id=response.headers.get(CORRELATION),
        http_status=response.status_code,
        body=messages.plain_words(response.text),
    )


def json_of(response: requests.Response) -> Any:
    """The JSON tree of an answer; None where it is not labelled so, or cannot be parsed."""
    if "json" not in response.headers.get("Content-Type", "").lower():
        return None
    try:
        return read_json(response.content)
    except ValueError:
        return None


def _unauthorised(response: requests.Response, body: Any) -> type[XeroCallError]:
    if SCOPE_MISSING.search(response.headers.get("WWW-Authenticate", "")):
        return XeroScopeMissing
    detail = str(body.get("Detail", "")) if isinstance(body, dict) else response.text
    return XeroTokenExpired if "tokenexpired" in detail.lower() else XeroUnauthorised


def _refused_or_lost(status: int, call: Call, body: Any, facts: dict[str, Any]) -> XeroCallError:
    """400 and its kin are refusals; a time-out, a fault or a detour leaves a write uncertain."""
    refused = status // 100 == REFUSALS and status != requests.codes.request_timeout
    if not refused and status != NOT_IMPLEMENTED:
        return XeroOutcomeUnknown(**facts) if call.writes else XeroUnavailable(**facts)
    found = messages.refusal(body) or (Message(facts["body"], ""),)
    if any(KEY_MISUSED.search(message) for message, _ in found):
        return XeroIdempotencyMisuse(found, **facts)
    return XeroRejected(found, sentence=_sentence(found), **facts)


def _sentence(found: tuple[Message, ...]) -> str:
    others = len(found) - 1
    more = f" (And {others} more.)" if others else ""
    return explain(found[0].message).sentence + more


def _causes(exception: BaseException) -> Iterator[BaseException]:
    """The exception and what it wraps, in ``args``, ``reason`` or as its cause."""
    waiting, seen = [exception], set[int]()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        waiting += [item for item in inner if isinstance(item, BaseException)]
