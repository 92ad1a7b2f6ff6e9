"""Signs a webhook body, posts it, and judges the answer as Xero does."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

import requests

PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an endpoint answered; ``fault`` says what was wrong beside the status."""

    status: int | None
    fault: str = ""

    @property
    def accepted(self) -> bool:
        """Whether a correctly signed delivery counts as received."""
        return self.status is not None and 200 <= self.status < 300 and self.fault != SLOW


SLOW = "took longer than 5 seconds"


def encode(events: list[dict[str, Any]], first: int, last: int) -> bytes:
    """The body as sent: spaces after colons, so a re-serialised copy fails its check."""
    body = {
        "events": events,
        "firstEventSequence": first,
        "lastEventSequence": last,
        "entropy": secrets.token_hex(10).upper(),
    }
    return json.dumps(body).encode()


def signature(key: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256 over the very bytes; the key is text and is not decoded."""
    return base64.b64encode(hmac.digest(key.encode(), body, hashlib.sha256)).decode()


def post(url: str, body: bytes, signed: str) -> Outcome:
    """Sends one body and waits five seconds; never raises. Call it without the lock."""
    headers = {"Content-Type": "application/json", "x-xero-signature": signed}
    started = time.monotonic()
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                url, data=body, headers=headers, timeout=PATIENCE, allow_redirects=False
            )
    except requests.RequestException as error:
        return Outcome(None, type(error).__name__)
    if time.monotonic() - started > PATIENCE:
        return Outcome(answer.status_code, SLOW)
    return Outcome(answer.status_code, _untidy(answer))


def _untidy(answer: requests.Response) -> str:
    if answer.content:
        return "the body was not empty"
    if "Set-Cookie" in answer.headers:
        return "a cookie was set"
    return ""
