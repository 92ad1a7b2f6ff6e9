import base64
import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from local.xero.app import create_app
from local.xero.identity.signing import SigningKey
from local.xero.serve import DEFAULTS, default_app
from local.xero.world import World

SCOPES = (
    "openid profile email offline_access accounting.contacts accounting.invoices "
    "accounting.payments accounting.settings.read"
)
CALLBACK = DEFAULTS["redirect_uri"]
CLIENT = (DEFAULTS["client_id"], DEFAULTS["client_secret"])


class Visitor:
    """A browser at the consent page, and the app behind it."""

    def __init__(self, app, world):
        self.world = world
        self.browser = app.test_client()
        self.api = app.test_client()

    def ask(self, **changes):
        query = {
            "response_type": "code",
            "client_id": CLIENT[0],
            "redirect_uri": CALLBACK,
            "scope": SCOPES,
            "state": "the-state",
        }
        return {name: value for name, value in {**query, **changes}.items() if value}

    def open(self, **changes):
        return self.browser.get("/identity/connect/authorize", query_string=self.ask(**changes))

    def press(self, action, *, query=None, **fields):
        return self.browser.post(
            "/identity/connect/authorize",
            query_string=self.ask(**(query or {})),
            data={"action": action, **fields},
        )

    def sign_in(self, email="demo@xero.test", password="demo"):
        return self.press("sign_in", email=email, password=password)

    def tenant(self, name="Demo Company (NZ)"):
        return next(o.tenant_id for o in self.world.organisations.values() if o.name == name)

    def code(self, name="Demo Company (NZ)", **query):
        answer = self.press("allow", query=query, tenant_id=self.tenant(name))
        return parse_qs(urlsplit(answer.location).query)["code"][0]

    def token(self, auth=CLIENT, **form):
        headers = {}
        if auth:
            pair = base64.b64encode(":".join(auth).encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        return self.api.post("/connect/token", data=form, headers=headers)

    def exchange(self, code, **form):
        form = {"code": code, "redirect_uri": CALLBACK, **form}
        return self.token(grant_type="authorization_code", **form)

    def refresh(self, refresh_token):
        return self.token(grant_type="refresh_token", refresh_token=refresh_token)

    def connect(self, name="Demo Company (NZ)", email="demo@xero.test", **query):
        """Signs in, consents, and gives the token answer."""
        self.browser = self.browser.application.test_client()
        self.sign_in(email)
        return self.exchange(self.code(name, **query)).get_json()

    def connections(self, tokens, **query):
        return self.api.get("/connections", headers=bearer(tokens), query_string=query).get_json()

    def call(self, tokens, method, path, name="Demo Company (NZ)", body=None, **headers):
        sent = {
            **bearer(tokens),
            "xero-tenant-id": self.tenant(name),
            "Accept": "application/json",
            **{field.replace("_", "-"): value for field, value in headers.items()},
        }
        sent = {field: value for field, value in sent.items() if value is not None}
        return self.api.open(
            f"/api.xro/2.0{path}",
            method=method,
            headers=sent,
            data=None if body is None else json.dumps(body),
            content_type="application/json" if body is not None else None,
        )


def bearer(tokens):
    return {"Authorization": f"Bearer {tokens['access_token']}"}


@pytest.fixture(scope="session")
def signing():
    """One key for all worlds: making one takes longer than most tests."""
    return SigningKey()


@pytest.fixture
def until():
    """Waits for something to come true, five seconds at most."""

    def wait(true, seconds=5.0):
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, "it did not come true in time"
            time.sleep(0.005)

    return wait


@pytest.fixture
def world(signing):
    made = World(default_app(), signing)
    made.seed()
    made.clock.freeze()
    return made


@pytest.fixture
def app(world):
    return create_app(world)


@pytest.fixture
def visitor(app, world):
    return Visitor(app, world)


@pytest.fixture
def control(app):
    """Sends an order to the control interface and gives its answer."""
    client = app.test_client()

    def order(method, path, body=None):
        return client.open(f"/_control{path}", method=method, json=body).get_json()

    return order
