from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.identity import IdentityApi

from local.xero.serve import DEFAULTS
from local.xero.testing import running
from tests.contract.line import Line

SCOPES = (
    "openid profile email offline_access accounting.contacts accounting.invoices "
    "accounting.payments accounting.settings accounting.attachments"
)


class Customer:
    """An app built on Xero's SDK, with one organisation connected."""

    def __init__(self, url, tokens):
        self.tokens = tokens
        self.line = Line(url)
        oauth = OAuth2Token(
            client_id=DEFAULTS["client_id"], client_secret=DEFAULTS["client_secret"]
        )
        self.client = ApiClient(
            Configuration(oauth2_token=oauth),
            oauth2_token_getter=lambda: self.tokens,
            oauth2_token_saver=self._save,
        )
        self.client.rest_client.pool_manager = self.line
        self.identity = IdentityApi(self.client)
        self.accounting = AccountingApi(self.client)
        self.tenant = self.identity.get_connections()[0].tenant_id

    def _save(self, tokens):
        self.tokens = tokens


def consent(url):
    """A person signs in and allows; gives the tokens for the code."""
    person = requests.Session()
    query = {
        "response_type": "code",
        "client_id": DEFAULTS["client_id"],
        "redirect_uri": DEFAULTS["redirect_uri"],
        "scope": SCOPES,
        "state": "a-state",
    }
    page = f"{url}/identity/connect/authorize"
    signing_in = {"action": "sign_in", "email": "demo@xero.test", "password": "demo"}
    person.post(page, params=query, data=signing_in, timeout=10).raise_for_status()
    tenants = requests.get(f"{url}/_control/organisations", timeout=10).json()["organisations"]
    demo = next(t["tenant_id"] for t in tenants if t["name"] == "Demo Company (NZ)")
    allowed = person.post(
        page,
        params=query,
        data={"action": "allow", "tenant_id": demo},
        allow_redirects=False,
        timeout=10,
    )
    code = parse_qs(urlsplit(allowed.headers["Location"]).query)["code"][0]
    answer = requests.post(
        f"{url}/connect/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": DEFAULTS["redirect_uri"],
        },
        auth=(DEFAULTS["client_id"], DEFAULTS["client_secret"]),
        timeout=10,
    )
    answer.raise_for_status()
    tokens = answer.json()
    return {**tokens, "scope": tokens["scope"].split()}


@pytest.fixture
def xero():
    """A local Xero of this test's own."""
    with running() as server:
        yield server


@pytest.fixture
def customer(xero):
    """The connected app; at the end every exchange is held against the SDK's models."""
    made = Customer(xero.url, consent(xero.url))
    yield made
    made.line.clear()
    assert made.line.exchanges
    assert made.line.faults() == []
    unexpected = requests.get(f"{xero.url}/_control/unexpected", timeout=10).json()
    assert unexpected["unexpected"] == []
