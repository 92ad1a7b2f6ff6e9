import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask import Flask, g

from local.xero.accounting import blueprint
from local.xero.books import Books

API = "/api.xro/2.0"
JSON = "application/json"


class World:
    """Remembers what the endpoints reported as unknown to them."""

    def __init__(self):
        self.surprises = []

    def unexpected(self, _request, why):
        self.surprises.append(why)


class Caller:
    """An admitted app calling the endpoints of one organisation."""

    def __init__(self, app, books, world, time):
        self._client = app.test_client()
        self.books = books
        self.world = world
        self.time = time

    def call(self, method, path, body=None, *, raw=None, headers=None, mimetype=JSON, **query):
        return self._client.open(
            API + path,
            method=method,
            query_string=query,
            data=raw if body is None else json.dumps(body),
            content_type=mimetype,
            headers={"Accept": JSON, **(headers or {})},
        )

    def get(self, path, headers=None, **query):
        answer = self.call("GET", path, headers=headers, **query)
        assert answer.status_code == 200, answer.text
        return self.tree(answer)

    def tree(self, answer):
        return json.loads(answer.text, parse_float=Decimal)

    def refusal(self, method, path, body=None, **more):
        answer = self.call(method, path, body, **more)
        assert answer.status_code == 400, answer.text
        return self.tree(answer)

    def contact(self, name="Boom FM"):
        return self.books.contacts.named(name)["ContactID"]

    def line(self, **more):
        facts = {"Description": "Work", "Quantity": 2, "UnitAmount": 20, "AccountCode": "200"}
        return {**facts, **more}

    def invoice(self, **more):
        facts = {
            "Type": "ACCREC",
            "Status": "AUTHORISED",
            "Contact": {"ContactID": self.contact()},
            "Date": "2026-03-01",
            "DueDate": "2026-03-20",
            "LineItems": [self.line()],
        }
        return {**facts, **more}

    def enter(self, **more):
        answer = self.call("PUT", "/Invoices", self.invoice(**more))
        assert answer.status_code == 200, answer.text
        return self.tree(answer)["Invoices"][0]


@pytest.fixture
def time():
    clock = SimpleNamespace(present=datetime(2026, 3, 3, 10, 0, 0, 700000, tzinfo=UTC))
    clock.now = lambda: clock.present
    clock.pass_by = lambda seconds: setattr(
        clock, "present", clock.present + timedelta(seconds=seconds)
    )
    return clock


@pytest.fixture
def caller(time):
    world = World()
    books = Books.seeded("NZ", name="Demo Company (NZ)", now=time.now)
    app = Flask("endpoints-alone")
    app.testing = True
    app.extensions["world"] = world
    app.register_blueprint(blueprint)

    @app.before_request
    def admitted():
        g.books, g.app_client_id, g.user, g.scopes = books, "the-app", None, set()

    return Caller(app, books, world, time)
