"""Rates, staff and the layers of the mapping by the API."""

import json

import pytest

from chalicelib.connection import store as connections
from chalicelib.connection.model import Connection, ConnectionState
from chalicelib.reference import small_lists
from chalicelib.reference import store as reference
from chalicelib.reference.model import Account, TaxRate, TrackingCategory, TrackingOption


@pytest.fixture
def books(acme):
    connections.claim(
        Connection(
            acme.tenant_id,
            state=ConnectionState.ACTIVE,
            organisation_id="organisation-1",
            base_currency="NZD",
            xero_userid="xero-user",
        ),
        connections.get(acme.tenant_id),
    )
    reference.put(
        acme.tenant_id,
        [
            Account("200", "Sales", "REVENUE", "REVENUE", "OUTPUT2", "ACTIVE"),
            Account("210", "Design", "REVENUE", "REVENUE", "OUTPUT2", "ACTIVE"),
            TaxRate("OUTPUT2", "15% GST", 15, "ACTIVE", for_revenue=True),
            TaxRate("NONE", "No tax", 0, "ACTIVE", for_revenue=True),
        ],
    )
    options = (TrackingOption("north", "North", "ACTIVE"),)
    small_lists.put(
        acme.tenant_id, "tracking", (TrackingCategory("region", "Region", "ACTIVE", options),)
    )
    acme.call("PUT", "/mapping", {"account_code": "200"})
    return acme


def said(response, status=200):
    assert response.status_code == status, response.body
    return json.loads(response.body) if response.body else None


def made(program, path, body):
    return said(program.call("POST", path, body), 201)


@pytest.fixture
def task(books):
    client = made(books, "/clients", {"name": "Boom FM"})
    project = made(books, "/projects", {"client_id": client["id"], "name": "App"})
    rate = made(books, "/rates", {"kind": "task", "name": "Design", "price": "100"})
    body = {"project_id": project["id"], "name": "Drawing", "rate_id": rate["id"]}
    return {**made(books, "/tasks", body), "client_id": client["id"]}


def test_a_rate_is_made_priced_archived_and_listed(books):
    body = {
        "kind": "task",
        "name": "Design",
        "prices": [{"amount": "100"}, {"amount": "90.5", "currency": "AUD"}],
        "account_code": "210",
        "tracking": [{"category_id": "region", "option_id": "north"}],
    }
    rate = made(books, "/rates", body)
    assert (rate["price"], rate["currency"], rate["account_code"]) == ("100.0000", "NZD", "210")
    assert rate["tracking"] == [{"category_id": "region", "option_id": "north"}]
    path = f"/rates/{rate['id']}"
    after = said(books.call("POST", f"{path}/prices", {"amount": "110", "since": "2027-01-01"}))
    assert {(one["currency"], one["since"]) for one in after["prices"]} == {
        ("NZD", None),
        ("NZD", "2027-01-01"),
        ("AUD", None),
    }
    assert after["price"] == "100.0000"
    left = said(books.call("DELETE", f"{path}/prices?since=2027-01-01"))
    assert len(left["prices"]) == 2
    assert said(books.call("PATCH", path, {"archived": True}))["account_code"] == "210"
    assert said(books.call("GET", "/rates"))["items"] == []
    assert len(said(books.call("GET", "/rates?archived=true&kind=task"))["items"]) == 1
    said(books.call("DELETE", path), 204)
    said(books.call("GET", path), 404)


def test_open_work_is_offered_and_follows_when_told(books, task):
    books.call("PATCH", f"/tasks/{task['id']}", {"rate": "95"})
    path = f"/rates/{task['rate_id']}/open-work"
    (found,) = said(books.call("GET", path))["items"]
    assert (found["id"], found["rate"]) == (task["id"], "95.0000")
    said(books.call("POST", path, {"task_ids": [task["id"]]}))
    assert said(books.call("GET", f"/tasks/{task['id']}"))["rate"] is None


def test_open_materials_are_offered_and_follow_when_told(books, task):
    card = made(books, "/rates", {"kind": "material", "name": "Cable", "price": "4.00"})
    sent = {"project_id": task["project_id"], "date": "2026-11-02", "name": "Cable"}
    own = made(books, "/materials", {**sent, "price": "9.00", "rate_id": card["id"]})
    path = f"/rates/{card['id']}/open-work"
    (found,) = said(books.call("GET", path))["items"]
    assert (found["kind"], found["id"], found["rate"]) == ("material", own["id"], "9.0000")
    said(books.call("POST", path, {"material_ids": [own["id"]]}))
    now = said(books.call("GET", f"/materials/{own['id']}"))
    assert (now["price"], now["unit_price"]) == (None, "4.0000")


def test_staff_are_added_renamed_and_known_on_time(books, task):
    ana = made(books, "/staff", {"name": "Ana Lee", "email": "ana@acme.test"})
    record = {"task_id": task["id"], "date": "2026-11-03", "minutes": 60, "staff": "ana lee"}
    assert made(books, "/time-records", record)["staff_id"] == ana["id"]
    renamed = said(books.call("PATCH", f"/staff/{ana['id']}", {"name": "Ana Kay"}))
    assert renamed["former_names"] == ["Ana Lee"]
    said(books.call("DELETE", f"/staff/{ana['id']}"), 409)
    said(books.call("PATCH", f"/staff/{ana['id']}", {"archived": True}))
    assert said(books.call("GET", "/staff"))["items"] == []


class TestMapping:
    def preview(self, books, **asked):
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return said(books.call("GET", f"/mapping/preview?{query}"))

    def test_a_preview_says_which_layer_gives_what(self, books, task):
        books.call("PUT", f"/mapping/rates/{task['rate_id']}", {"account_code": "210"})
        books.call("PUT", f"/mapping/clients/{task['client_id']}", {"tax_type": "NONE"})
        found = self.preview(books, task_id=task["id"], date="2026-11-03")
        assert (found["account_code"], found["account_from"]) == ("210", "rate")
        assert (found["tax_type"], found["tax_from"]) == ("NONE", "client")
        assert found["price"] == {
            "amount": "100.0000",
            "currency": "NZD",
            "source": "task_rate",
            "rate_id": task["rate_id"],
            "since": None,
            "problem": "",
        }
        assert found["problem"] == ""

    def test_what_does_not_belong_together_is_refused(self, books, task):
        other = made(books, "/clients", {"name": "Other"})
        query = f"task_id={task['id']}&client_id={other['id']}"
        refused = books.call("GET", f"/mapping/preview?{query}")
        assert said(refused, 400)["field"] == "client_id"

    def test_layers_are_listed_by_name_and_taken_away_again(self, books, task):
        path = f"/mapping/tasks/{task['id']}"
        said(books.call("PUT", path, {"tax_type": "NONE"}))
        (layer,) = said(books.call("GET", "/mapping/layers"))["items"]
        assert (layer["kind"], layer["name"], layer["tax_type"]) == ("task", "Drawing", "NONE")
        assert said(books.call("PUT", path, {}))["tax_type"] is None
        assert said(books.call("GET", "/mapping/layers"))["items"] == []

    @pytest.mark.parametrize(
        "asked",
        [
            ("PUT", "/mapping/projects/{project_id}", {"tax_type": "NONE"}),
            ("PATCH", "/tasks/{id}", {"tax_type": "NONE"}),
            ("PATCH", "/rates/{rate_id}", {"account_code": "210"}),
            ("POST", "/rates", {"kind": "task", "name": "X", "account_code": "210"}),
        ],
    )
    def test_only_the_scope_admin_chooses_codes(self, books, task, program, asked):
        method, path, body = asked
        biller = program(books.tenant_id, "read", "write", "send")
        assert biller.call(method, path.format(**task), body).status_code == 403
        assert said(books.call("GET", "/mapping/layers"))["items"] == []

    def test_a_change_that_names_no_codes_needs_no_admin(self, books, task, program):
        biller = program(books.tenant_id, "read", "write")
        said(biller.call("PATCH", f"/tasks/{task['id']}", {"rate": "90"}))

    def test_codes_that_are_not_in_the_lists_change_nothing(self, books, task):
        body = {"name": "Renamed", "account_code": "999"}
        refused = books.call("PATCH", f"/tasks/{task['id']}", body)
        assert said(refused, 400)["field"] == "account_code"
        assert said(books.call("GET", f"/tasks/{task['id']}"))["name"] == "Drawing"
