"""Clients from Xero by the API: the same rules as on the pages."""

import json

import pytest

from chalicelib.connection import features
from chalicelib.connection.features import Feature
from chalicelib.people.make_tenant import make_tenant
from tests.support.browser import application
from tests.support.imports import Importer
from tests.support.program import Program
from tests.support.xero import books, caller_of


@pytest.fixture
def xero():
    with books() as both:
        yield both


@pytest.fixture
def acme(xero):  # noqa: ARG001  the account must be there first
    with application() as client:
        yield Program(client, make_tenant(name="Acme", email="a@acme.test")["tenant_id"])


@pytest.fixture
def importer(acme, xero):
    xero.connect(acme.tenant_id)
    features.switch(caller_of(acme.tenant_id), Feature.CREATE_CONTACTS, on=True)
    return Importer.connected(xero, acme.tenant_id)


def asked(program, method, path, body=None, status=200):
    response = program.call(method, path, body)
    assert response.status_code == status, response.body
    return json.loads(response.body) if response.body else None


def test_imports_are_chosen_asked_for_and_told_of(acme, importer):
    before = asked(acme, "GET", "/imports/clients")
    assert before["choice"]["create"] is True
    assert (before["changes_since"], before["waiting"]) == (None, 0)
    assert {"name": "name", "in_xero": "Contact name", "master": "xero"} in before["fields"]
    choice = {"create": True, "update": True, "with_email": True}
    assert asked(acme, "PUT", "/imports/clients", choice)["automatic"] is False
    refused = asked(acme, "PUT", "/imports/clients", {"create": False, "update": False}, 400)
    assert refused["field"] == "create"
    job = asked(acme, "POST", "/imports/clients", status=202)
    importer.work()
    ended = asked(acme, "GET", f"/jobs/{job['id']}")
    assert ended["progress"]["created"] > 20
    assert ended["result"]["skipped"]["Without an e-mail address in Xero."] == 12
    assert asked(acme, "GET", "/imports/clients")["changes_since"]
    assert asked(acme, "GET", "/imports")["items"][0]["id"] == job["id"]


def test_contacts_are_listed_and_chosen(acme, importer):
    found = asked(acme, "GET", "/imports/clients/contacts?search=city&customers_only=true")
    assert [one["name"] for one in found["items"]] == ["City Limousines"]
    wanted = {"contact_ids": [found["items"][0]["contact_id"]]}
    asked(acme, "POST", "/imports/clients", wanted, 202)
    importer.work()
    (client,) = asked(acme, "GET", "/clients?linked=true")["items"]
    assert client["name"] == "City Limousines"
    assert client["standing"] == "active"
    assert client["addresses"][0]["kind"] == "POBOX"
    assert asked(acme, "GET", "/clients?linked=false")["items"] == []


def test_what_waits_is_listed_and_decided(acme, importer):
    mine = asked(acme, "POST", "/clients", {"name": "boom fm"}, 201)
    sure = asked(acme, "POST", "/clients", {"name": "City Agency"}, 201)
    importer.run()
    listed = asked(acme, "GET", "/imports/clients/decisions")["items"]
    waiting = {one["contact_name"]: one for one in listed}
    assert waiting["Boom FM"]["candidates"] == [
        {"client_id": mine["id"], "evidence": ["name"], "against": []}
    ]
    assert [one["certain"] for one in waiting.values()].count(True) == 1
    asked(acme, "POST", "/imports/clients/decisions/accept-certain")
    assert asked(acme, "GET", f"/clients/{sure['id']}")["contact_id"]
    path = f"/imports/clients/decisions/{waiting['Boom FM']['id']}"
    assert asked(acme, "POST", path, {"answer": "perhaps"}, 400)["field"] == "answer"
    asked(acme, "POST", path, {"answer": "same", "client_id": mine["id"]})
    assert asked(acme, "GET", f"/clients/{mine['id']}")["name"] == "Boom FM"
    asked(acme, "POST", path, {"answer": "none"}, 404)


def test_a_client_is_linked_unlinked_and_made_a_contact(acme, importer):
    new = {
        "name": "Boom FM Radio",
        "email": "new@boom.example",
        "addresses": [{"kind": "STREET", "lines": ["1 Hill St"], "city": "Nelson"}],
        "payment_terms": {"day": 14, "kind": "DAYSAFTERBILLDATE"},
    }
    client = asked(acme, "POST", "/clients", new, 201)
    here = f"/clients/{client['id']}"
    near = asked(acme, "GET", f"{here}/near-contacts")["items"]
    assert [one["name"] for one in near] == []
    importer.plant("Boom FM Radios")
    (near,) = asked(acme, "GET", f"{here}/near-contacts")["items"]
    assert near["evidence"] == ["looks_alike"]
    assert asked(acme, "POST", f"{here}/contact", {}, 409)["code"] == "near_matches"
    linked = asked(acme, "POST", f"{here}/link", {"contact_id": near["contact_id"]})
    assert (linked["name"], linked["contact_id"]) == ("Boom FM Radios", near["contact_id"])
    refused = asked(acme, "PATCH", here, {"name": "Mine"}, 409)
    assert refused["field"] == "name"
    assert asked(acme, "DELETE", f"{here}/link")["contact_id"] is None
    asked(acme, "PATCH", here, {"name": "Entirely Else", "email": ""})
    made = asked(acme, "POST", f"{here}/contact", {"despite_matches": True})
    assert importer.books.contacts.get(made["contact_id"])["ContactNumber"] == client["id"]
    assert asked(acme, "POST", f"{here}/link", {"contact_id": "other"}, 409)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "A", "phones": [{"kind": "PIGEON", "number": "1"}]}, "phones"),
        ({"name": "A", "addresses": [{"city": "A"}, {"city": "B"}]}, "addresses"),
        ({"name": "A", "payment_terms": {"day": 400, "kind": "DAYSAFTERBILLDATE"}}, None),
        ({"name": "A", "persons": [{"first_name": "B"}] * 6}, "persons"),
        ({"name": "A", "tax_number": 7}, "tax_number"),
    ],
)
def test_particulars_that_cannot_be_are_refused_by_field(acme, body, field):
    refused = asked(acme, "POST", "/clients", body, 400)
    assert refused["field"] == (field or "payment_terms")
    assert asked(acme, "GET", "/clients")["items"] == []
