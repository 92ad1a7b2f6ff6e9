"""What Xero would refuse, by the API and on pages."""

import json

import pytest
from chalice.test import Client

from app import app
from chalicelib.people.make_tenant import make_tenant
from tests.support.browser import PROJECT
from tests.support.xero import books


@pytest.fixture
def xero():
    with books() as both:
        yield both


@pytest.fixture
def client(xero):
    assert not xero.world.connections
    with Client(app, project_dir=str(PROJECT)) as client:
        yield client


@pytest.fixture
def acme(program, xero):
    """A program of a tenant whose default account was archived in Xero."""
    tenant_id = make_tenant(name="Acme Ltd", email="ann@acme.test")["tenant_id"]
    made = xero.connect(tenant_id)
    acme = program(tenant_id, "read", "write", "send", "admin")
    acme.call("POST", "/imports/codes")
    acme.call("PUT", "/mapping", {"account_code": "200"})
    xero.world.organisations[made.organisation_id].books.archive_account("200")
    return acme


def read(response):
    assert response.status_code == 200, response.body
    return json.loads(response.body)


def test_a_fault_is_listed_with_where_it_is_put_right(acme):
    assert read(acme.call("GET", "/mapping/problems"))["items"] == []
    acme.call("POST", "/imports/codes")
    found = read(acme.call("GET", "/mapping/problems"))
    assert (found["total"], found["stopping"], found["next"]) == (1, 1, None)
    (problem,) = found["items"]
    assert "archived in Xero" in problem.pop("message")
    assert problem == {
        "code": "account_archived",
        "where": "tenant",
        "id": None,
        "name": None,
        "field": "account_code",
        "stops": True,
        "path": "/settings/codes",
    }


def test_checking_anew_uses_the_lists_as_last_read(acme, program):
    assert read(acme.call("POST", "/mapping/problems"))["total"] == 0
    acme.call("POST", "/imports/codes")
    assert read(acme.call("POST", "/mapping/problems"))["total"] == 1
    reader = program(acme.tenant_id, "read")
    assert reader.call("POST", "/mapping/problems").status_code == 403


def test_a_choice_that_mends_it_is_seen_at_once(acme):
    acme.call("POST", "/imports/codes")
    acme.call("PUT", "/mapping", {"account_code": "260"})
    assert read(acme.call("GET", "/mapping/problems"))["total"] == 0


def test_a_stranger_sees_nothing_of_it(acme, program):
    acme.call("POST", "/imports/codes")
    other = make_tenant(name="Other Ltd", email="bob@other.test")["tenant_id"]
    assert read(program(other, "read").call("GET", "/mapping/problems"))["items"] == []
