"""A Xero made of prepared answers, and what the client needs to speak to it."""

import base64
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import responses

from chalicelib.xero.accounting import Accounting
from chalicelib.xero.call_record import CallRecord
from chalicelib.xero.identity import Identity
from chalicelib.xero.retry import Patience
from chalicelib.xero.session import new_session
from chalicelib.xero.transport import Transport

API = "https://api.xero.test"
IDENTITY = "https://identity.xero.test"
BOOKS = f"{API}/api.xro/2.0"
SECRETS = SimpleNamespace(
    access="eyJhbGciOiJSUzI1NiJ9.planted-access-token.signature",
    refresh="planted-refresh-token",
    client="planted-client-secret",
    code="planted-code",
    verifier="planted-verifier-" + "v" * 40,
)


def jwt(**claims: object) -> str:
    """An access token with these claims and a signature that nobody checks."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJSUzI1NiJ9.{payload}.c2lnbmF0dXJl"


class Kit:
    """The client over prepared answers, with its records and its pauses."""

    def __init__(self) -> None:
        self.records: list[CallRecord] = []
        self.pauses: list[float] = []
        self.patience = Patience(sleep=self.pauses.append, chance=lambda: 0.5)
        self.transport = self.transport_to(API)
        self.accounting = Accounting(
            self.transport,
            access_token=SECRETS.access,
            organisation_id="org-1",
            patience=self.patience,
        )
        self.identity = Identity(
            "https://login.xero.test",
            self.transport_to(IDENTITY),
            self.transport,
            "client-1",
            SECRETS.client,
        )

    def transport_to(self, base_url: str, **options: Any) -> Transport:
        return Transport(
            base_url,
            session=new_session(),
            user_agent="Workbill/test",
            on_call=self.records.append,
            **options,
        )


@pytest.fixture(autouse=True)
def clean_environ(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's proxy or certificates change no result."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "OAUTHLIB_INSECURE_TRANSPORT"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def xero() -> Iterator[responses.RequestsMock]:
    """Nothing answers but what the test prepared."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as prepared:
        yield prepared


@pytest.fixture
def kit(xero: responses.RequestsMock) -> Kit:  # noqa: ARG001  nothing may go out
    return Kit()


@pytest.fixture
def planted() -> SimpleNamespace:
    """Secrets that must never be seen again."""
    return SECRETS


@pytest.fixture
def make_jwt():
    return jwt
